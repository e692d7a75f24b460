"""One run: a cluster, a feed, workers, faults at random moments, and a verdict on every stage."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from streams.cluster import create_topics
from streams.settings import Settings
from streams.stages import STAGES
from streams.worker import CRASHED
from tests.chaos.cluster import Cluster
from tests.chaos.faults import FAULTS, Scene
from tests.chaos.verdict import judge
from tests.chaos.watch import Feed, Watch
from tests.chaos.workers import AS_SHIPPED, Crew
from tests.kafka_tools import fresh, read_topic

STUCK_S = 150
"""A run in which nothing is committed for so long has failed; longer than any fault and time-out of the runtime."""
OPERATOR_S = 45
"""Without progress for so long, somebody looks for transactions that Kafka left open; longer than it takes to end any itself."""
ARTICLES_PER_S = 12
ENOUGH_RECORDS = 80
"""Before a stage, when the feed pauses: a slow machine then takes longer, and not for ever."""
HIT_AGAIN = 0.25
"""Share of faults after which the next one comes before the stages go on, where that may be."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a run is. The same cell does the same faults; at which record they hit is up to the machine."""

    faults: tuple[str, ...]
    partitions: int
    seed: int
    brokers: int = 1
    stages: str = "clean,dedupe,extract,link"
    program: tuple[str, ...] = AS_SHIPPED

    @property
    def name(self) -> str:
        """Names the cell in results and on the command line."""
        kinds = "+".join(sorted(set(self.faults)))
        return f"{kinds}/{self.brokers}-broker{'s' * (self.brokers > 1)}/{self.partitions}-part/seed-{self.seed}"


@dataclass(slots=True)
class Hit:
    """One fault, and how long each stage then stood still though it had work. What the fault itself lasts is part of it."""

    fault: str
    lasted_s: float
    still_s: dict[str, float]
    recovered: bool
    """Whether the stages went on before the next fault."""
    crashes: int
    """Workers that ended by themselves: by design where the broker is lost or they were taken for dead."""


@dataclass(slots=True)
class Result:
    """What came of a run."""

    cell: str
    faults: tuple[str, ...]
    partitions: int
    seed: int
    brokers: int
    articles: int = 0
    seconds: float = 0.0
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Stage → its verdict."""
    hits: list[Hit] = field(default_factory=list)
    exits: dict[str, int] = field(default_factory=dict)
    """Exit code of workers that ended by themselves → how often."""
    ended_by_hand: int = 0
    """Transactions that Kafka had left open, by partition."""
    error: str | None = None
    logs: str = ""
    kept: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the run came to its end and every stage is right."""
        return self.error is None and all(
            not (stage["missing"] or stage["twice"] or stage["different"]) for stage in self.stages.values()
        )

    def count(self, what: str) -> int:
        """Sum over the stages of missing, twice, different or records."""
        return sum(int(stage[what]) for stage in self.stages.values())


