"""How Faust's consumer becomes ours: committed records only, bounded bytes, and lanes that are opened before anything is read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from aiokafka.errors import IllegalStateError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message

from streams import metrics
from streams.cluster import earliest_offsets
from streams.lanes import Begin, LaneFailed
from streams.records import size_bytes
from streams.rights import said

if TYPE_CHECKING:
    from streams.app import StageApp

log = logging.getLogger("copydesk")

TAKE_OVER_TIMEOUT_S = 280
"""How long fencing and reading state back may take, less than Faust's request time-out, after which it would give up silently."""


class Buffer:
    """Counts the bytes of a stage's records between the fetch and the lanes."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes, self.held_bytes = limit_bytes, 0
        self._room = asyncio.Event()

    async def put(self, size_bytes: int, over: Callable[[], bool]) -> None:
        """Wait until the limit is not reached, or `over`; so one record may go past it."""
        while self.held_bytes >= self._limit_bytes and not over():
            self._room.clear()
            await self._room.wait()
        self.held_bytes += size_bytes

    def take(self, size_bytes: int) -> None:
        """A record has left; maybe one from before `clear`."""
        self.held_bytes = max(0, self.held_bytes - size_bytes)
        self._room.set()

    def clear(self) -> None:
        """All have left."""
        self.held_bytes = 0
        self._room.set()


class ReadCommittedThread(driver.AIOKafkaConsumerThread):
    """Reads committed records only, and ends also where its broker has gone. `_isolation_level` is aiokafka's private name; a test
    guards it."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        assert hasattr(consumer, "_isolation_level"), "aiokafka renamed AIOKafkaConsumer._isolation_level"
        consumer._isolation_level = "read_committed"  # handed to the fetcher when the consumer starts
        return consumer

    async def on_thread_stop(self) -> None:
        """Stop the consumer. aiokafka's raises CancelledError where a fetch waits to be tried again: the thread would end with a
        traceback, without a word to the worker, which waits for it for a minute."""
        with suppress(asyncio.CancelledError):
            await super().on_thread_stop()

    def _stopped_set(self) -> None:
        with suppress(RuntimeError):  # the thread has crashed, and its event loop is closed
            super()._stopped_set()


def message_bytes(message: Message) -> int:
    """About what a fetched record takes in memory."""
    return size_bytes(message.key, message.value, cast("list[tuple[str, bytes]]", message.headers))


class LaneConsumer(driver.Consumer):
    """Opens the lanes at the one moment when that is safe: after an assignment, in place of a plain seek."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_again: set[int] = set()
        """Partitions of which something was fetched before their lane was open."""

    def _new_consumer_thread(self) -> ReadCommittedThread:
        return ReadCommittedThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - the name is Faust's
        """Hand on what was fetched, as fast as there is room for its bytes: Faust's own buffers count records only. What is held
        back when a rebalance begins is dropped, as Faust does: the next owner seeks to the committed offset."""
        buffer = cast("StageApp", self.app).buffer
        async for tp, message in super().getmany(timeout):
            generation = self.app.consumer_generation_id
            await buffer.put(message_bytes(message), lambda: not self.flow_active)
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            yield tp, message

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109 - as above
        """Fetch, and promise what was fetched to the lanes: whatever Faust then does with it, none can get lost unnoticed.

        Faust fetches while lanes are being opened, too: where a worker without partitions is given one, and then between our
        seeking and the opening. What a call brings that began before its lane was open is dropped, and read again from there.
        """
        app = cast("StageApp", self.app)
        lanes = app.lanes.open_lanes()
        for partition in self._read_again & lanes.keys():
            with suppress(IllegalStateError):  # a rebalance has begun
                await self.seek(TP(app.conf_topic, partition), lanes[partition].fetch_offset)
                self._read_again.discard(partition)
        try:
            fetched = await super()._getmany(active_partitions, timeout)
        except asyncio.CancelledError:  # what was fetched is gone
            self._read_again |= {tp.partition for tp in active_partitions or ()}
            raise
        taken: dict[TP, Any] = {}
        for tp, records in fetched.items():
            lane = lanes.get(tp.partition)
            if lane is not None and lane is app.lanes.open_lanes().get(tp.partition):
                lane.promise([record.offset for record in records], self.highwater(tp))
                taken[tp] = records
            elif records:
                self._read_again.add(tp.partition)
        return taken

    def stop_flow(self) -> None:
        """Called by Faust when a rebalance or the end begins."""
        super().stop_flow()
        cast("StageApp", self.app).buffer.clear()

    def resume_flow(self) -> None:
        """Called by Faust after it has emptied its buffers."""
        cast("StageApp", self.app).buffer.clear()
        super().resume_flow()

    async def seek_to_committed(self) -> dict[TP, int]:
        """Called by Faust after every assignment: fence, read the committed offsets and seek to them, restore, open."""
        app = cast("StageApp", self.app)
        async with app.assigning:  # Faust's recovery and its fetcher may both ask
            # The fetcher asks in the middle of a rebalance too, when the partitions are not ours any more.
            if app.rebalancing or app.fuse_is_blown:
                return {}
            try:
                return await asyncio.wait_for(self._take_over(app), TAKE_OVER_TIMEOUT_S)
            except TimeoutError:
                app.on_lane_failure(LaneFailed(f"{app.stage.name}: partitions not taken over within {TAKE_OVER_TIMEOUT_S} s"))
                raise
            except Exception as error:  # Faust would log it and wait for ever
                app.on_lane_failure(LaneFailed(f"{app.stage.name}: partitions not taken over: {said(error)}"))
                raise

    async def _take_over(self, app: StageApp) -> dict[TP, int]:
        topic = app.conf_topic
        partitions = {tp.partition for tp in self.assignment() if tp.topic == topic}

        async def seek() -> dict[int, Begin]:
            found = {tp.partition: offset for tp, offset in (await super(LaneConsumer, self).seek_to_committed()).items()}
            begin = {}
            # Asked on a connection of its own: behind a fetch that waits for records it would take more than a second.
            for tp, earliest in (await earliest_offsets(app.lanes.settings, topic, partitions)).items():
                committed = found.get(tp.partition)
                at = max(committed or 0, earliest)
                if committed and committed < earliest:
                    expired = earliest - committed
                    log.error("%s-%d: %d records were deleted by retention before %s read them", *tp, expired, app.stage.name)
                    metrics.EXPIRED.labels(app.stage.name).inc(expired)
                if at != committed or not at:  # aiokafka seeks neither for None nor for 0
                    await self._seek(TP(tp.topic, tp.partition), at)
                begin[tp.partition] = Begin(at, committed)
            return begin

        offsets = await app.lanes.assign(partitions, seek)
        app.unjoined_since = None
        return {TP(topic, partition): offsets[partition] for partition in partitions}


class LaneTransport(driver.Transport):
    """Faust's aiokafka transport with our consumer."""

    Consumer = LaneConsumer
