"""Beside the run: a feed that never lets the stages go idle, and a watch that sees where each of them stands."""

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from confluent_kafka import Producer

from streams.settings import Settings
from streams.stages import STAGES
from streams.topics import ARTICLES_RAW
from tests.chaos.articles import feed

POLL_S = 0.2
ANSWER_MS = 4000
Place = tuple[str, int]
"""(stage, input partition)."""


class Feed:
    """Pushes articles in bursts, `per_second` on average, until its context ends; whatever the broker does, each arrives once.

    While `enough` says so (a slow machine, a long fault) nothing is pushed.
    """

    def __init__(self, settings: Settings, seed: int, per_second: float, enough: Callable[[], bool]) -> None:
        self._enough = enough
        self._articles, self._rng = feed(seed), random.Random(seed)
        self._topic, self._per_second = settings.topic(ARTICLES_RAW.name), per_second
        self._producer = Producer(
            {
                "bootstrap.servers": settings.broker,
                "enable.idempotence": True,
                "message.timeout.ms": 0,  # never give up
                "linger.ms": 5,
                "log_level": 0,  # that a broker is away is no news here
            }
        )
        self.pushed = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._push, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        """Push no more, and wait until all is acknowledged. Raises AssertionError where it is not."""
        self._ended.set()
        self._thread.join()
        assert self._producer.flush(120) == 0, "the feed's articles were not acknowledged"

    def _push(self) -> None:
        while not self._ended.is_set():
            burst = self._rng.randint(4, 24)
            for _ in range(burst):
                key, value = next(self._articles)
                self._producer.produce(self._topic, value, key)
                self.pushed += 1
            rest = time.monotonic() + burst / self._per_second
            while (time.monotonic() < rest or self._enough()) and not self._ended.is_set():
                self._producer.poll(0.05)


class Watch:
    """Sees committed offsets and the ends of the inputs several times a second. A context manager.

    A place is *waiting* where its input has committed records that it has not; it *stands still* from its last commit, or from the
    moment it began to wait. Behind a record stand up to as many transaction markers as there are lanes before the stage: they do
    not count. (librdkafka 2.16's admin client aborts the whole process when a broker goes away in mid request: seen.)
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slack = {"clean": 0, "dedupe": settings.partitions, "extract": 2, "link": settings.partitions}
        self.committed: dict[Place, int] = {}
        self.ends: dict[Place, int] = {}
        self._still_since: dict[Place, float] = {}
        self.longest_s: dict[str, float] = dict.fromkeys(settings.stage_names, 0.0)
        """Stage → longest standstill since `begin`."""
        self.seen_at = time.monotonic()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def begin(self) -> None:
        """Measure standstills from now on."""
        with self._lock:
            now = time.monotonic()
            self._still_since = dict.fromkeys(self._still_since, now)
            self.longest_s = dict.fromkeys(self.longest_s, 0.0)

    def goals(self) -> dict[Place, int]:
        """The offsets that are committed once all that waits now is done."""
        with self._lock:
            return {place: end - self._slack[place[0]] for place, end in self.ends.items()}

    def left(self, goals: dict[Place, int]) -> int:
        """How many offsets are missing to the goals."""
        return sum(max(0, goal - self.committed.get(place, 0)) for place, goal in goals.items())

    def behind(self) -> int:
        """How many records the stage that is furthest behind has before it."""
        with self._lock:
            waiting = dict.fromkeys(self._slack, 0)
            for place, end in self.ends.items():
                waiting[place[0]] += max(0, end - self._slack[place[0]] - self.committed[place])
            return max(waiting.values())

    async def _watch(self) -> None:
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it says a hundred times a second that a broker is away
        while not self._ended.is_set():
            admin = AIOKafkaAdminClient(bootstrap_servers=self._settings.broker, request_timeout_ms=ANSWER_MS)
            reader = AIOKafkaConsumer(
                bootstrap_servers=self._settings.broker, isolation_level="read_committed", request_timeout_ms=ANSWER_MS
            )
            try:
                await admin.start()
                await reader.start()
                while not self._ended.is_set():
                    self._see(await self._committed(admin), await self._ends(reader))
                    await asyncio.sleep(POLL_S)
            except (KafkaError, OSError, TimeoutError):
                await asyncio.sleep(POLL_S)  # the broker is away: everything stands
            finally:
                await admin.close()
                await reader.stop()

    def _see(self, committed: dict[Place, int], ends: dict[Place, int]) -> None:
        with self._lock:
            now = self.seen_at = time.monotonic()
            for place, end in ends.items():
                before = self._still_since.get(place)
                if before is not None:
                    stage = place[0]
                    self.longest_s[stage] = max(self.longest_s[stage], now - before)
                moved = committed[place] > self.committed.get(place, 0)
                if committed[place] + self._slack[place[0]] >= end:
                    self._still_since.pop(place, None)
                elif before is None or moved:
                    self._still_since[place] = now
            self.committed, self.ends = committed, ends

    def _partitions(self, stage: str) -> list[TopicPartition]:
        source = STAGES[stage].source
        topic = self._settings.topic(source.name)
        return [TopicPartition(topic, partition) for partition in range(source.partitions or self._settings.partitions)]

    async def _committed(self, admin: AIOKafkaAdminClient) -> dict[Place, int]:
        found: dict[Place, int] = {}
        for stage in self._settings.stage_names:
            group, partitions = f"{self._settings.group}.{stage}", self._partitions(stage)
            answer = await admin.list_consumer_group_offsets(group, partitions=partitions)
            found |= {(stage, tp.partition): max(0, answer[tp].offset) if tp in answer else 0 for tp in partitions}
        return found

    async def _ends(self, reader: AIOKafkaConsumer) -> dict[Place, int]:
        found: dict[Place, int] = {}
        for stage in self._settings.stage_names:
            ends = await reader.end_offsets(self._partitions(stage))
            found |= {(stage, tp.partition): end for tp, end in ends.items()}
        return found
