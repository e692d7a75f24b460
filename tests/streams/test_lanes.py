"""Lanes by themselves, on a real Kafka: what they promise where a stage misbehaves."""

import asyncio
import time
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import orjson
import pytest

from streams.cluster import create_topics
from streams.dead_letters import Failure
from streams.fuse import FuseBlown
from streams.lanes import Begin, LaneFailed, Lanes
from streams.records import Incoming, Outgoing
from streams.settings import Settings
from streams.stages import DEDUPE, Options, Product, Settled, Stage
from tests.kafka_tools import fresh, produce, read_topic
from tests.worker_tools import settings_for


@dataclass
class Sum:
    """A state that adds up what it is shown; `add` may fail when half is done."""

    total: int = 0
    seen: list[int] = field(default_factory=list)

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        assert value is not None
        self.total = value["total"]
        self.seen.append(self.total)

    def restored(self) -> None:
        """All came back."""


def add(state: Sum, record: Incoming, product: Product, options: Options) -> Settled:
    """Add the record to the sum; 13 brings bad luck, after it was added."""
    state.total += int(record.value)
    if int(record.value) == 13:
        raise IndexError("bad luck")
    return Settled([Outgoing("stories", b"sum", b"%d" % state.total)], [("sum", {"total": state.total})])


SUMMING = replace(DEDUPE, settle=add, new_state=Sum)


def done(record: Incoming) -> "Future[Product | Failure]":
    future: Future[Product | Failure] = Future()
    future.set_result(Product())
    return future


async def run(
    settings: Settings, values: list[bytes], *, begin_at: int = 0, lost: tuple[int, ...] = (), stage: Stage = SUMMING
) -> list[LaneFailed | FuseBlown]:
    """Give values to a lane until all are committed or the lane has failed; returns how it failed."""
    failures: list[LaneFailed | FuseBlown] = []
    lanes = Lanes(stage, settings, Options(), done, failures.append)

    async def seek() -> dict[int, Begin]:
        return {0: Begin(begin_at, begin_at)}

    await lanes.assign({0}, seek)
    (lane,) = lanes
    lane.promise(list(range(len(values))), len(values))
    for offset, value in enumerate(values):
        if offset not in lost:
            await lanes.put(Incoming("articles.clean", 0, offset, 0, b"en", value))
    while not failures and lane.committed_offset != len(values):
        await asyncio.sleep(0.02)
    await lanes.release()
    return failures


async def test_an_error_in_settling_is_a_dead_letter_and_leaves_no_trace_in_the_state(broker: str) -> None:
    settings = settings_for(broker, fresh("settling") + ".", partitions=1)
    await create_topics(settings)
    assert await run(settings, [b"1", b"2", b"13", b"4", b"13", b"8"]) == []
    sums = await asyncio.to_thread(read_topic, broker, settings.topic("stories"))
    assert [read.value for read in sums] == [b"1", b"3", b"7", b"15"]
    letters = await asyncio.to_thread(read_topic, broker, settings.topic("articles.clean-dlq"))
    assert [(letter.value, dict(letter.headers)["dlq_exception"]) for letter in letters] == [(b"13", b"IndexError")] * 2
    kept = [read for read in await asyncio.to_thread(read_topic, broker, settings.topic("dedupe.state")) if read.partition == 0]
    assert orjson.loads(kept[-1].value or b"") == {"total": 15}


async def test_a_lane_that_settles_slowly_commits_in_time_and_lets_the_heartbeats_out(broker: str) -> None:
    def slowly(state: Sum, record: Incoming, product: Product, options: Options) -> Settled:
        beats_before.append(beats)
        time.sleep(0.01)
        return add(state, record, product, options)

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    settings = settings_for(broker, fresh("slow") + ".", partitions=1, window=40, commit_records=40, commit_interval_ms=50)
    await create_topics(settings)
    beats, beats_before = 0, list[int]()
    beating = asyncio.create_task(beat())
    assert await run(settings, [b"1"] * 40, stage=replace(SUMMING, settle=slowly)) == []
    beating.cancel()
    assert all(before < after for before, after in pairwise(beats_before))
    kept = await asyncio.to_thread(read_topic, broker, settings.topic("stories"))
    assert len(kept) == 40
    assert kept[-1].offset >= 40 + 2  # markers of three transactions at the least lie between


