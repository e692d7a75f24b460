"""The runtime beneath every stage: order, transactions, state, drain. The only place that knows about acknowledgement.

A *lane* carries one input partition. It takes the partition's records in order, lets the stage work on a bounded number of them at
once, settles the results in order, and commits outputs, dead letters, state and the input's offset in one transaction of its own
transactional producer. Faust reads and rebalances; it acknowledges nothing.

Why this gives exactly once: a lane's producer is started, which fences any earlier owner of the partition and ends its transaction,
*before* the committed offset is read and the state is read back; only then does the lane open at that offset. Whatever was killed
when, a record is either committed with all that was made of it, or not at all and read again.
"""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from streams import metrics
from streams.cluster import partitions_before, record_limits
from streams.connection import client_arguments
from streams.dead_letters import Failure
from streams.fuse import Fuse, FuseBlown
from streams.records import Incoming, Outgoing
from streams.settings import Settings
from streams.stages import Count, Options, Product, Stage, State
from streams.state import prepare, restore
from streams.topics import MAX_RECORD_BYTES

log = logging.getLogger("copydesk")

Work = Callable[[Incoming], "Future[Product | Failure]"]

MAX_REQUEST_BYTES = MAX_RECORD_BYTES + 1024 * 1024
"""A producer's limit lies above the topics': what is too large is found by us, before a sequence number is spent on it."""


class LaneFailed(RuntimeError):
    """A lane cannot go on (broker gone, producer fenced, pool broken). Nothing is lost: start again from the committed offset."""


class Begin(NamedTuple):
    """Where a lane begins."""

    offset: int
    committed: int | None
    """What the group has committed; `offset` is another where that is None or was deleted by retention."""


@dataclass(slots=True)
class _Batch:
    """What one transaction will commit."""

    outputs: list[Outgoing] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    records: list[Incoming] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    state_is_suspect: bool = False
    """Whether the last record left the state half-changed: once the batch is committed, it is read back."""


