"""What each of us must be allowed to do on a cluster with ACLs, from topics and stages; and what of it is missing."""

import asyncio
import time
from dataclasses import asdict, dataclass

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)

from streams.connection import client_arguments
from streams.requests import OperationsOfGroups, OperationsOfTopics
from streams.settings import Settings
from streams.topics import ALL, ARTICLES_RAW, FLOW, OUTPUTS, SOURCES, Topic, dead_letters, state

GROUP, TRANSACTION = 0, 1
"""Kinds of coordinator, in Kafka's protocol."""
BITS = {"Read": 3, "Write": 4, "DescribeConfigs": 10}
"""Of the set of operations that a broker says are allowed."""
UNKNOWN = -1
"""Brokers say so of a set that they do not tell: it is negative."""
COORDINATOR_TIMEOUT_S = 30
DENIED = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    ClusterAuthorizationFailedError,
)


@dataclass(frozen=True, slots=True)
class Right:
    """One ACL. Read and Write include Describe; DescribeConfigs does not. `prefixed`: holds for every name that begins so."""

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
    memory = state(stage, source)
    rights = [_topic("Read", topic, settings) for topic in (source, memory)]
    for topic in (*OUTPUTS[stage], dead_letters(source), memory):  # DescribeConfigs: how large a record it takes
        rights += [_topic(operation, topic, settings) for operation in ("Write", "DescribeConfigs")]
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

    What the broker does not tell (its version is older than 2.3) counts as allowed, and is an error when it is used. Of a topic
    that may not even be seen, all rights count as missing.
    """
    wanted = [right for stage in stages for right in of_stage(stage, settings)]
    client = AIOKafkaClient(**client_arguments(settings))
    await client.bootstrap()
    try:
        names = sorted({right.name for right in wanted if right.resource == "Topic"})
        answer = await client.send(client.get_random_node(), OperationsOfTopics(names))
        unseen = TopicAuthorizationFailedError.errno
        allowed = {name: 0 if error == unseen else bits for error, name, _, _, bits in answer.topics}
        lacking = []
        for right in wanted:
            if right.resource == "Topic":
                operations = allowed[right.name]
            elif right.resource == "Group":
                operations = await _operations_of_group(client, right.name)
            else:
                operations = await _operations_of_transaction(client, f"{right.name}0")
            if operations >= 0 and not operations >> BITS[right.operation] & 1:
                lacking.append(right)
        return lacking
    finally:
        await client.close()


async def _operations_of_group(client: AIOKafkaClient, group: str) -> int:
    try:
        node = await _coordinator(client, GROUP, group)
    except GroupAuthorizationFailedError:
        return 0
    answer = await client.send(node, OperationsOfGroups([group]))
    ((error, *_, operations),) = answer.groups
    return 0 if error == GroupAuthorizationFailedError.errno else operations


async def _operations_of_transaction(client: AIOKafkaClient, transactional_id: str) -> int:
    """Only whether it may be seen: more is told when a lane's producer starts, with a message."""
    try:
        await _coordinator(client, TRANSACTION, transactional_id)
    except TransactionalIdAuthorizationFailed:
        return 0
    return UNKNOWN


async def _coordinator(client: AIOKafkaClient, kind: int, key: str) -> int:
    """The node; a new cluster makes its coordinators when it is first asked for one."""
    deadline = time.monotonic() + COORDINATOR_TIMEOUT_S
    while True:
        try:
            node: int = await client.coordinator_lookup(kind, key)
            return node
        except GroupCoordinatorNotAvailableError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.2)


def _topic(operation: str, topic: Topic, settings: Settings) -> Right:
    return Right(operation, "Topic", settings.topic(topic.name))
