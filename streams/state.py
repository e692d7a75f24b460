"""A stage's state, read back from its compacted topic before its lane opens.

Three steps: the log is read (from a snapshot as far as one holds, then from the broker) down to the latest value of each key; the
state is built of these in a thread, so that the event loop, and with it the other lanes, go on; the snapshot is renewed.
"""

import asyncio
import gc
import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import NewPartitions
from aiokafka.errors import KafkaError

from streams import metrics, snapshot, topics
from streams.cluster import admin, partition_counts, wait_for_leaders
from streams.connection import client_arguments
from streams.settings import Settings
from streams.snapshot import Log, Mark, Unusable
from streams.stages import Stage, State

log = logging.getLogger("copydesk")

STALLED_S = 60
"""A replay that stands still for so long has failed. It may wait for an open transaction, which the broker ends in time."""
SAY_EVERY_S = 5
FETCH_BYTES = 1024 * 1024
"""Read at once: what the event loop is held up for (a larger record still comes whole)."""
RENEW_SHARE = 0.1
"""A snapshot is written anew where so much of the state, or more, was not in it."""

OnProgress = Callable[[float], None]
"""Is told the share of the work that is done (0 to 1)."""


class StateUnreadable(RuntimeError):
    """State cannot be read back, so the stage cannot go on; the message says of what, where and what to do."""


class _OtherLog(Exception):
    """The log is not the one that the snapshot is of."""


async def restore(
    state: State, stage: Stage, partition: int, settings: Settings, on_progress: OnProgress = lambda share: None
) -> int | None:
    """Read the state of one input partition back, as the transactions before left it. Returns when its last record was written
    (milliseconds since 1970), None where there is none. Raises `StateUnreadable`."""
    began = time.monotonic()
    tp = TopicPartition(settings.topic(topics.state(stage.name, stage.source).name), partition)
    path = settings.state_dir / f"{tp.topic}-{partition}.snapshot" if settings.state_dir else None
    replay = _Replay(settings, stage.name, tp, lambda share: on_progress(share / 2))
    known = await asyncio.to_thread(_read_snapshot, path, tp) if path else Log()
    held = len(known.latest)
    try:
        await replay.follow(known)
    except _OtherLog:
        log.warning("%s-%d: the snapshot %s is of another log: reading all", stage.name, partition, path)
        known, held = Log(), 0
        await replay.follow(known)
    metrics.RESTORED.labels(stage.name).inc(held)
    count, read_s = len(known.latest), time.monotonic() - began
    if path and known.mark is not None and replay.records > RENEW_SHARE * held:
        await asyncio.to_thread(_write_snapshot, path, tp, known)
    stopped = Event()
    try:
        await asyncio.to_thread(_build, state, tp, known, lambda share: on_progress(0.5 + share / 2), stopped)
    finally:
        stopped.set()  # a thread cannot be cancelled
    if replay.records or held:
        log.info(
            "%s-%d: state of %s keys restored in %.1f s, %.1f s of it reading: %s records from the snapshot, %s from the broker",
            *(stage.name, partition, f"{count:,}", time.monotonic() - began, read_s, f"{held:,}", f"{replay.records:,}"),
        )
    return None if known.mark is None else known.mark.timestamp_ms


async def prepare(stage: Stage, settings: Settings) -> None:
    """Give the stage's state topic as many partitions as its input has (that may have got more). Raises `StateUnreadable`."""
    source, own = stage.source.name, topics.state(stage.name, stage.source).name
    counts = await partition_counts(settings, [source, own])
    if own not in counts:
        raise StateUnreadable(f"there is no topic {settings.topic(own)}; `copydesk topics create` creates ours")
    wanted = counts.get(source, 0)
    if counts[own] >= wanted:
        return
    name = settings.topic(own)
    async with admin(settings) as client:
        try:
            await client.create_partitions({name: NewPartitions(wanted)})
        except KafkaError as error:
            counts = await partition_counts(settings, [own])  # another worker may have been faster
            if counts.get(own, 0) < wanted:
                raise StateUnreadable(
                    f"{name} needs {wanted} partitions, as {settings.topic(source)} has; they cannot be made from here ({error}). "
                    f"Run kafka-topics.sh --bootstrap-server {settings.broker} --alter --topic {name} --partitions {wanted}"
                ) from error
        await wait_for_leaders(client, [name], wanted)
    log.info("%s: %s has %d partitions now, as its input", stage.name, name, wanted)


