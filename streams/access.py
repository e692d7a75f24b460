"""Why no broker lets us in: one connection, made to learn the reason. aiokafka's own clients only say that none could be made."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
    for_code,
)
from aiokafka.protocol.admin import SaslAuthenticateRequest
from aiokafka.protocol.metadata import MetadataRequest

from streams.connection import TokenRefused, client_arguments
from streams.settings import Settings

CONNECT_TIMEOUT_MS = 10_000
EXPIRED, NO_ISSUER, OTHER_NAME = {10}, {2, 18, 19, 20, 21}, {62, 64}
"""OpenSSL's X509_V_ERR_… codes."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way, and what to do. `refused`: a broker answers and says no, so that waiting does not help."""

    what: str
    refused: bool


async def obstacle(settings: Settings) -> Obstacle | None:
    """Try the brokers of the settings in turn; None as soon as one lets us in."""
    found = []
    for address in settings.broker.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            arguments = client_arguments(settings)
            del arguments["bootstrap_servers"]
            connection = await create_conn(host, int(port), request_timeout_ms=CONNECT_TIMEOUT_MS, **arguments)
            try:
                await _ask(connection, settings)
            finally:
                connection.close()
        except (KafkaError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            found.append(_explain(error, host, settings))
        else:
            return None
    return next((one for one in found if one.refused), found[0])


async def _ask(connection: AIOKafkaConnection, settings: Settings) -> None:
    """The first answer shows whether we are in. aiokafka takes a token for accepted that the broker has refused: the broker says
    so only in answer to one more message (RFC 7628, 3.2.3), and then answers everything with nothing."""
    if settings.sasl_mechanism != "OAUTHBEARER":
        await connection.send(MetadataRequest([]))
        return
    answer = await connection.send(SaslAuthenticateRequest(b"\x01"))
    if (error := for_code(answer.error_code)) is not IllegalSaslStateError:  # "after successful authentication"
        raise error(answer.error_message)


def _explain(error: BaseException, host: str, settings: Settings) -> Obstacle:
    for cause in _chain(error):
        what = _refusal(cause, host, settings)
        if what is not None:
            return Obstacle(what, refused=True)
    if isinstance(error, KafkaConnectionError | ConnectionResetError):  # also a proxy does this whose broker is away
        return Obstacle(
            f"it closes the connection; it may want another COPYDESK_SECURITY_PROTOCOL than {settings.security_protocol}", False
        )
    return Obstacle(str(error) if isinstance(error, KafkaError) else type(error).__name__, refused=False)


def _refusal(error: BaseException, host: str, settings: Settings) -> str | None:
    """What a cause means where it is a refusal."""
    what: str | None = None
    match error:
        case TokenRefused():
            what = str(error).removeprefix("TokenRefused: ")
        case SaslAuthenticationFailed() if settings.sasl_mechanism == "OAUTHBEARER":
            what = (
                f"the broker does not accept the token of {settings.sasl_oauthbearer_token_endpoint_url}: is it of the right issuer"
            )
            what += " and audience, and not expired?"
        case SaslAuthenticationFailed():
            what = (
                f"the broker does not accept the user {settings.sasl_username} with this password: look at COPYDESK_SASL_USERNAME"
            )
            what += " and COPYDESK_SASL_PASSWORD or COPYDESK_SASL_PASSWORD_FILE"
        case UnsupportedSaslMechanismError():
            what = f"the broker does not take {settings.sasl_mechanism} there: set COPYDESK_SASL_MECHANISM to one that it takes"
        case IllegalSaslStateError():
            what = f"it takes no SASL: set COPYDESK_SECURITY_PROTOCOL, now {settings.security_protocol}, or the port to another"
        case ssl.SSLCertVerificationError():
            what = _certificate(error, host, settings)
        case ssl.SSLError():
            what = _alert(error.reason or "", settings)
        case ValueError():  # ours, of a file; aiokafka's, where the broker cannot prove that it knows the password
            what = str(error)
    return what


def _certificate(error: ssl.SSLCertVerificationError, host: str, settings: Settings) -> str:
    if error.verify_code in EXPIRED:
        return f"the certificate of {host} has expired: have it renewed, or set this machine's clock"
    if error.verify_code in OTHER_NAME:
        return f"the certificate of {host} is not for that name: write in COPYDESK_BROKER a name that it is for"
    if error.verify_code in NO_ISSUER:
        known = f"in {settings.ssl_ca_file}" if settings.ssl_ca_file else "that this system knows"
        return f"the certificate of {host} is signed by no authority {known}: name the cluster's CA in COPYDESK_SSL_CA_FILE"
    return f"the certificate of {host} is not accepted: {error.verify_message}"


def _alert(reason: str, settings: Settings) -> str | None:
    """What the broker's TLS says in refusing ours."""
    if "WRONG_VERSION_NUMBER" in reason:
        return f"it speaks no TLS: set COPYDESK_SECURITY_PROTOCOL, now {settings.security_protocol}, or the port to another"
    if "ALERT" not in reason:
        return None
    if settings.ssl_cert_file is None:
        return "the broker asks for a client certificate: name yours in COPYDESK_SSL_CERT_FILE and COPYDESK_SSL_KEY_FILE"
    return f"the broker does not accept the certificate in {settings.ssl_cert_file} ({reason.lower().replace('_', ' ')})"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
