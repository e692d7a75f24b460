"""A stage's state: read back from its compacted topic before its lane opens."""

import logging
import time
from collections.abc import AsyncIterator

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from streams import metrics, topics
from streams.connection import client_arguments
from streams.settings import Settings
from streams.stages import Stage, State
from streams.topics import MAX_RECORD_BYTES

log = logging.getLogger("copydesk")

REPLAY_STALLED_S = 30


class StateUnreadable(RuntimeError):
    """State cannot be read back, so the stage cannot go on; the message says of what, where and what to do."""


async def restore(state: State, stage: Stage, partition: int, settings: Settings) -> None:
    """Read the state of one input partition back, as the transactions before left it. Raises `StateUnreadable`."""
    if stage.name not in topics.STATEFUL:
        return
    topic = settings.topic(topics.state(stage.name, stage.source).name)
    restored = 0
    async for key, value in replay(settings, TopicPartition(topic, partition)):
        state.restore(key.decode(), None if value is None else orjson.loads(value))
        restored += 1
    metrics.RESTORED.labels(stage.name).inc(restored)
    if restored:
        log.info("%s-%d: %d state records read back", stage.name, partition, restored)


async def replay(settings: Settings, partition: TopicPartition) -> AsyncIterator[tuple[bytes, bytes | None]]:
    """Yield (key, value) of every committed record of a partition, from its beginning to its present end.

    Raises `StateUnreadable` where it does not get on (aiokafka starts at the end by default: a replay was empty, silently).
    """
    consumer = AIOKafkaConsumer(
        **client_arguments(settings),
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=MAX_RECORD_BYTES,
    )
    await consumer.start()
    try:
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        if not end:
            return
        await consumer.seek_to_beginning(partition)
        progress = time.monotonic()
        while (position := await consumer.position(partition)) < end:
            for records in (await consumer.getmany(partition, timeout_ms=500)).values():
                for record in records:
                    yield record.key or b"", record.value
            if await consumer.position(partition) > position:
                progress = time.monotonic()
            elif time.monotonic() - progress > REPLAY_STALLED_S:
                raise StateUnreadable(f"{partition.topic}-{partition.partition}: replay stands still at {position} of {end}")
    finally:
        await consumer.stop()
