"""Settings → Faust apps → one agent a stage: the whole flow on one screen.

Each stage is a Faust app with a consumer group of its own, so that each scales by itself and a rebalance of one leaves the others
alone. `app` is the worker of the stages that the settings name: the first stage's app, which carries the others and what they
share. `copydesk worker` and `faust -A streams.app worker` both run it.
"""

import asyncio
import logging
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

import faust
import faust.auth
from faust.tables import TableManager
from faust.types import TP
from mode import Service
from mode.supervisors import CrashingSupervisor

from streams import metrics
from streams.connection import client_arguments
from streams.consumer import Buffer, LaneTransport, message_bytes
from streams.dead_letters import Failure
from streams.fuse import FuseBlown
from streams.http import Http
from streams.lanes import Lane, LaneFailed, Lanes
from streams.pool import Pool
from streams.records import Incoming
from streams.settings import Settings, settings
from streams.stages import STAGES, Options, Product, Stage, run

log = logging.getLogger("copydesk")

REQUEST_TIMEOUT_S = 300
"""Faust's; it bounds a take-over too (`TAKE_OVER_TIMEOUT_S`)."""
JOIN_TIMEOUT_S = 90
"""How long a stage may be without its group's answer, reading state back aside, before the worker starts again. Faust would wait
for ever, and nobody would see it: without lanes, nothing is late."""
NEVER_S = 1e6
"""For Faust's poll time-out: it would leave a zombie. Liveness is our own progress (http.py)."""


def credentials(conf: Settings) -> faust.auth.Credentials | None:
    """Faust's words for what every other client is given by `client_arguments`."""
    given = client_arguments(conf)
    context = given.get("ssl_context")
    if (tokens := given.get("sasl_oauth_token_provider")) is not None:
        return faust.auth.OAuthCredentials(oauth_cb=tokens, ssl_context=context)
    if (mechanism := given.get("sasl_mechanism")) is not None:
        username, password = given["sasl_plain_username"], given["sasl_plain_password"]
        return faust.auth.SASLCredentials(username=username, password=password, mechanism=mechanism, ssl_context=context)
    return None if context is None else faust.auth.SSLCredentials(context)


class NoTables(TableManager):
    """Starts at once: there are no tables, for which Faust waits a second."""

    async def sleep(self, n: Any) -> None:
        """Give way to others."""
        await super().sleep(0)