class Run(Scene):
    """A run in progress."""

    def __init__(self, cell: Cell, cluster: Cluster, say: Callable[[str], None]) -> None:
        self.cell, self.cluster, self._say = cell, cluster, say
        self.rng = random.Random(f"{cell.name}")
        prefix = f"{fresh('chaos')}."
        self.settings = Settings(
            broker=cluster.bootstrap,
            topic_prefix=prefix,
            group=f"{prefix}copydesk",
            stages=cell.stages,
            partitions=cell.partitions,
            pool_processes=1,
            state_dir=cluster.folder / "state" if cell.seed % 2 == 0 else None,
            replication_factor=min(3, cluster.brokers),
            min_insync_replicas=max(1, min(3, cluster.brokers) - 1),
        )
        seen = self.settings.model_copy(update={"broker": cluster.through_proxy}) if "cut_network" in cell.faults else self.settings
        self.crew = Crew(seen, cluster.folder, self.rng, cell.program, fake_clock="step_clock" in cell.faults)
        self.hits: list[Hit] = []
        self.articles = self.ended_by_hand = 0

    def go(self) -> None:
        """Do it all, up to workers that have ended well. Raises AssertionError where the run gets stuck or a worker ends badly."""
        asyncio.run(create_topics(self.settings))
        self.watch = Watch(self.settings)
        workers = {FAULTS[fault].workers for fault in self.cell.faults} - {None}
        try:
            enough = lambda: self.watch.behind() > ENOUGH_RECORDS  # noqa: E731
            with self.watch, Feed(self.settings, self.cell.seed, ARTICLES_PER_S, enough) as feed:
                self.crew.scale(max((number or 1 for number in workers), default=1 if self.cell.partitions == 1 else 2))
                self._say("starting")
                self.wait_until_at_work()
                self._do_faults()
                feed.end()
                self.articles = feed.pushed
                self._say("finishing")
                for stage in self.settings.stage_names:
                    self._await_end(stage)
                self.crew.scale(0)
        finally:
            self.crew.kill_all()

    def _do_faults(self) -> None:
        for number, name in enumerate(self.cell.faults, 1):
            fault = FAULTS[name]
            self._say(f"{number} of {len(self.cell.faults)}: {name}")
            self.pause(self.rng.uniform(0, 2))
            self._wait(lambda: self.watch.behind() == 0, "work, so that the fault hits something")
            self.pause(self.rng.uniform(0, 0.3))
            self.watch.begin()
            began, crashes = time.monotonic(), self.crew.exits[CRASHED]
            fault.do(self)
            lasted_s = time.monotonic() - began
            last = number == len(self.cell.faults)
            again = fault.in_recovery and not last and self.rng.random() < HIT_AGAIN
            if again:
                self.pause(self.rng.uniform(0, 8))
            else:
                self.wait_until_at_work()
            still_s = {stage: round(seconds, 1) for stage, seconds in self.watch.longest_s.items()}
            self.hits.append(Hit(name, round(lasted_s, 1), still_s, not again, self.crew.exits[CRASHED] - crashes))

    def pause(self, seconds: float) -> None:
        """Let time pass; workers that end meanwhile are started again."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.crew.tend()
            time.sleep(min(0.1, left))

    def wait_until_at_work(self) -> None:
        """Return when every worker runs and all that waits now is done."""
        now = time.monotonic()
        self._wait(lambda: self.watch.seen_at <= now, "the broker to answer")
        goals = self.watch.goals()
        self._wait(
            lambda: (self.watch.left(goals), len(self.crew.slots) - self.crew.ready()), "(records, workers) of those at work"
        )

    def _await_end(self, stage: str) -> None:
        """Wait until a stage has done all its input; the stage before it has."""
        topic = self.settings.topic(STAGES[stage].source.name)
        last = {(stage, read.partition): read.offset + 1 for read in read_topic(self.settings.broker, topic)}
        self._wait(lambda: self.watch.left(last), f"{stage} to do all its input")

    def _wait(self, left: Callable[[], object], what: str) -> None:
        """Wait until nothing is left. Raises AssertionError where what is left stays the same for too long."""
        seen: object = None
        since, looked = time.monotonic(), False
        while any(now) if isinstance(now := left(), tuple) else now:
            if now != seen:
                seen, since, looked = now, time.monotonic(), False
            assert time.monotonic() < since + STUCK_S, f"waited {STUCK_S} s in vain for {what}: {now} left"
            if not looked and time.monotonic() > since + OPERATOR_S:
                looked = True
                self.ended_by_hand += self.cluster.end_lost_transactions()
            self.pause(0.2)


def run(cell: Cell, say: Callable[[str], None] = lambda line: None) -> Result:
    """Do one run and judge it. Whatever fails is in the result; the data and logs of a failed run are kept, and named there."""
    began = time.monotonic()
    result = Result(cell.name, cell.faults, cell.partitions, cell.seed, cell.brokers)
    cluster = Cluster(cell.brokers)
    try:
        with cluster:
            scene = Run(cell, cluster, say)
            try:
                scene.go()
                say("comparing")
                for stage in scene.settings.stage_names:
                    result.stages[stage] = asdict(judge(scene.settings, STAGES[stage]))
            finally:
                result.hits, result.articles, result.ended_by_hand = scene.hits, scene.articles, scene.ended_by_hand
                result.exits = {str(code): number for code, number in sorted(scene.crew.exits.items())}
                result.logs = scene.crew.log_tails()
                cluster.keep = not result.passed or len(result.stages) < len(scene.settings.stage_names)
    except Exception as error:
        result.error = f"{type(error).__name__}: {error}"
        cluster.keep = True
    result.seconds = round(time.monotonic() - began, 1)
    if cluster.keep:
        result.kept = str(cluster.folder)
    else:
        result.logs = ""
    return result


def repeated(fault: str) -> Sequence[str]:
    """The faults of a run of one kind."""
    return (fault,) * FAULTS[fault].times
