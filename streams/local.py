"""The same stages over files, without Kafka: `copydesk process`."""

import errno
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from streams.dead_letters import Failure
from streams.pool import Pool
from streams.records import Incoming, Outgoing
from streams.stages import STAGES, Options, Product, Stage, run
from streams.topics import ARTICLES_RAW

WINDOW_PER_PROCESS = 16
"""Records under way in a stage, for each process of the pool."""

Submit = Callable[[str, Incoming], "Future[Product | Failure]"]


@dataclass(slots=True)
class Summary:
    """What a run did: records by topic, and dead letters by reason."""

    read: int = 0
    published: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def process(
    source: Path,
    sink: Path,
    *,
    options: Options,
    until: str,
    processes: int,
    task_timeout_s: float,
    received_at_ms: int | None = None,
) -> Summary:
    """Run the stages up to `until` over a file of raw articles (JSON lines) and write what they publish, a JSON object a line:
    `{topic, key, value, headers}`. A dead letter's value is the raw line as a string. The order of the output is the order of the
    input, and the same input gives the same output.

    `received_at_ms` stands for Kafka's timestamp (default: now). Raises OSError where a file cannot be read or written.
    """
    if sink.exists() and sink.samefile(source):
        raise OSError(errno.EINVAL, "input and output are the same file", str(sink))
    received_at_ms = time.time_ns() // 1_000_000 if received_at_ms is None else received_at_ms
    names = list(STAGES)
    stages = [STAGES[name] for name in names[: names.index(until) + 1]]
    summary = Summary()
    pool = Pool(processes, tuple(stage.name for stage in stages), options, task_timeout_s=task_timeout_s)
    with source.open("rb") as lines, sink.open("wb") as out:
        try:
            pool.start()
            records: Iterable[Outgoing] = _raw(lines, summary)
            for stage in stages:
                records = _flow(stage, records, pool.submit, options, received_at_ms, processes * WINDOW_PER_PROCESS, summary)
            for record in records:
                if record.topic != ARTICLES_RAW.name:
                    summary.published[record.topic] += 1
                    out.write(_line(record))
        finally:
            pool.stop()
    return summary


def _raw(lines: Iterable[bytes], summary: Summary) -> Iterator[Outgoing]:
    for line in lines:
        if line.strip():
            summary.read += 1
            yield Outgoing(ARTICLES_RAW.name, None, line.rstrip(b"\r\n"))


def _flow(
    stage: Stage, records: Iterable[Outgoing], submit: Submit, options: Options, received_at_ms: int, window: int, summary: Summary
) -> Iterator[Outgoing]:
    """Pass every record on, and behind each one that the stage reads what the stage makes of it."""
    state = stage.new_state()
    under_way: deque[tuple[Outgoing, Incoming | None, Future[Product | Failure] | None]] = deque()
    offset = 0

    def finish() -> Iterator[Outgoing]:
        record, incoming, future = under_way.popleft()
        yield record
        if incoming is not None and future is not None:
            outputs = settle(stage, state, incoming, future.result(), options, summary.reasons)
            yield from outputs

    for record in records:
        if record.topic != stage.source.name or record.value is None:
            under_way.append((record, None, None))
        else:
            incoming = Incoming(record.topic, 0, offset, received_at_ms, record.key, record.value, record.headers)
            offset += 1
            under_way.append((record, incoming, submit(stage.name, incoming) if stage.in_pool else _now(stage, incoming, options)))
        while len(under_way) >= window:
            yield from finish()
    while under_way:
        yield from finish()


def _now(stage: Stage, record: Incoming, options: Options) -> "Future[Product | Failure]":
    future: Future[Product | Failure] = Future()
    future.set_result(run(stage.name, record, options))
    return future


def settle(
    stage: Stage, state: Any, record: Incoming, product: Product | Failure, options: Options, reasons: Counter[str]
) -> list[Outgoing]:
    """What a stage publishes for one record, promotions and dead letters included. Where settling fails, the state is used on as it
    was left: without Kafka there is no copy to read it back from."""
    outputs: list[Outgoing] = []
    again: Incoming | None = record
    while again is not None:
        settled = stage.conclude(state, again, product, options, asked=again is not record)
        outputs += settled.outputs
        if settled.rejected is not None:
            reasons[settled.rejected.reason] += 1
        again = settled.again
        if again is not None:
            product = run(stage.name, again, options)
    return outputs


def _line(record: Outgoing) -> bytes:
    value: Any
    if record.value is None:
        value = None
    elif record.topic.endswith("-dlq"):
        value = record.value.decode(errors="backslashreplace")
    else:
        value = orjson.Fragment(record.value)
    return orjson.dumps(
        {
            "topic": record.topic,
            "key": None if record.key is None else record.key.decode(errors="backslashreplace"),
            "value": value,
            "headers": {name: content.decode(errors="backslashreplace") for name, content in record.headers},
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )
