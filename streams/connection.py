"""How every client connects: the one place that turns settings into what aiokafka is given."""

import logging
import time
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, unquote, urlsplit

import aiohttp
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaError

from streams.security import Security
from streams.settings import Settings

# At DEBUG it writes the bytes that it sends, secrets among them; `faust worker -l debug` would show them.
logging.getLogger("aiokafka.conn").addFilter(lambda record: record.levelno > logging.DEBUG)

TOKEN_TIMEOUT_S = 10
TOKEN_USED_SHARE = 0.8
"""Of a token's lifetime, after which the next connection asks for a new one (as Kafka's own clients)."""


def client_arguments(settings: Settings) -> dict[str, Any]:
    """The keyword arguments that every aiokafka client takes: where the brokers are, and how to get in.

    Passwords and certificates are read from their files anew. Raises ValueError where one cannot be read any more.
    """
    given: dict[str, Any] = {"bootstrap_servers": settings.broker, "security_protocol": settings.security_protocol}
    if settings.security_protocol.endswith("SSL"):
        given["ssl_context"] = settings.ssl_context()
    if settings.sasl_mechanism is not None:
        given["sasl_mechanism"] = settings.sasl_mechanism
        if settings.sasl_mechanism == "OAUTHBEARER":
            given["sasl_oauth_token_provider"] = token_provider(settings)
        else:
            given |= {"sasl_plain_username": settings.sasl_username, "sasl_plain_password": settings.password()}
    return given


class TokenRefused(KafkaError):
    """There is no token to be had: trying again does not help."""


class TokenUnavailable(KafkaError):
    """The token endpoint does not answer (yet)."""


@cache
def token_provider(settings: Security) -> "TokenProvider":
    """One for all clients of a process, so that they share a token."""
    return TokenProvider(settings)


class TokenProvider(AbstractTokenProvider):
    """OAUTHBEARER tokens: from a file that somebody else keeps fresh, or by client credentials (RFC 6749, 4.4)."""

    def __init__(self, settings: Security) -> None:
        self._settings = settings
        self._url = settings.sasl_oauthbearer_token_endpoint_url or ""
        self._token, self._good_until = "", 0.0

    async def token(self) -> str:
        """A token for one connection. Raises `TokenRefused` and `TokenUnavailable`."""
        if self._url.startswith("file:"):
            return self._read(Path(unquote(urlsplit(self._url).path)))
        if time.monotonic() >= self._good_until:  # two clients may both ask; that does no harm, and they have different loops
            self._token, lifetime_s = await self._ask()
            self._good_until = time.monotonic() + TOKEN_USED_SHARE * lifetime_s
        return self._token

    def _read(self, path: Path) -> str:
        try:
            token = path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise TokenRefused(f"the token file {path} cannot be read ({type(error).__name__})") from None
        if not token:
            raise TokenRefused(f"the token file {path} is empty")
        return token

    async def _ask(self) -> tuple[str, float]:
        form = {"grant_type": "client_credentials"}
        if self._settings.sasl_oauthbearer_scope is not None:
            form["scope"] = self._settings.sasl_oauthbearer_scope
        who = f"{quote_plus(self._settings.sasl_username or '')}:{quote_plus(self._settings.password())}"  # RFC 6749, 2.3.1
        headers = {"Authorization": f"Basic {b64encode(who.encode()).decode()}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TOKEN_TIMEOUT_S)) as session,
                session.post(self._url, data=form, headers=headers, allow_redirects=False) as answer,
            ):
                body = await answer.json(content_type=None)
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise TokenUnavailable(f"the token endpoint {self._url} gives no answer ({type(error).__name__})") from None
        if not isinstance(body, dict) or status >= 500:
            raise TokenUnavailable(f"the token endpoint {self._url} answers {status}")
        if status != 200 or not isinstance(body.get("access_token"), str):
            raise TokenRefused(f"the token endpoint {self._url} answers {status}: {str(body.get('error', 'no access_token'))[:80]}")
        return body["access_token"], float(body.get("expires_in", 0))
