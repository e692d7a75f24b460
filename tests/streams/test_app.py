"""The Faust apps, and the private names of Faust and aiokafka that they lean on."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import aiokafka
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faust.transport.drivers import aiokafka as driver

from streams.cluster import create_topics
from streams.stages import STAGES
from tests.kafka_tools import fresh, read_topic, wait_until
from tests.worker_tools import Worker, committed_offsets, environment_of, settings_for

ARTICLE = b'{"uri": "%s", "outlet": "Harbor Gazette", "language": "en", "body": "The ferry sailed on Monday."}'


async def test_the_private_names_that_we_lean_on_are_there() -> None:
    consumer = AIOKafkaConsumer()
    assert consumer._isolation_level == "read_uncommitted", f"aiokafka {aiokafka.__version__} renamed it"
    for owner, name in (
        (driver.AIOKafkaConsumerThread, "_create_worker_consumer"),
        (driver.AIOKafkaConsumerThread, "earliest_offsets"),
        (driver.Consumer, "_new_consumer_thread"),
        (driver.Consumer, "seek_to_committed"),
        (driver.Consumer, "_seek"),
        (driver.Transport, "Consumer"),
    ):
        assert hasattr(owner, name), f"Faust has no {owner.__name__}.{name} any more"


@pytest.mark.kafka
def test_what_an_aborted_transaction_pushed_is_not_processed(broker: str) -> None:
    settings = settings_for(broker, fresh("aborted") + ".", stages="clean", partitions=1)
    asyncio.run(create_topics(settings))

    async def push() -> None:
        async with AIOKafkaProducer(bootstrap_servers=broker, transactional_id=fresh("feed")) as producer:
            for uri in (b"kept-1", b"aborted", b"kept-2"):
                await producer.begin_transaction()
                await producer.send_and_wait(settings.topic("articles.raw"), ARTICLE % uri)
                await (producer.abort_transaction() if uri == b"aborted" else producer.commit_transaction())

    asyncio.run(push())
    with Worker(settings) as worker:
        wait_until(lambda: len(read_topic(broker, settings.topic("articles.clean"))) >= 2, 60, "the clean articles")
        assert worker.stop() == 0
    clean = [read.value or b"" for read in read_topic(broker, settings.topic("articles.clean"))]
    assert [b"kept-1" in value or b"kept-2" in value for value in clean] == [True, True]


@pytest.mark.kafka
def test_faust_worker_runs_the_same_app(broker: str, tmp_path: Path) -> None:
    settings = settings_for(broker, fresh("faust") + ".", stages="clean,dedupe", partitions=1)
    asyncio.run(create_topics(settings))
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen(
        [Path(sys.executable).with_name("faust"), "-A", "streams.app", "worker", "-l", "warn"],
        env=os.environ | environment_of(settings),
        stdout=log,
        stderr=log,
    )
    try:
        wait_until(Worker(settings).ready, 90, "the worker to be ready")

        async def push() -> None:
            async with AIOKafkaProducer(bootstrap_servers=broker) as producer:
                await producer.send_and_wait(settings.topic("articles.raw"), ARTICLE % b"a")

        asyncio.run(push())
        wait_until(lambda: read_topic(broker, settings.topic("stories")), 60, "the story")
        assert committed_offsets(settings, STAGES["clean"]) == 1
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