class Lane:
    """One input partition of a stage."""

    def __init__(self, lanes: "Lanes", partition: int) -> None:
        self._lanes, self.partition = lanes, partition
        self._stage, self._settings = lanes.stage, lanes.settings
        self._state: State = self._stage.new_state()
        self._queue: deque[tuple[Incoming, Future[Product | Failure]]] = deque()
        self._batch = _Batch()
        self._fuse = Fuse(self._settings.fuse_run, self._settings.fuse_share)
        self._bytes = 0
        self._room, self._filled = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._producer: AIOKafkaProducer | None = None
        self._task: asyncio.Task[None] | None = None
        self._draining = self._failed = False
        self.written_ms: int | None = None
        """When the state that was read back was last written (since 1970); None where there was none."""
        self._promised: deque[int] = deque()
        self.fetch_offset = 0
        """The offset after the last record that was promised, or where the lane opened."""
        self.committed_offset: int | None = None
        self.restored_share: float | None = None
        """While the state is read back: how much of that is done (0 to 1)."""
        self.waiting_since: float | None = None
        """Since when (monotonic, seconds) nothing was committed though there are records; None where there are none."""

    @property
    def closed(self) -> bool:
        """Whether the lane takes no records (any more)."""
        return self._draining or self._failed or self._task is None or self._task.done()

    @property
    def in_flight(self) -> int:
        """Records fetched and not committed."""
        return len(self._promised) + len(self._queue) + len(self._batch.records)

    @property
    def oldest_timestamp_ms(self) -> int | None:
        """Kafka timestamp of the oldest record in flight."""
        if self._batch.records:
            return self._batch.records[0].timestamp_ms
        return self._queue[0][0].timestamp_ms if self._queue else None

    async def fence(self) -> None:
        """Step 1: start the producer. Any earlier owner of the partition is fenced and its open transaction ended."""
        self._producer = AIOKafkaProducer(
            **client_arguments(self._settings),
            transactional_id=f"{self._lanes.group}-{self.partition}",
            transaction_timeout_ms=self._settings.transaction_timeout_ms,
            max_request_size=MAX_REQUEST_BYTES,
            metadata_max_age_ms=30_000,
            retry_backoff_ms=20,
            linger_ms=0,
        )
        await self._producer.start()

    async def restore(self) -> None:
        """Step 2: read the state back, as the transactions before left it."""

        def show(share: float) -> None:
            self.restored_share = share

        show(0)
        self.written_ms = await restore(self._state, self._stage, self.partition, self._settings, show)
        self.restored_share = None

    def open(self, offset: int) -> None:
        """Step 3: take records from `offset` on."""
        if self._task is None:
            self.fetch_offset = self.committed_offset = offset
            self._task = asyncio.create_task(self._run(), name=f"lane {self._stage.name}-{self.partition}")

    def promise(self, offsets: list[int], end_offset: int | None) -> None:
        """These records were fetched: each must come, in this order. Those that were fetched before are let be, but not where the
        partition ends below them too (`end_offset`, if it is known): it was emptied, and its records are others."""
        if offsets and offsets[0] < self.fetch_offset and end_offset is not None and end_offset < self.fetch_offset:
            self.fail(
                f"{self._stage.source.name} was deleted and made anew, or cut off: it ends at {end_offset}, and "
                f"{self.fetch_offset} is next. If this repeats itself, move the group {self._lanes.group} to its beginning"
            )
            return
        new = [offset for offset in offsets if offset >= self.fetch_offset]
        if new:
            self._promised += new
            self.fetch_offset = new[-1] + 1
            self.waiting_since = self.waiting_since or time.monotonic()

    async def put(self, record: Incoming) -> None:
        """Take the next record, as soon as there is room. One that was not promised is dropped (fetched twice, or before the lane
        opened). Where one that was does not come, the lane fails: Faust has lost it."""
        while not self.closed and not self._room.is_set():
            await self._room.wait()
        if self.closed or not self._promised:
            return
        if record.offset != self._promised[0]:
            if record.offset in self._promised:
                self.fail(f"offset {self._promised[0]} was fetched and did not come")
            return
        self._promised.popleft()
        self._queue.append((record, self._lanes.work(record)))
        self._bytes += record.size_bytes
        self._filled.set()
        self._set_room()

    def _set_room(self) -> None:
        if len(self._queue) < self._settings.window and self._bytes < self._settings.window_bytes:
            self._room.set()
        else:
            self._room.clear()

    async def _run(self) -> None:
        try:
            while not (self._draining and not self._queue):
                batch = await self._gather()
                await self._commit(batch)
                if batch.state_is_suspect:
                    await self._start_anew()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if self._draining:  # the next owner reads it again
                log.warning("%s-%d: not drained: %r", self._stage.name, self.partition, error)
                return
            if isinstance(error, FuseBlown):
                self._lanes.failed(FuseBlown(f"{self._stage.name}, partition {self.partition}: {error}"))
            else:
                self.fail(f"{type(error).__name__}: {error}")

    def fail(self, why: str) -> None:
        """Take no more records, and have the worker start again."""
        self._failed = True
        self._lanes.failed(LaneFailed(f"{self._stage.name}, partition {self.partition}: {why}"))

    async def _start_anew(self) -> None:
        """Go on with the state as it was committed. A new producer waits until the last transaction is over on all partitions;
        right after a commit, a reader does not see all of it."""
        assert self._producer is not None
        await self._producer.stop()
        await self.fence()
        self._state = self._stage.new_state()
        await self.restore()

    async def _gather(self) -> _Batch:
        """Settle what is ready, in order, until the commit interval or the batch limit is reached. The event loop has its turn
        after each record, however many are ready: heartbeats must go out."""
        batch = self._batch = _Batch()
        deadline, size = None, 0
        loop = asyncio.get_running_loop()
        while (
            len(batch.records) < self._settings.commit_records and size < self._settings.window_bytes and not batch.state_is_suspect
        ):
            if not self._queue:
                if self._draining:
                    break
                self._filled.clear()
                if not await _within(self._filled.wait(), deadline):
                    break
                continue
            record, future = self._queue[0]
            if not future.done() and not await _within(asyncio.shield(asyncio.wrap_future(future)), deadline):
                break
            await asyncio.sleep(0)
            before = len(batch.outputs)
            await self._settle(record, future.result(), batch)
            size += sum(output.size_bytes for output in batch.outputs[before:])
            self._queue.popleft()
            self._bytes -= record.size_bytes
            self._set_room()
            now = loop.time()
            if deadline is None:
                deadline = now + self._settings.commit_interval_ms / 1000
            elif now >= deadline:
                break
        return batch

    async def _settle(self, record: Incoming, product: Product | Failure, batch: _Batch) -> None:
        """Put what is to be published for a record into the batch. Raises `FuseBlown`."""
        stage, options, prefix = self._stage, self._lanes.options, self._settings.topic_prefix
        batch.records.append(record)
        again: Incoming | None = record
        while again is not None:
            settled = stage.conclude(
                self._state, again, product, options, asked=again is not record, prefix=prefix, limits=self._lanes.limits
            )
            batch.outputs += settled.outputs
            batch.outputs += [replace(change, partition=self.partition) for change in settled.remembered]
            batch.counts += settled.counts
            batch.state_is_suspect |= settled.state_is_suspect
            if isinstance(product, Product):
                batch.seconds.append(product.seconds)
            if settled.rejected is None:
                self._fuse.passed()
            else:
                self._check_dead_letter(again, settled.outputs[-1])
                batch.reasons[settled.rejected.reason] += 1
                self._fuse.rejected(again, settled.rejected)
            again = settled.again
            if again is not None:
                product = await asyncio.wrap_future(self._lanes.work(again))

    def _check_dead_letter(self, record: Incoming, letter: Outgoing) -> None:
        """A record that not even its dead-letter topic takes stops the lane: it must not be lost."""
        limit_bytes = self._lanes.limits.get(letter.topic)
        if limit_bytes is not None and letter.size_bytes > limit_bytes:
            raise LaneFailed(
                f"offset {record.offset} cannot be processed, and its dead letter has {letter.size_bytes} bytes where "
                f"{self._settings.topic(letter.topic)} takes {limit_bytes}: raise that topic's max.message.bytes"
            )

    async def _commit(self, batch: _Batch) -> None:
        """Publish a batch, exactly once:

        1. begin a transaction; 2. send outputs, dead letters and state; 3. put the input's next offset into the same transaction;
        4. wait until the broker has acknowledged *every* send (`commit_transaction` succeeds although a send failed: seen);
        5. commit; 6. only then count. Raises `LaneFailed` where this takes longer than the broker lets a transaction be open:
        aiokafka would try again for ever (a topic that vanished, a broker that is gone).
        """
        if not batch.records:
            return
        began = time.perf_counter()
        producer = self._producer
        assert producer is not None
        source = TopicPartition(self._settings.topic(self._stage.source.name), self.partition)
        next_offset = batch.records[-1].offset + 1
        timeout_s = self._settings.transaction_timeout_ms / 1000
        try:
            async with asyncio.timeout(timeout_s):
                await producer.begin_transaction()
                sends = [
                    await producer.send(
                        self._settings.topic(out.topic),
                        value=out.value,
                        key=out.key,
                        partition=out.partition,
                        headers=list(out.headers),
                    )
                    for out in batch.outputs
                ]
                await asyncio.gather(producer.send_offsets_to_transaction({source: next_offset}, self._lanes.group), *sends)
                await producer.commit_transaction()
        except TimeoutError as error:
            topics = ", ".join(sorted({self._settings.topic(out.topic) for out in batch.outputs}))
            raise LaneFailed(
                f"a transaction was not over after {timeout_s:g} s, when the broker ends it: is the broker there, and {topics}?"
            ) from error
        self.committed_offset = next_offset
        self._batch = _Batch()
        self.waiting_since = time.monotonic() if self._queue or self._promised else None
        self._count(batch, time.perf_counter() - began)

    def _count(self, batch: _Batch, seconds: float) -> None:
        name, now = self._stage.name, datetime.now(UTC)
        metrics.COMMIT.labels(name).observe(seconds)
        metrics.RECORDS_IN.labels(name).inc(len(batch.records))
        metrics.BYTES_IN.labels(name).inc(sum(len(record.value) for record in batch.records))
        for topic, number in Counter(output.topic for output in batch.outputs).items():
            metrics.RECORDS_OUT.labels(name, topic).inc(number)
        for reason, number in batch.reasons.items():
            metrics.DEAD_LETTERS.labels(name, reason).inc(number)
        for took in batch.seconds:
            metrics.PROCESSING.labels(name).observe(took)
        for record in batch.records:
            metrics.END_TO_END.labels(name).observe(max(0.0, (now - record.arrived_at).total_seconds()))
        metrics.count(batch.counts)

    async def close(self, drain_s: float) -> None:
        """Commit what is under way, within `drain_s` in all; the rest is read again by the next owner."""
        began = time.monotonic()
        self._draining = True
        self._filled.set()
        self._room.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=drain_s)
            self._task.cancel()
        for _, future in self._queue:
            future.cancel()
        self._queue.clear()
        if self._producer is not None:
            try:
                await asyncio.wait_for(self._producer.stop(), max(1.0, drain_s - (time.monotonic() - began)))
            except (KafkaError, TimeoutError) as error:
                log.info("%s-%d: producer did not stop cleanly: %r", self._stage.name, self.partition, error)


