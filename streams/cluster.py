"""What the program asks of a cluster besides reading and writing: is it there, create topics, how far behind is each stage."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError, TopicAlreadyExistsError, for_code

from streams import rights, topics
from streams.access import obstacle
from streams.connection import client_arguments
from streams.settings import Settings
from streams.topics import Topic

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 5.0
LIMIT = "max.message.bytes"


class ClusterError(RuntimeError):
    """The cluster is not there, or refuses; the message says what, where and what to do."""


class Refused(ClusterError):
    """A broker answers and does not let us in, or does not let us do it: waiting does not help."""


async def check(settings: Settings) -> None:
    """Return where a broker lets us in. Raises `Refused` where one does not, `ClusterError` where none answers."""
    found = await obstacle(settings)
    if found is None:
        return
    if found.refused:
        raise Refused(f"the Kafka broker at {settings.broker} cannot be used: {found.what}")
    raise ClusterError(
        f"no Kafka broker answers at {settings.broker} ({found.what}). "
        "Start one with `copydesk kafka`, or name yours with --broker or COPYDESK_BROKER."
    )


@asynccontextmanager
async def admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected admin client. Raises `ClusterError` where no broker lets us in, or one refuses what we ask."""
    await check(settings)
    client = AIOKafkaAdminClient(**client_arguments(settings), request_timeout_ms=20_000)
    try:
        await client.start()
        yield client
    except KafkaError as error:
        raise ClusterError(f"the Kafka broker at {settings.broker} refuses: {rights.said(error)}") from error
    finally:
        await client.close()


async def wait_for_broker(settings: Settings, timeout_s: float | None, on_wait: Callable[[str], None]) -> None:
    """Return as soon as a broker answers; `on_wait` is told of each failed try.

    Raises `Refused` at once, `ClusterError` after `timeout_s`.
    """
    loop = asyncio.get_running_loop()
    deadline = None if timeout_s is None else loop.time() + timeout_s
    pause_s = FIRST_WAIT_S
    while True:
        try:
            return await check(settings)
        except Refused:
            raise
        except ClusterError as error:
            if deadline is not None and loop.time() + pause_s > deadline:
                raise
            on_wait(f"{error} Trying again in {pause_s:g} s.")
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_WAIT_S)


async def require_rights(settings: Settings, stages: list[str]) -> None:
    """Return where a worker may run these stages. Raises `Refused` with every right that is missing; `ClusterError` as `check`."""
    await check(settings)
    try:
        lacking = await rights.missing(settings, stages)
    except KafkaError as error:
        raise ClusterError(f"the Kafka broker at {settings.broker} refuses: {rights.said(error)}") from error
    if lacking:
        raise Refused(
            f"not authorised at {settings.broker}: {', '.join(map(str, lacking))} missing; "
            f"`copydesk acls --stage {' --stage '.join(stages)}` prints the commands that grant what is needed"
        )


async def create_topics(settings: Settings, wanted: Iterable[Topic] = topics.ALL) -> list[str]:
    """Create what is missing of the topics; returns the names of those created. Topics that exist are left as they are.

    Raises `ClusterError` where the cluster refuses (authorisation, replication factor above the number of brokers, …).
    """
    async with admin(settings) as client:
        present = set(await client.list_topics())
        missing = [topic for topic in wanted if settings.topic(topic.name) not in present]
        if not missing:
            return []
        response: Any = await client.create_topics(
            [
                NewTopic(
                    settings.topic(topic.name),
                    topic.partitions or settings.partitions,
                    settings.replication_factor,
                    topic_configs=topic.config(settings.min_insync_replicas, settings.retention_days),
                )
                for topic in missing
            ]
        )
        created = []
        for name, code, *message in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                detail = message[0] if message and message[0] else ""
                if error in rights.DENIED:
                    raise Refused(
                        f"topic {name} does not exist, and this principal may not create it; an operator creates all with "
                        "`copydesk topics create`"
                    )
                raise ClusterError(f"topic {name} cannot be created: {error.__name__} {detail}".rstrip())
            if not code:
                created.append(name)
        await wait_for_leaders(client, created)
        return created


async def wait_for_leaders(client: AIOKafkaAdminClient, names: list[str], partitions: int = 1) -> None:
    """A topic or partition that was just created has no leader for a moment; who uses it then waits for its metadata to age."""
    for _ in range(100):
        described = await client.describe_topics(names) if names else []
        leaders = [[p["leader"] for p in topic["partitions"]] for topic in described]
        if len(leaders) == len(names) and all(len(each) >= partitions and min(each) >= 0 for each in leaders):
            return
        await asyncio.sleep(0.05)


