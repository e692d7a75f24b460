"""Reading topics as a subscriber does: committed records only."""

from collections.abc import AsyncIterator

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from streams.cluster import ClusterError, partition_counts
from streams.connection import client_arguments
from streams.rights import said
from streams.settings import Settings
from streams.topics import MAX_RECORD_BYTES


async def read(
    settings: Settings, names: list[str], *, from_beginning: bool, follow: bool = True
) -> AsyncIterator[tuple[str, "ConsumerRecord[bytes, bytes]"]]:
    """Yield (topic without prefix, record) of the topics, from their beginning or from now on; without `follow`, until the end
    that they have at the start. Reads without a consumer group: nothing is committed.

    Raises `ClusterError` where no broker answers or a topic does not exist.
    """
    counts = await partition_counts(settings, names)
    for name in names:
        if name not in counts:
            raise ClusterError(
                f"there is no topic {settings.topic(name)} that we may see; `copydesk topics create` creates ours, and "
                "`copydesk acls --role subscriber` prints what a reader must be allowed"
            )
    partitions = [TopicPartition(settings.topic(name), partition) for name in names for partition in range(counts[name])]
    consumer = AIOKafkaConsumer(
        **client_arguments(settings),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_RECORD_BYTES,
    )
    try:
        await consumer.start()
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        if from_beginning:
            await consumer.seek_to_beginning(*partitions)
        else:
            for partition, end in ends.items():
                consumer.seek(partition, end)
        while follow or any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for tp, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    if follow or record.offset < ends[tp]:
                        yield tp.topic.removeprefix(settings.topic_prefix), record
    except KafkaError as error:
        raise ClusterError(f"the Kafka broker at {settings.broker} refuses: {said(error)}") from error
    finally:
        await consumer.stop()
