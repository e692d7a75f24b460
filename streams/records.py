"""Records on their way: what a stage takes from Kafka, what it gives, and the CloudEvents headers that go with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas import rfc3339

Headers = tuple[tuple[str, bytes], ...]
PASSED_ON = ("traceparent", "tracestate")
"""Headers that every record made from a record inherits."""
ARRIVAL = "ce_receivedat"
"""The header that says when the raw article reached Kafka."""


MOST_TRACE_BYTES = 512
"""A trace header that is longer is not passed on: what W3C Trace Context asks for, and it is copied to every record made of one."""


def size_bytes(key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]] | None) -> int:
    """About what a record takes, in a request and in memory."""
    return len(key or b"") + len(value or b"") + sum(len(name) + len(content or b"") for name, content in headers or ()) + 128


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record as it was read. `topic` is the name without the cluster's prefix."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes
    headers: Headers = ()

    @property
    def size_bytes(self) -> int:
        """About what the record takes in memory."""
        return size_bytes(self.key, self.value, self.headers)

    @property
    def received_at(self) -> datetime:
        """The record's Kafka timestamp."""
        return datetime.fromtimestamp(self.timestamp_ms / 1000, UTC)

    @property
    def arrived_at(self) -> datetime:
        """When the raw article that this record was made from reached Kafka."""
        for name, value in self.headers:
            if name == ARRIVAL:
                try:
                    arrived = datetime.fromisoformat(value.decode())
                except ValueError:  # a feed's own header of that name
                    break
                return arrived if arrived.tzinfo else self.received_at
        return self.received_at

    @property
    def passed_on(self) -> Headers:
        """The headers that what is made from this record carries too; the first stage adds when the raw article arrived."""
        passed = tuple((name, value) for name, value in self.headers if name in PASSED_ON and len(value) <= MOST_TRACE_BYTES)
        return (*passed, (ARRIVAL, rfc3339(self.arrived_at).encode()))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be published. `value` None is a tombstone; `partition` None leaves it to the key."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = field(default=())
    partition: int | None = None

    @property
    def size_bytes(self) -> int:
        """About what the record takes in a request."""
        return size_bytes(self.key, self.value, self.headers)


def cloudevent(topic: str, key: str, id: str, time: datetime, value: bytes | None, passed_on: Headers = ()) -> Outgoing:
    """A record with CloudEvents 1.0 headers in Kafka's binary mode (https://cloudevents.io, Kafka protocol binding 1.0).

    `ce_id` is `id`: the same article gives the same ids; `ce_time` is the article's event time.
    """
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", id.encode()),
        ("ce_source", b"/copydesk"),
        ("ce_type", f"copydesk.{topic}.v1".encode()),
        ("ce_time", rfc3339(time).encode()),
        *((("content-type", b"application/json"),) if value is not None else ()),
        *passed_on,
    )
    return Outgoing(topic, key.encode(), value, headers)