class Lanes:
    """The lanes of the partitions that this worker has of a stage's input."""

    def __init__(
        self,
        stage: Stage,
        settings: Settings,
        options: Options,
        work: Work,
        on_failure: Callable[[LaneFailed | FuseBlown], None],
    ) -> None:
        self.stage, self.settings, self.options, self.work = stage, settings, options, work
        self.group = f"{settings.group}.{stage.name}"
        self.failed = on_failure
        self.limits: Mapping[str, int] = {}
        """What the cluster's topics take (bytes a record), where that is less than ours do; read at each assignment."""
        self._lanes: dict[int, Lane] = {}

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes.values())

    async def assign(self, partitions: set[int], seek: Callable[[], Awaitable[dict[int, Begin]]]) -> dict[int, int]:
        """Take over `partitions`: fence, then read the committed offsets, then restore, then open. Returns the offsets."""
        new = {partition: Lane(self, partition) for partition in partitions if self._missing(partition)}
        self._lanes |= new
        try:
            await asyncio.gather(*(lane.fence() for lane in new.values()))
            self.limits = await record_limits(self.settings)
            begin = await seek()
            await prepare(self.stage, self.settings)
            await asyncio.gather(*(lane.restore() for lane in new.values()))
            without = {p: lane.written_ms for p, lane in new.items() if begin[p].committed is None and lane.written_ms is not None}
            await self._require_offsets(without)
        except BaseException:
            for partition, lane in new.items():
                self._lanes.pop(partition, None)
                await lane.close(drain_s=1)
            raise
        for partition, lane in new.items():
            lane.open(begin[partition].offset)
        return {partition: at.offset for partition, at in begin.items()}

    async def _require_offsets(self, written_ms: dict[int, int]) -> None:
        """Given when the states of partitions without a committed offset were written: raises `LaneFailed` where one has records
        that are older. State is committed with an offset, so from the beginning they would be published twice. Kafka forgets the
        offsets of a group without members after `offsets.retention.minutes`. A topic that was made anew has newer records only."""
        topic = self.settings.topic(self.stage.source.name)
        if lost := sorted(await partitions_before(self.settings, topic, written_ms)):
            raise LaneFailed(
                f"{self.stage.name}: there is state of partitions {', '.join(map(str, lost))}, but the group {self.group} has no "
                "committed offset of them any more. Stop the stage's workers and say where it goes on, with --to-offset N, "
                "--to-earliest (publishes again what is kept) or --to-latest (leaves it out): "
                f"kafka-consumer-groups.sh --bootstrap-server {self.settings.broker} --group {self.group} "
                f"--topic {topic}:{','.join(map(str, lost))} --reset-offsets --to-offset N --execute"
            )

    def _missing(self, partition: int) -> bool:
        return partition not in self._lanes or self._lanes[partition].closed

    def open_lanes(self) -> dict[int, Lane]:
        """Those that take records, by partition."""
        return {partition: lane for partition, lane in self._lanes.items() if not lane.closed}

    async def put(self, record: Incoming) -> None:
        """Give a record to its lane; a record of a partition that is not ours (any more) is dropped."""
        lane = self._lanes.get(record.partition)
        if lane is not None:
            await lane.put(record)

    async def release(self) -> None:
        """Give all partitions back, draining them: in a rebalance, while the worker is still a member, and at a stop."""
        lanes, self._lanes = self._lanes, {}
        await asyncio.gather(*(lane.close(self.settings.drain_s) for lane in lanes.values()))


async def _within(awaitable: Awaitable[Any], deadline: float | None) -> bool:
    """Wait for `awaitable`, at most until `deadline` (event loop time)."""
    if deadline is None:
        await awaitable
        return True
    left = deadline - asyncio.get_running_loop().time()
    try:
        await asyncio.wait_for(awaitable, max(left, 0.0005))
    except TimeoutError:
        return False
    return True