async def test_records_that_come_twice_are_taken_once(broker: str) -> None:
    settings = settings_for(broker, fresh("twice") + ".", partitions=1)
    await create_topics(settings)
    await run(settings, [b"1", b"2"])
    await run(settings, [b"1", b"2", b"4"], begin_at=2)
    sums = await asyncio.to_thread(read_topic, broker, settings.topic("stories"))
    assert [read.value for read in sums] == [b"1", b"3", b"7"]


async def test_a_lane_that_was_fenced_publishes_nothing_more_and_says_so(broker: str) -> None:
    settings = settings_for(broker, fresh("fenced") + ".", partitions=1)
    await create_topics(settings)
    failures: list[LaneFailed | FuseBlown] = []
    old = Lanes(SUMMING, settings, Options(), done, failures.append)

    async def seek() -> dict[int, Begin]:
        return {0: Begin(0, None)}

    await old.assign({0}, seek)
    await run(settings, [b"1"])
    old.open_lanes()[0].promise([0], 1)
    await old.put(Incoming("articles.clean", 0, 0, 0, b"en", b"1"))
    while not failures:
        await asyncio.sleep(0.02)
    await old.release()
    assert isinstance(failures[0], LaneFailed)
    assert [read.value for read in await asyncio.to_thread(read_topic, broker, settings.topic("stories"))] == [b"1"]


async def test_a_group_whose_offsets_expired_does_not_publish_everything_again(broker: str) -> None:
    settings = settings_for(broker, fresh("expired") + ".", partitions=1)
    await create_topics(settings)
    await asyncio.to_thread(produce, broker, settings.topic("articles.clean"), [b"1"], partition=0)
    await run(settings, [b"1"])

    async def seek() -> dict[int, Begin]:
        return {0: Begin(0, None)}

    with pytest.raises(LaneFailed, match=r"no committed offset of them any more.*:0 --reset-offsets"):
        await Lanes(SUMMING, settings, Options(), done, lambda failure: None).assign({0}, seek)


async def test_a_record_that_was_fetched_and_does_not_come_stops_the_lane(broker: str) -> None:
    settings = settings_for(broker, fresh("lost") + ".", partitions=1)
    await create_topics(settings)
    (failure,) = await run(settings, [b"1", b"2", b"4", b"8"], lost=(1,))
    assert "offset 1 was fetched and did not come" in str(failure)
    sums = await asyncio.to_thread(read_topic, broker, settings.topic("stories"))
    assert [read.value for read in sums] in ([], [b"1"])
    assert await run(settings, [b"1", b"2", b"4", b"8"], begin_at=len(sums)) == []
    sums = await asyncio.to_thread(read_topic, broker, settings.topic("stories"))
    assert [read.value for read in sums] == [b"1", b"3", b"7", b"15"]


async def test_a_record_that_was_fetched_before_the_lane_opened_is_left_for_the_fetch_that_follows(broker: str) -> None:
    settings = settings_for(broker, fresh("early") + ".", partitions=1)
    await create_topics(settings)
    failures: list[LaneFailed | FuseBlown] = []
    lanes = Lanes(SUMMING, settings, Options(), done, failures.append)

    async def seek() -> dict[int, Begin]:
        return {0: Begin(0, None)}

    await lanes.assign({0}, seek)
    records = [Incoming("articles.clean", 0, offset, 0, b"en", b"%d" % 2**offset) for offset in range(4)]
    for early in records[2:]:
        await lanes.put(early)
    (lane,) = lanes
    lane.promise([0, 1, 2, 3], 4)
    for record in records:
        await lanes.put(record)
    while not failures and lane.committed_offset != 4:
        await asyncio.sleep(0.02)
    await lanes.release()
    sums = await asyncio.to_thread(read_topic, broker, settings.topic("stories"))
    assert [read.value for read in sums] == [b"1", b"3", b"7", b"15"]


async def test_a_partition_that_ends_below_the_next_offset_is_not_mistaken_for_records_that_come_twice(broker: str) -> None:
    settings = settings_for(broker, fresh("anew") + ".", partitions=1)
    await create_topics(settings)
    (failure,) = await run(settings, [b"1", b"2"], begin_at=10)
    assert "articles.clean was deleted and made anew, or cut off: it ends at 2, and 10 is next" in str(failure)
    assert await asyncio.to_thread(read_topic, broker, settings.topic("stories")) == []
