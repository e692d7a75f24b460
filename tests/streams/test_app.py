"""The Faust apps, and the private names of Faust and aiokafka that they lean on."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import aiokafka
import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from schemas import CleanArticle
from streams.app import NoTables, StageApp
from streams.cluster import create_topics
from streams.fuse import FuseBlown
from streams.lanes import LaneFailed
from streams.stages import DEDUPE, STAGES, Options
from tests.kafka_tools import fresh, produce, read_topic, wait_until
from tests.worker_tools import Worker, committed_offsets, environment_of, settings_for

ARTICLE = b'{"uri": "%s", "outlet": "Harbor Gazette", "language": "en", "body": "The ferry sailed on Monday."}'


async def test_the_private_names_that_we_lean_on_are_there() -> None:
    consumer = AIOKafkaConsumer()
    assert consumer._isolation_level == "read_uncommitted", f"aiokafka {aiokafka.__version__} renamed it"
    for owner, name in (
        (driver.AIOKafkaConsumerThread, "_create_worker_consumer"),
        (driver.AIOKafkaConsumerThread, "on_thread_stop"),
        (driver.AIOKafkaConsumerThread, "_stopped_set"),
        (driver.Consumer, "_new_consumer_thread"),
        (driver.Consumer, "seek_to_committed"),
        (driver.Consumer, "_seek"),
        (driver.Transport, "Consumer"),
    ):
        assert hasattr(owner, name), f"Faust has no {owner.__name__}.{name} any more"


async def test_a_stage_does_not_wait_for_tables_that_it_does_not_have(broker: str) -> None:
    app = StageApp(DEDUPE, settings_for(broker, fresh("tables") + "."), Options(), None, [])
    assert isinstance(app.tables, NoTables)
    await asyncio.wait_for(app.tables.sleep(3_600), 60)


@pytest.mark.kafka
@pytest.mark.timeout(900)
async def test_what_a_fetch_took_that_was_cancelled_is_read_again(broker: str) -> None:
    settings = settings_for(broker, fresh("cancelled") + ".", stages="dedupe", partitions=1)
    await create_topics(settings)
    failures: list[LaneFailed | FuseBlown] = []
    app = StageApp(DEDUPE, settings, Options(), None, failures)
    partition = TP(settings.topic("articles.clean"), 0)

    async def push(uri: str) -> None:
        now = datetime.now(UTC)
        article = CleanArticle(
            uri=uri,
            version=1,
            pub_status="usable",
            outlet="Harbor Gazette",
            body="The ferry sailed.",
            language="en",
            published_at=now,
        )
        await asyncio.to_thread(produce, broker, partition.topic, [article.to_json()], partition=0)

    async def stories() -> list[str]:
        read = await asyncio.to_thread(read_topic, broker, settings.topic("stories"))
        return [orjson.loads(story.value or b"")["uri"] for story in read]

    await app.start()
    try:
        async with asyncio.timeout(840):
            await push("before")
            while await stories() != ["before"]:
                await asyncio.sleep(0.1)
            await app._stop_fetcher()  # so that the next fetch is ours
            position = await app.consumer.position(partition)
            fetch = asyncio.create_task(app.consumer._getmany({partition}, timeout=600))
            await asyncio.sleep(0.5)
            fetch.cancel()
            await asyncio.wait([fetch])
            await push("taken")
            while await app.consumer.position(partition) == position:  # Faust's thread goes on with a fetch that was cancelled
                await asyncio.sleep(0.1)
            await app._fetcher.start()
            await push("after")
            while len(await stories()) < 3:
                await asyncio.sleep(0.1)
    finally:
        await app.stop()
    assert await stories() == ["before", "taken", "after"]
    assert failures == []


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
