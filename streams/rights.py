"""What each of us must be allowed to do on a cluster with ACLs, from topics and stages; and what of it is missing."""

from dataclasses import asdict, dataclass
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataResponse_v5
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from streams.connection import client_arguments
from streams.settings import Settings
from streams.topics import ALL, ARTICLES_RAW, FLOW, OUTPUTS, SOURCES, STATEFUL, Topic, dead_letters, state

GROUP, TRANSACTION = 0, 1
"""Kinds of coordinator, in Kafka's protocol."""
BITS = {"Read": 3, "Write": 4}
"""Of the set of operations that a broker says are allowed."""
DENIED = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    ClusterAuthorizationFailedError,
)


@dataclass(frozen=True, slots=True)
class Right:
    """One ACL. Read and Write include Describe. `prefixed`: holds for every name that begins so."""

    operation: str
    resource: str
    name: str
    prefixed: bool = False

    def __str__(self) -> str:
        return f"{self.operation} on {self.resource} {self.name}{'*' if self.prefixed else ''}"

    def to_dict(self, principal: str) -> dict[str, str]:
        """For programs, in the words of Kafka's admin clients."""
        fields = asdict(self)
        pattern = "PREFIXED" if fields.pop("prefixed") else "LITERAL"
        return {"principal": principal, "permission": "ALLOW", **fields, "pattern": pattern}

    def command(self, principal: str) -> list[str]:
        """The options of `kafka-acls.sh` that grant it."""
        option = {"Topic": "--topic", "Group": "--group", "TransactionalId": "--transactional-id"}[self.resource]
        pattern = ["--resource-pattern-type", "prefixed"] if self.prefixed else []
        return ["--add", "--allow-principal", principal, "--operation", self.operation, option, self.name, *pattern]


def of_stage(stage: str, settings: Settings) -> list[Right]:
    """What a worker needs to run a stage whose topics exist, and nothing more."""
    source, group = SOURCES[stage], f"{settings.group}.{stage}"
    rights = [_topic("Read", source, settings)]
    rights += [_topic("Write", topic, settings) for topic in (*OUTPUTS[stage], dead_letters(source))]
    if stage in STATEFUL:
        rights += [_topic(operation, state(stage, source), settings) for operation in ("Read", "Write")]
    return [*rights, Right("Read", "Group", group), Right("Write", "TransactionalId", f"{group}-", prefixed=True)]


def of_feed(settings: Settings) -> list[Right]:
    """What `copydesk push` needs."""
    return [_topic("Write", ARTICLES_RAW, settings)]


def of_subscriber(settings: Settings, group: str) -> list[Right]:
    """What a reader of everything that we publish needs. `group` is the reader's own: in ours it could move our offsets."""
    return [*(_topic("Read", topic, settings) for topic in FLOW if topic is not ARTICLES_RAW), Right("Read", "Group", group)]


def of_operator(settings: Settings) -> list[Right]:
    """What `copydesk topics`, `doctor` and `dlq` need."""
    letters = [dead_letters(source) for source in SOURCES.values()]
    rights = [_topic("Create", topic, settings) for topic in ALL]
    rights += [_topic("Read", topic, settings) for topic in letters]
    rights += [_topic("Write", topic, settings) for topic in SOURCES.values()]  # where dead letters go again
    rights += [_topic("Describe", topic, settings) for topic in ALL if topic not in (*letters, *SOURCES.values())]
    return rights + [Right("Describe", "Group", f"{settings.group}.{stage}") for stage in SOURCES]


def denied(error: BaseException) -> str | None:
    """What to say of an error where it is one of authorisation: the resource, and what to do. None where it is another error."""
    if not isinstance(error, DENIED):
        return None
    names = ", ".join(str(name) for arg in error.args for name in (arg if isinstance(arg, list | set | tuple) else [arg]))
    what = f"{type(error).__name__.partition('Authorization')[0]} {names}".rstrip()
    if isinstance(error, ClusterAuthorizationFailedError):  # so does Kafka answer a producer that may write to no topic
        what = "writing to any topic"
    return f"not authorised for {what}; `copydesk acls` prints the rights that each of us needs"


def said(error: BaseException) -> str:
    """What an error of a broker, or of the way to it, says."""
    return denied(error) or f"{type(error).__name__} {error}".rstrip()


async def missing(settings: Settings, stages: list[str]) -> list[Right]:
    """The rights that these stages need and this principal does not have. Writes nothing. Raises `KafkaError`.

    What the broker does not tell (its version is older than 2.3) counts as allowed, and is an error when it is used.
    """
    wanted = [right for stage in stages for right in of_stage(stage, settings)]
    client = AIOKafkaClient(**client_arguments(settings))
    await client.bootstrap()
    try:
        names = sorted({right.name for right in wanted if right.resource == "Topic"})
        answer = await client.send(client.get_random_node(), _Metadata(names))
        unseen = TopicAuthorizationFailedError.errno
        allowed = {name: 0 if error == unseen else bits for error, name, _, _, bits in answer.topics}
        lacking = []
        for right in wanted:
            if right.resource == "Topic":
                has = allowed[right.name] < 0 or allowed[right.name] >> BITS[right.operation] & 1
            else:
                has = await _has_coordinator(client, right)
            if not has:
                lacking.append(right)
        return lacking
    finally:
        await client.close()


async def _has_coordinator(client: AIOKafkaClient, right: Right) -> bool:
    kind, key = (GROUP, right.name) if right.resource == "Group" else (TRANSACTION, f"{right.name}0")
    try:
        await client.coordinator_lookup(kind, key)
    except (GroupAuthorizationFailedError, TransactionalIdAuthorizationFailed):
        return False
    except KafkaError:  # no coordinator yet, on a cluster without groups: then it is not a matter of rights
        return True
    return True


def _topic(operation: str, topic: Topic, settings: Settings) -> Right:
    return Right(operation, "Topic", settings.topic(topic.name))


class _MetadataResponse_v8(Response):
    API_KEY, API_VERSION = 3, 8
    SCHEMA = Schema(
        *zip(MetadataResponse_v5.SCHEMA.names[:-1], MetadataResponse_v5.SCHEMA.fields[:-1], strict=True),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _MetadataRequest_v8(RequestStruct):
    API_KEY, API_VERSION, RESPONSE_TYPE = 3, 8, _MetadataResponse_v8
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))), ("create", Boolean), ("cluster_operations", Boolean), ("topic_operations", Boolean)
    )


class _Metadata(Request[_MetadataRequest_v8]):
    """Asks which operations are allowed on topics; aiokafka's own request stops at a version that cannot."""

    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(self._topics, False, False, True)
