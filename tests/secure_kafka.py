"""A real Kafka that lets nobody in without a secret: TLS, SASL and ACLs, each on a listener of its own."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from confluent_kafka.admin import AdminClient, ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from streams.kafka import EmbeddedKafka
from tests.worker_tools import free_port

LISTENERS = {"SCRAM": "SASL_SSL", "TOKEN": "SASL_SSL", "SHORT": "SASL_SSL", "MTLS": "SSL", "EXPIRED": "SSL"}
AUTHORIZER = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
OAUTH = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
LOGIN = "org.apache.kafka.common.security"


@dataclass(frozen=True, slots=True)
class SecureKafka:
    """Where its listeners are, and the files that let one in. `plain` is for those who look on: anonymous, and all-powerful."""

    plain: str
    addresses: dict[str, str]
    ca: Path
    other_ca: Path
    client: Path
    """Certificate and key of the client whose principal is `User:desk`."""

    def admin(self) -> AdminClient:
        """A client that may do everything; quiet when the broker goes before it."""
        return AdminClient({"bootstrap.servers": self.plain, "log_level": 0})

    def add_user(self, name: str, password: str) -> None:
        """A user for SCRAM, also known after a restart."""
        admin = self.admin()
        for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):  # one a request
            given = UserScramCredentialUpsertion(name, ScramCredentialInfo(mechanism, 4096), password.encode())
            admin.alter_user_scram_credentials([given])[name].result(30)


@contextmanager
def secure_kafka(folder: Path, superusers: tuple[str, ...], plain_password: str) -> Iterator[SecureKafka]:
    """Start one; `superusers` may do everything, all others what ACLs allow. `plain_password`: that of `desk` with PLAIN."""
    ca, other_ca = trustme.CA(), trustme.CA()
    ca_file, other_ca_file, client = folder / "ca.pem", folder / "other-ca.pem", folder / "client.pem"
    ca.cert_pem.write_to_path(ca_file)
    other_ca.cert_pem.write_to_path(other_ca_file)
    write(client, ca.issue_cert("desk.example", common_name="desk"))
    broker, expired = folder / "broker.pem", folder / "expired.pem"
    write(broker, ca.issue_cert("127.0.0.1"))
    write(expired, ca.issue_cert("127.0.0.1", not_after=datetime.now(UTC) - timedelta(days=1)))

    ports = {name: free_port() for name in LISTENERS}
    settings = {
        "listeners": "BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller_port},"
        + ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items()),
        "advertised.listeners": "BROKER://127.0.0.1:${port},"
        + ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items()),
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,"
        + ",".join(f"{name}:{protocol}" for name, protocol in LISTENERS.items()),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(broker),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(ca_file),
        "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$$/$$1/,DEFAULT",
        "listener.name.mtls.ssl.client.auth": "required",
        "listener.name.expired.ssl.keystore.type": "PEM",
        "listener.name.expired.ssl.keystore.location": str(expired),
        "listener.name.scram.sasl.enabled.mechanisms": "SCRAM-SHA-256,SCRAM-SHA-512,PLAIN",
        "listener.name.scram.scram-sha-256.sasl.jaas.config": f"{LOGIN}.scram.ScramLoginModule required;",
        "listener.name.scram.scram-sha-512.sasl.jaas.config": f"{LOGIN}.scram.ScramLoginModule required;",
        "listener.name.scram.plain.sasl.jaas.config": f'{LOGIN}.plain.PlainLoginModule required user_desk="{plain_password}";',
        "listener.name.token.sasl.enabled.mechanisms": "OAUTHBEARER",
        "listener.name.token.oauthbearer.sasl.jaas.config": f'{OAUTH} required unsecuredLoginStringClaim_sub="broker";',
        "listener.name.short.sasl.enabled.mechanisms": "OAUTHBEARER",
        "listener.name.short.oauthbearer.sasl.jaas.config": f'{OAUTH} required unsecuredLoginStringClaim_sub="broker";',
        "listener.name.short.oauthbearer.connections.max.reauth.ms": "3000",  # a connection lives no longer; Kafka's clients renew
        "authorizer.class.name": AUTHORIZER,
        "super.users": ";".join(f"User:{name}" for name in ("ANONYMOUS", *superusers)),
    }
    with EmbeddedKafka(settings=settings) as kafka:
        addresses = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        yield SecureKafka(kafka.bootstrap, addresses, ca_file, other_ca_file, client)


def write(path: Path, certificate: trustme.LeafCert) -> None:
    """Certificate and key in one PEM file; Java reads keys in PKCS 8 only."""
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem + b"".join(blob.bytes() for blob in certificate.cert_chain_pems))


def token(subject: str, lifetime_s: float = 3600) -> str:
    """A JSON Web Token without a signature, which the broker's test set-up accepts."""
    now = time.time()
    parts = ({"alg": "none"}, {"sub": subject, "iat": now, "exp": now + lifetime_s})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