async def record_limits(settings: Settings) -> dict[str, int]:
    """What each of our topics takes on this cluster (bytes a record), by name without prefix; topics may have been made by others.

    A topic whose configuration we may not read counts as made by us. Raises `ClusterError` where no broker answers.
    """
    limits = {topic.name: topic.max_record_bytes for topic in topics.ALL}
    wanted = [ConfigResource(ConfigResourceType.TOPIC, settings.topic(name), {LIMIT: ""}) for name in limits]
    async with admin(settings) as client:
        response: Any
        for response in await client.describe_configs(wanted):
            for _code, _message, _kind, topic, entries in response.resources:
                name = topic.removeprefix(settings.topic_prefix)
                limits[name] = min([limits[name], *(int(value) for config, value, *_ in entries if config == LIMIT)])
    return limits


async def committed_offsets(client: AIOKafkaAdminClient, group: str) -> dict[TopicPartition, Any]:
    """What a group has committed. A new cluster makes its coordinators when it is first asked for one: waits for that."""
    deadline = time.monotonic() + rights.COORDINATOR_TIMEOUT_S
    while True:
        try:
            offsets: dict[TopicPartition, Any] = await client.list_consumer_group_offsets(group)
            return offsets
        except GroupCoordinatorNotAvailableError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.2)


async def check_states(settings: Settings, stages: Iterable[str]) -> None:
    """Raises `Refused` where a stage has committed offsets and its state topic is gone: it would go on without memory."""
    async with admin(settings) as client:
        present = set(await client.list_topics())
        for stage in stages:
            name = settings.topic(topics.state(stage, topics.SOURCES[stage]).name)
            committed = {} if name in present else await committed_offsets(client, f"{settings.group}.{stage}")
            if any(offset.offset > 0 for offset in committed.values()):
                raise Refused(
                    f"the topic {name} is gone, and with it what {stage} remembers of the articles it has done. Restore it; or, if "
                    f"copies and corrections of these may count as new, make an empty one with `copydesk topics create`."
                )


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a stage is behind on one partition. `records` counts the markers of transactions too."""

    stage: str
    topic: str
    partition: int
    committed_offset: int
    end_offset: int

    @property
    def records(self) -> int:
        """Offsets between the two."""
        return max(0, self.end_offset - self.committed_offset)


async def lags(settings: Settings) -> list[Lag]:
    """The lag of every stage on every partition of its input."""
    consumer = AIOKafkaConsumer(**client_arguments(settings))
    found = []
    async with admin(settings) as client:
        await consumer.start()
        try:
            for stage, source in topics.SOURCES.items():
                name = settings.topic(source.name)
                described = await client.describe_topics([name])
                partitions = [TopicPartition(name, p["partition"]) for topic in described for p in topic["partitions"]]
                if not partitions:
                    continue
                ends = await consumer.end_offsets(partitions)
                committed = await committed_offsets(client, f"{settings.group}.{stage}")
                for tp in sorted(partitions):
                    offset = committed[tp].offset if tp in committed else -1
                    found.append(Lag(stage, source.name, tp.partition, max(0, offset), ends[tp]))
        finally:
            await consumer.stop()
    return found


async def earliest_offsets(settings: Settings, topic: str, partitions: Collection[int]) -> dict[TopicPartition, int]:
    """The first offset that each partition of a topic (its full name) still has."""
    if not partitions:
        return {}
    async with _reader(settings, topic, partitions) as (consumer, wanted):
        offsets: dict[TopicPartition, int] = await consumer.beginning_offsets(wanted)
        return offsets


async def partitions_before(settings: Settings, topic: str, times_ms: Mapping[int, int]) -> set[int]:
    """Those of the partitions of a topic (its full name) that have a record older than the time given (milliseconds since 1970)."""
    if not times_ms:
        return set()
    async with _reader(settings, topic, times_ms) as (consumer, wanted):
        begin, end = await consumer.beginning_offsets(wanted), await consumer.end_offsets(wanted)
        found = await consumer.offsets_for_times({tp: times_ms[tp.partition] for tp in wanted})
        return {tp.partition for tp in wanted if begin[tp] < (end[tp] if found[tp] is None else found[tp].offset)}


@asynccontextmanager
async def _reader(
    settings: Settings, topic: str, partitions: Iterable[int]
) -> AsyncIterator[tuple[AIOKafkaConsumer, list[TopicPartition]]]:
    """A consumer, started, and the partitions that it asks about."""
    wanted = [TopicPartition(topic, partition) for partition in partitions]
    consumer = AIOKafkaConsumer(**client_arguments(settings))
    await consumer.start()
    try:
        consumer.assign(wanted)
        yield consumer, wanted
    finally:
        await consumer.stop()


async def partition_counts(settings: Settings, names: Iterable[str] = topics.BY_NAME) -> dict[str, int]:
    """How many partitions each topic has on the cluster; names are without prefix, and one that is missing is not in the answer."""
    full = {settings.topic(name): name for name in names}
    async with admin(settings) as client:
        present = [name for name in await client.list_topics() if name in full]
        described = await client.describe_topics(present) if present else []
        return {full[topic["topic"]]: len(topic["partitions"]) for topic in described}
