"""How to get into the cluster, as settings: protocol, SASL, TLS. A wrong combination is an error that names the variable."""

import ssl
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, FilePath, SecretStr, model_validator
from pydantic_settings import BaseSettings

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


class Security(BaseSettings):
    """The names are those of Kafka's own clients. Secrets are never shown: not by `repr`, not in an error."""

    security_protocol: Protocol = Field("PLAINTEXT", description="PLAINTEXT, SSL, SASL_SSL or SASL_PLAINTEXT")
    sasl_mechanism: Mechanism | None = Field(None, description="SCRAM-SHA-512, SCRAM-SHA-256, PLAIN or OAUTHBEARER")
    sasl_username: str | None = Field(None, description="user name; with a token endpoint, the client id")
    sasl_password: SecretStr | None = Field(None, description="password; with a token endpoint, the client secret")
    sasl_password_file: FilePath | None = Field(None, description="a file with the password, read at each connection")
    sasl_oauthbearer_token_endpoint_url: str | None = Field(
        None, description="https://… for client credentials, or file:///… with a token, read at each connection"
    )
    sasl_oauthbearer_scope: str | None = Field(None, description="what to ask the token endpoint for")
    ssl_ca_file: FilePath | None = Field(None, description="PEM: who may sign the brokers' certificates; unset: the system's")
    ssl_cert_file: FilePath | None = Field(None, description="PEM: our certificate, where the brokers ask for one (mTLS)")
    ssl_key_file: FilePath | None = Field(None, description="PEM: its key; unset: in the same file")
    ssl_key_password: SecretStr | None = Field(None, description="password of the key")
    ssl_key_password_file: FilePath | None = Field(None, description="a file with the password of the key")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        sasl, tls = self.security_protocol.startswith("SASL_"), self.security_protocol.endswith("SSL")
        self._only(sasl, "sasl_", "SASL_SSL or SASL_PLAINTEXT")
        self._only(tls, "ssl_", "SSL or SASL_SSL")
        if sasl:
            self._check_sasl()
        if tls:
            self.ssl_context()
        return self

    def _only(self, allowed: bool, prefix: str, protocols: str) -> None:
        stray = [name for name in Security.model_fields if name.startswith(prefix) and getattr(self, name) is not None]
        if stray and not allowed:
            raise ValueError(
                f"{variable(stray[0])} is set, but COPYDESK_SECURITY_PROTOCOL is {self.security_protocol}: "
                f"set that to {protocols}, or unset this"
            )

    def _check_sasl(self) -> None:
        if self.sasl_mechanism is None:
            raise ValueError(f"COPYDESK_SASL_MECHANISM is not set; {self.security_protocol} needs one")
        url = self.sasl_oauthbearer_token_endpoint_url
        if self.sasl_mechanism == "OAUTHBEARER":
            _check_token_endpoint(url)
        elif url is not None or self.sasl_oauthbearer_scope is not None:
            name = "sasl_oauthbearer_scope" if url is None else "sasl_oauthbearer_token_endpoint_url"
            raise ValueError(f"{variable(name)} is set, but COPYDESK_SASL_MECHANISM is {self.sasl_mechanism}, not OAUTHBEARER")
        if url is None or not url.startswith("file:"):
            if self.sasl_username is None:
                raise ValueError(f"COPYDESK_SASL_USERNAME is not set; {self.sasl_mechanism} needs it")
            self.password()
        if self.security_protocol == "SASL_PLAINTEXT" and not self.sasl_mechanism.startswith("SCRAM") and not self._is_local:
            raise ValueError(
                f"COPYDESK_SASL_MECHANISM: {self.sasl_mechanism} over SASL_PLAINTEXT would send the secret in the clear; "
                "set COPYDESK_SECURITY_PROTOCOL to SASL_SSL"
            )

    @property
    def _is_local(self) -> bool:
        """Whether all brokers are on this machine's loopback (a tunnel, a sidecar, a test)."""
        broker: str = getattr(self, "broker", "")
        return all(host.strip().rpartition(":")[0] in LOOPBACK for host in broker.split(","))

    def password(self) -> str:
        """The SASL password, or client secret. Raises ValueError where there is none, or its file cannot be read."""
        secret = self._secret("sasl_password")
        if secret is None:
            raise ValueError("COPYDESK_SASL_PASSWORD or COPYDESK_SASL_PASSWORD_FILE is not set; the mechanism needs one")
        return secret

    def ssl_context(self) -> ssl.SSLContext:
        """What TLS connections are made with; the broker's name is always checked. Raises ValueError where a file is wrong."""
        try:
            context = ssl.create_default_context(cafile=self.ssl_ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise ValueError(f"COPYDESK_SSL_CA_FILE: {self.ssl_ca_file} holds no PEM certificates ({_reason(error)})") from None
        if self.ssl_cert_file is None:
            for name in ("ssl_key_file", "ssl_key_password", "ssl_key_password_file"):
                if getattr(self, name) is not None:
                    raise ValueError(f"{variable(name)} is set, but COPYDESK_SSL_CERT_FILE is not")
            return context

        def key_password() -> str:  # asked for only where the key is encrypted; without it OpenSSL would ask the terminal
            secret = self._secret("ssl_key_password")
            if secret is None:
                raise ValueError("COPYDESK_SSL_KEY_PASSWORD or COPYDESK_SSL_KEY_PASSWORD_FILE is not set; the key is encrypted")
            return secret

        try:
            context.load_cert_chain(self.ssl_cert_file, self.ssl_key_file, key_password)
        except OSError as error:
            raise ValueError(
                f"COPYDESK_SSL_CERT_FILE, COPYDESK_SSL_KEY_FILE: {self.ssl_cert_file} and {self.ssl_key_file or 'the key in it'} "
                f"are no PEM certificate and its key, or the key's password is wrong ({_reason(error)})"
            ) from None
        return context

    def _secret(self, name: str) -> str | None:
        given: SecretStr | None = getattr(self, name)
        file: FilePath | None = getattr(self, f"{name}_file")
        if given is not None and file is not None:
            raise ValueError(f"{variable(name)} and {variable(name)}_FILE are both set; keep one")
        if file is None:
            return None if given is None else given.get_secret_value()
        try:
            return file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{variable(name)}_FILE: {file} cannot be read ({type(error).__name__})") from None


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"COPYDESK_{name.upper()}"


def _check_token_endpoint(url: str | None) -> None:
    name = variable("sasl_oauthbearer_token_endpoint_url")
    if url is None:
        raise ValueError(f"{name} is not set; OAUTHBEARER needs it: https://… or file:///…")
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{name} holds a secret; it belongs in COPYDESK_SASL_USERNAME and COPYDESK_SASL_PASSWORD")
    local_http = parts.scheme == "http" and parts.hostname in LOOPBACK
    local_file = parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/")
    if not (local_http or local_file or (parts.scheme == "https" and parts.hostname)):
        raise ValueError(f"{name} must be https://… (http:// on this machine's loopback only) or file:///…")


def _reason(error: OSError) -> str:
    """OpenSSL's word for it, or the system's."""
    return getattr(error, "reason", None) or error.strerror or type(error).__name__
