"""How to get into a cluster, as settings: what is wrong is named, and a secret is never shown."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme
from aiohttp import web
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import ValidationError

from streams.connection import TokenProvider, TokenRefused, TokenUnavailable, client_arguments
from streams.settings import Settings, explain

SECRET = "hush-9c41"
SCRAM: dict[str, object] = {
    "security_protocol": "SASL_PLAINTEXT",
    "sasl_mechanism": "SCRAM-SHA-512",
    "sasl_username": "desk",
    "sasl_password": SECRET,
}
BEARER: dict[str, object] = {
    "security_protocol": "SASL_PLAINTEXT",
    "sasl_mechanism": "OAUTHBEARER",
    "sasl_oauthbearer_token_endpoint_url": "file:///run/token",
}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"security_protocol": "TLS"}, "COPYDESK_SECURITY_PROTOCOL"),
        ({"sasl_password": SECRET}, "COPYDESK_SASL_PASSWORD is set, but COPYDESK_SECURITY_PROTOCOL is PLAINTEXT"),
        (SCRAM | {"security_protocol": "SSL"}, "COPYDESK_SASL_MECHANISM is set, but COPYDESK_SECURITY_PROTOCOL is SSL"),
        (SCRAM | {"ssl_ca_file": __file__}, "COPYDESK_SSL_CA_FILE is set, but COPYDESK_SECURITY_PROTOCOL is SASL_PLAINTEXT"),
        (SCRAM | {"sasl_mechanism": None}, "COPYDESK_SASL_MECHANISM is not set"),
        (SCRAM | {"sasl_mechanism": "SCRAM-SHA-1"}, "COPYDESK_SASL_MECHANISM"),
        (SCRAM | {"sasl_username": None}, "COPYDESK_SASL_USERNAME is not set"),
        (SCRAM | {"sasl_password": None}, "COPYDESK_SASL_PASSWORD or COPYDESK_SASL_PASSWORD_FILE is not set"),
        (SCRAM | {"sasl_password_file": __file__}, "COPYDESK_SASL_PASSWORD and COPYDESK_SASL_PASSWORD_FILE are both set"),
        (SCRAM | {"sasl_password": None, "sasl_password_file": "/nowhere"}, "COPYDESK_SASL_PASSWORD_FILE"),
        (SCRAM | {"sasl_oauthbearer_scope": "kafka"}, "COPYDESK_SASL_OAUTHBEARER_SCOPE is set"),
        (SCRAM | {"sasl_mechanism": "PLAIN", "broker": "kafka.example:9092"}, "in the clear"),
        (BEARER | {"broker": "127.0.0.1:9092,kafka.example:9092"}, "in the clear"),
        (BEARER | {"sasl_oauthbearer_token_endpoint_url": None}, "COPYDESK_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL is not set"),
        (BEARER | {"sasl_oauthbearer_token_endpoint_url": "http://login.example/token"}, "must be https://"),
        (BEARER | {"sasl_oauthbearer_token_endpoint_url": f"https://me:{SECRET}@login.example/token"}, "holds a secret"),
        (BEARER | {"sasl_oauthbearer_token_endpoint_url": "https://login.example/token"}, "COPYDESK_SASL_USERNAME is not set"),
        ({"security_protocol": "SSL", "ssl_ca_file": "/nowhere"}, "COPYDESK_SSL_CA_FILE"),
        ({"security_protocol": "SSL", "ssl_ca_file": __file__}, "COPYDESK_SSL_CA_FILE"),
        ({"security_protocol": "SSL", "ssl_cert_file": __file__}, "COPYDESK_SSL_CERT_FILE"),
        ({"security_protocol": "SSL", "ssl_key_file": __file__}, "COPYDESK_SSL_CERT_FILE is not"),
    ],
)
def test_a_wrong_combination_names_the_variable_and_shows_no_secret(given: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate(given)
    assert named in explain(raised.value)
    assert SECRET not in explain(raised.value) + str(raised.value) + repr(raised.value)


def test_a_secret_is_not_shown_with_the_settings_and_may_come_from_a_file(tmp_path: Path) -> None:
    shown = Settings.model_validate(SCRAM)
    assert SECRET not in f"{shown!r} {shown} {shown.model_dump()} {shown.model_dump_json()}"
    assert client_arguments(shown)["sasl_plain_password"] == SECRET

    file = tmp_path / "password"
    file.write_text(SECRET + "\n")
    mounted = Settings.model_validate(SCRAM | {"sasl_password": None, "sasl_password_file": file})
    assert client_arguments(mounted)["sasl_plain_password"] == SECRET
    file.write_text("renewed")
    assert client_arguments(mounted)["sasl_plain_password"] == "renewed"


def test_an_encrypted_key_needs_its_password_and_never_asks_the_terminal(tmp_path: Path) -> None:
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    issued = trustme.CA().issue_cert("desk.example")
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    plain = load_pem_private_key(issued.private_key_pem.bytes(), None)
    key.write_bytes(plain.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(SECRET.encode())))
    given = {"security_protocol": "SSL", "ssl_cert_file": certificate, "ssl_key_file": key}

    assert client_arguments(Settings.model_validate(given | {"ssl_key_password": SECRET}))["ssl_context"].check_hostname
    for more, named in (({}, "COPYDESK_SSL_KEY_PASSWORD"), ({"ssl_key_password": "wrong"}, "the key's password is wrong")):
        with pytest.raises(ValidationError) as raised:
            Settings.model_validate(given | more)
        assert named in explain(raised.value)


@asynccontextmanager
async def token_endpoint(
    status: int = 200, **answer: object
) -> AsyncIterator[tuple[Settings, list[tuple[str | None, dict[str, str]]]]]:
    """A token endpoint, the settings that ask it, and what it was asked: (authorization, form)."""
    asked: list[tuple[str | None, dict[str, str]]] = []

    async def token(request: web.Request) -> web.Response:
        asked.append((request.headers.get("Authorization"), {k: str(v) for k, v in (await request.post()).items()}))
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_post("/token", token)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/token"
    given = {"sasl_oauthbearer_token_endpoint_url": url, "sasl_username": "desk", "sasl_password": SECRET}
    try:
        yield Settings.model_validate(BEARER | given | {"sasl_oauthbearer_scope": "kafka"}), asked
    finally:
        await runner.cleanup()


async def test_a_token_is_asked_for_with_client_credentials_and_used_until_it_is_old() -> None:
    async with token_endpoint(access_token="abc", expires_in=3600) as (settings, asked):
        provider = TokenProvider(settings)
        assert [await provider.token() for _ in range(3)] == ["abc"] * 3
        assert asked == [
            ("Basic " + b64encode(f"desk:{SECRET}".encode()).decode(), {"grant_type": "client_credentials", "scope": "kafka"})
        ]
    async with token_endpoint(access_token="abc", expires_in=0) as (settings, asked):
        provider = TokenProvider(settings)
        assert [await provider.token() for _ in range(2)] == ["abc"] * 2
        assert len(asked) == 2


async def test_a_token_endpoint_that_refuses_differs_from_one_that_is_away() -> None:
    async with token_endpoint(401, error="invalid_client") as (settings, _):
        with pytest.raises(TokenRefused, match="401: invalid_client") as refused:
            await TokenProvider(settings).token()
    with pytest.raises(TokenUnavailable, match="gives no answer") as away:
        await TokenProvider(settings).token()
    async with token_endpoint(503) as (settings, _):
        with pytest.raises(TokenUnavailable, match="503"):
            await TokenProvider(settings).token()
    assert SECRET not in f"{refused.value!r} {away.value!r}"


async def test_a_token_file_is_read_at_each_connection(tmp_path: Path) -> None:
    file = tmp_path / "token"
    provider = TokenProvider(Settings.model_validate(BEARER | {"sasl_oauthbearer_token_endpoint_url": file.as_uri()}))
    with pytest.raises(TokenRefused, match="cannot be read"):
        await provider.token()
    for token in ("first", "second"):
        await asyncio.to_thread(file.write_text, token + "\n")
        assert await provider.token() == token
    file.write_text("")
    with pytest.raises(TokenRefused, match="empty"):
        await provider.token()