class _Replay:
    """Reads a partition's committed records, to the end that it has at the start."""

    def __init__(self, settings: Settings, stage: str, partition: TopicPartition, on_progress: OnProgress) -> None:
        self._settings, self._stage, self._partition, self._on_progress = settings, stage, partition, on_progress
        self._name = (stage, partition.partition)
        self.records = 0
        """Read from the broker."""

    async def follow(self, known: Log) -> None:
        """Bring `known` up to date. Raises `StateUnreadable` where it does not get on, `_OtherLog` where `known` is of another."""
        tp = self._partition
        consumer = AIOKafkaConsumer(
            **client_arguments(self._settings),
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            fetch_max_wait_ms=50,
            max_partition_fetch_bytes=FETCH_BYTES,
        )
        await consumer.start()
        try:
            consumer.assign([tp])
            begin = (await consumer.beginning_offsets([tp]))[tp]
            stable_end = (await consumer.end_offsets([tp]))[tp]
            expected = known.mark
            if expected is not None and not begin <= expected.offset < stable_end:
                raise _OtherLog
            consumer.seek(tp, begin if expected is None else expected.offset)
            await self._read(consumer, known, expected, begin)
        finally:
            await consumer.stop()

    async def _read(self, consumer: AIOKafkaConsumer, known: Log, expected: Mark | None, begin: int) -> None:
        tp = self._partition
        known.asked_at = time.time()
        began = moved_at = said_at = time.monotonic()
        position, end, last = begin, None, None
        # To the high watermark, not to the last stable offset that `end_offsets` gives: committed records may lie behind a
        # transaction that is still open. It comes with the first answer; who could write more was fenced before.
        while end is None or position < end:
            records = (await consumer.getmany(tp, timeout_ms=500)).get(tp, [])
            if expected is not None and records:
                if _mark(records[0]) != expected:
                    raise _OtherLog
                expected = None
                records = records[1:]
            for record in records:
                known.take(record.key or b"", record.offset, record.value)
                last = record
            self.records += len(records)
            metrics.RESTORED.labels(self._stage).inc(len(records))
            before, position = position, await consumer.position(tp)
            end = consumer.highwater(tp) if end is None else end
            now = time.monotonic()
            if end is not None and position > before:
                moved_at = now
                self._on_progress(position / end)
                if now - said_at > SAY_EVERY_S:
                    said_at, rate = now, self.records / (now - began)
                    share = f"{position / end:.0%} of the offsets"
                    figures = (f"{self.records:,}", share, f"{rate:,.0f}")
                    log.info("%s-%d: reading state back: %s records, %s, %s a second", *self._name, *figures)
            elif now - moved_at > STALLED_S:
                raise StateUnreadable(
                    f"{tp.topic}-{tp.partition}: reading state back stands still at offset {position} of {end}. If a transaction "
                    "is open there, it goes on when that ends; otherwise look at the brokers' logs for this partition"
                )
        if expected is not None:
            raise _OtherLog
        known.mark = _mark(last) if last is not None else known.mark


def _mark(record: "ConsumerRecord[bytes, bytes]") -> Mark:
    return Mark.of(record.offset, record.timestamp, record.key or b"", record.value)


def _build(state: State, tp: TopicPartition, known: Log, on_progress: OnProgress, stopped: Event) -> None:
    """Build the state of a log, which is empty afterwards: memory need not hold both. Raises `StateUnreadable`.

    The garbage collector is told to look at none of it, now or later: each full collection would hold the worker up for a second
    or more per million records, and during the build it would do little else.
    """
    latest = known.latest
    keys = list(latest)
    for number, key in enumerate(keys):
        if stopped.is_set():
            return
        offset, value = latest.pop(key)
        try:
            state.restore(key.decode(), orjson.loads(value))
        except Exception as error:  # whatever a foreign or damaged record makes of it
            raise StateUnreadable(
                f"{tp.topic}-{tp.partition}: the state record at offset {offset}, key {key!r}, cannot be read ({error!r}). Run the "
                "version of Copydesk that wrote it; if it is damaged, publish a tombstone for this key to this partition: what "
                "was remembered under the key is then forgotten, and nothing else"
            ) from error
        if not number % 10_000:
            on_progress(number / len(keys))
            gc.freeze()
    state.restored()
    gc.freeze()


def _read_snapshot(path: Path, tp: TopicPartition) -> Log:
    """The log of the snapshot, or an empty one: whatever is wrong with it, the broker has all of it."""
    try:
        return snapshot.read(path, tp.topic, tp.partition)
    except FileNotFoundError:
        return Log()
    except (Unusable, OSError) as error:
        log.warning("%s-%d: the snapshot %s is not used: %s; reading all", tp.topic, tp.partition, path, error)
        return Log()


def _write_snapshot(path: Path, tp: TopicPartition, known: Log) -> None:
    try:
        snapshot.write(path, tp.topic, tp.partition, known)
    except OSError as error:
        log.warning("%s-%d: no snapshot is written to %s: %s; going on without", tp.topic, tp.partition, path, error)