class StageApp(faust.App):
    """The Faust app of one stage: an agent that gives what it reads to the stage's lanes."""

    def __init__(
        self, stage: Stage, conf: Settings, options: Options, pool: Pool | None, failures: list[LaneFailed | FuseBlown]
    ) -> None:
        super().__init__(
            f"{conf.group}.{stage.name}",
            broker_credentials=credentials(conf),
            broker=[f"kafka://{host.strip()}" for host in conf.broker.split(",")],
            store="memory://",
            TableManager=NoTables,
            autodiscover=False,
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            datadir=f"{tempfile.gettempdir()}/copydesk-faust",
            table_standby_replicas=0,
            agent_supervisor=CrashingSupervisor,
            stream_wait_empty=False,
            stream_buffer_maxsize=32 if stage.in_pool else 256,
            broker_max_poll_records=32 if stage.in_pool else 256,
            broker_max_poll_interval=NEVER_S,
            broker_session_timeout=conf.session_timeout_s,
            broker_heartbeat_interval=conf.session_timeout_s / 5,
            broker_request_timeout=REQUEST_TIMEOUT_S,
            broker_rebalance_timeout=conf.drain_s + 10,
            consumer_metadata_max_age_ms=10_000,
            consumer_group_instance_id=f"{conf.instance}.{stage.name}" if conf.instance else None,
        )
        self.stage, self.conf_topic = stage, conf.topic(stage.source.name)
        self._pool, self._options = pool, options
        self.carried: list[Service] = []
        self.buffer = Buffer(conf.buffer_bytes)
        self.unjoined_since: float | None = time.monotonic()
        """Since when (monotonic, seconds) the worker waits for the stage's group to give it partitions (maybe none)."""
        self.assigning = asyncio.Lock()
        self.rebalancing = False
        """From the revocation of the partitions until Faust has the new assignment."""
        self.fuse_is_blown = False
        self._ending: asyncio.Task[None] | None = None
        self.failures = failures
        """Why the worker ends; all apps of a worker share the list."""
        self._fuse_hold_s = conf.fuse_hold_s
        self.lanes = Lanes(stage, conf, options, self.work, self.on_lane_failure)
        self.transport = LaneTransport(self.conf.broker_consumer, self, loop=None)
        self.on_partitions_revoked.connect(self._release, weak=False)
        self.on_rebalance_complete.connect(self._rebalanced, weak=False)
        self.on_before_shutdown.connect(self._release, weak=False)
        source = self.topic(
            self.conf_topic, acks=False, key_type=bytes, key_serializer="raw", value_type=bytes, value_serializer="raw"
        )
        self.agent(source, name=stage.name)(self.read)

    async def read(self, stream: Any) -> None:
        """The agent: topic in; the lanes run the processor and publish to the topics out."""
        async for event in stream.noack().events():
            message = event.message
            self.buffer.take(message_bytes(message))
            await self.lanes.put(
                Incoming(
                    self.stage.source.name,
                    message.partition,
                    message.offset,
                    round(message.timestamp * 1000),
                    message.key,
                    message.value or b"",
                    tuple((name, value or b"") for name, value in message.headers or ()),
                )
            )

    def work(self, record: Incoming) -> "Future[Product | Failure]":
        """The stage's work on one record: in the pool where it is dear, here where it is not."""
        if self._pool is not None and self.stage.in_pool:
            return self._pool.submit(self.stage.name, record)
        done: Future[Product | Failure] = Future()
        done.set_result(run(self.stage.name, record, self._options))
        return done

    def on_lane_failure(self, error: LaneFailed | FuseBlown) -> None:
        """An error of the system stops the worker; who supervises it starts it again, from the committed offsets."""
        log.error("%s", error)
        if self._ending is None:
            self.failures.append(error)
            self._ending = asyncio.create_task(self._end(error))

    async def _end(self, error: LaneFailed | FuseBlown) -> None:
        """A blown fuse stops the stage at once, and the worker only when Prometheus has had time to see it. Its partitions go to
        nobody till then: the next worker, of the same deployment, would set aside what it can before its own fuse blows."""
        if isinstance(error, FuseBlown):
            metrics.FUSE_BLOWN.labels(self.stage.name).set(1)
            self.fuse_is_blown = True
            await self.lanes.release()
            await asyncio.sleep(self._fuse_hold_s)
        await self.crash(error)

    def on_init_dependencies(self) -> Iterable[Any]:
        """What this app carries starts before it and stops after it."""
        return [*self.carried, *super().on_init_dependencies()]

    async def _release(self, *args: Any, **kwargs: Any) -> None:
        self.rebalancing, self.unjoined_since = True, time.monotonic()
        await self.lanes.release()

    async def _rebalanced(self, *args: Any, **kwargs: Any) -> None:
        self.rebalancing = False
        if self.unassigned:  # there are more workers than partitions: nothing to take over
            self.unjoined_since = None

    @property
    def restoring(self) -> dict[int, float]:
        """Partition → how much of its state is read back (0 to 1), where that is going on."""
        return {lane.partition: lane.restored_share for lane in self.lanes if lane.restored_share is not None}

    @Service.task
    async def _watch_group(self) -> None:
        while not self.should_stop:
            await self.sleep(1)
            if self.restoring or self.fuse_is_blown:
                continue
            if self.unjoined_since is not None and time.monotonic() - self.unjoined_since > JOIN_TIMEOUT_S:
                self.on_lane_failure(LaneFailed(f"{self.stage.name} has waited for its group for {JOIN_TIMEOUT_S} s"))
                return

    async def lag(self, lane: Lane) -> tuple[int, float]:
        """(records, seconds) that a lane is behind. At rest it is 0: the read position has passed the markers that transactions
        leave at the end of a topic; while records are in flight, markers count as records."""
        tp = TP(self.conf_topic, lane.partition)
        end, position = self.consumer.highwater(tp) or 0, await self.consumer.position(tp) or 0
        if not lane.in_flight:
            return max(0, end - position), 0.0
        behind_since_ms = lane.oldest_timestamp_ms
        seconds = 0.0 if behind_since_ms is None else max(0.0, time.time() - behind_since_ms / 1000)
        return max(lane.in_flight, end - (lane.committed_offset or 0)), seconds


class PoolService(Service):
    """Warms the pool while the agents join their groups, and ends it after them."""

    def __init__(self, pool: Pool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pool = pool
        self.warm = False

    async def on_start(self) -> None:
        """Begin to start the processes; the worker is ready when they are, and crashes where they cannot start."""
        self.add_future(self._start())

    async def _start(self) -> None:
        await asyncio.to_thread(self._pool.start)
        self.warm = True
        await asyncio.shield(asyncio.wrap_future(self._pool.broken))

    async def on_stop(self) -> None:
        """End the processes; the lanes were drained before."""
        await asyncio.to_thread(self._pool.stop)


class Beside(Service):
    """Starts apps at the same time as the one that carries them; each takes seconds, most of it waiting."""

    def __init__(self, apps: list[StageApp], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._apps = apps

    async def on_start(self) -> None:
        """Begin to start them; one that cannot start, or that crashes later, takes the worker with it."""
        for app in self._apps:
            app.beacon.reattach(self.beacon)
            self.add_future(app.maybe_start())

    async def on_stop(self) -> None:
        """Stop them, each draining its lanes."""
        await asyncio.gather(*(app.stop() for app in self._apps))


def worker(conf: Settings) -> StageApp:
    """The app that runs the stages of the settings. Raises ValueError where one is not known."""
    names = tuple(conf.stage_names)
    unknown = [name for name in names if name not in STAGES]
    if unknown or not names:
        raise ValueError(f"no such stage: {', '.join(unknown) or '(none given)'}; there are {', '.join(STAGES)}")
    options = Options(conf.model, conf.min_confidence)
    pool = Pool(
        conf.pool_processes,
        names,
        options,
        task_timeout_s=conf.task_timeout_s,
        tasks_per_process=conf.tasks_per_process,
        process_memory_mb=conf.process_memory_mb,
    )
    failures: list[LaneFailed | FuseBlown] = []
    apps = [StageApp(STAGES[name], conf, options, pool, failures) for name in names]
    first = apps[0]
    warming = PoolService(pool)
    first.carried = [warming, Beside(apps[1:]), Http(apps, conf, lambda: warming.warm)]
    return first


app = worker(settings())
