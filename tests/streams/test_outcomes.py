"""What the cluster may do to a worker, and what becomes of it: each case has an outcome, and nothing is lost in any."""

import asyncio
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from streams.cluster import create_topics
from streams.kafka import EmbeddedKafka
from streams.settings import Settings
from streams.stages import STAGES
from tests.chaos.verdict import judge
from tests.kafka_tools import end_transaction, fresh, hanging_transactions, produce, read_topic, set_limit, topics, wait_until
from tests.worker_tools import READY_S, Worker, committed_offsets, settings_for

pytestmark = pytest.mark.kafka


def article(number: int, characters: int = 100) -> bytes:
    sentence = f"The ferry number {number} sailed from the harbour on Monday with {number} people on board. "
    body = sentence * max(1, characters // len(sentence))
    return orjson.dumps({"uri": f"article-{number}", "outlet": "Harbor Gazette", "language": "en", "body": body})


def push(settings: Settings, articles: list[bytes]) -> None:
    produce(settings.broker, settings.topic("articles.raw"), articles, key=lambda _: b"Harbor Gazette")


def uris(settings: Settings, topic: str = "articles.clean") -> list[str]:
    return [orjson.loads(read.value or b"")["uri"] for read in read_topic(settings.broker, settings.topic(topic))]


def delete(settings: Settings, topic: str) -> None:
    """Delete a topic, and wait until the broker has forgotten it."""
    name = settings.topic(topic)
    admin = AdminClient({"bootstrap.servers": settings.broker})
    admin.delete_topics([name])[name].result(30)
    wait_until(lambda: name not in topics(settings.broker), 30, f"{name} to be gone")


@contextmanager
def supervised(worker: Worker) -> Iterator[Callable[[], bool]]:
    """A function that starts the worker again where it has ended, as `copydesk worker` does; it returns whether it did."""

    def again() -> bool:
        assert worker.process is not None
        if worker.process.poll() is None:
            return False
        assert worker.process.returncode == 3, worker.log.read_text()[-3000:]
        worker.start()
        return True

    with worker:
        yield again


@pytest.fixture
def settings(broker: str) -> Settings:
    """One partition and the clean stage, topics of the test's own."""
    settings = settings_for(broker, fresh("outcome") + ".", stages="clean", partitions=1)
    asyncio.run(create_topics(settings))
    return settings


def test_an_article_that_is_too_large_for_a_topic_of_the_operators_is_a_dead_letter(settings: Settings) -> None:
    set_limit(settings.broker, settings.topic("articles.clean"), 50_000)
    push(settings, [article(1), article(2, characters=100_000), article(3)])
    with Worker(settings) as worker:
        wait_until(lambda: committed_offsets(settings, STAGES["clean"]) == 3, 60, "all three to be done")
        assert worker.stop() == 0
    assert uris(settings) == ["article-1", "article-3"]
    (letter,) = read_topic(settings.broker, settings.topic("articles.raw-dlq"))
    assert letter.value == article(2, characters=100_000)
    assert dict(letter.headers)["dlq_reason"] == b"too-large"
    assert b"articles.clean takes 50000" in dict(letter.headers)["dlq_detail"]


def test_a_record_that_even_the_dead_letter_topic_does_not_take_stops_the_stage_until_it_does(settings: Settings) -> None:
    set_limit(settings.broker, settings.topic("articles.clean"), 50_000)
    set_limit(settings.broker, settings.topic("articles.raw-dlq"), 50_000)
    push(settings, [article(1), article(2, characters=100_000)])
    worker = Worker(settings, wait=False)
    with supervised(worker) as again:
        wait_until(again, 60, "the worker to end")
        assert "raise that topic's max.message.bytes" in worker.log.read_text()
        set_limit(settings.broker, settings.topic("articles.raw-dlq"), 1_000_000)
        wait_until(lambda: again() or committed_offsets(settings, STAGES["clean"]) == 2, 60, "both to be done")
        wait_until(lambda: committed_offsets(settings, STAGES["clean"]) == 2, 60, "both to be done")
    assert len(read_topic(settings.broker, settings.topic("articles.raw-dlq"))) == 1


def test_an_output_topic_that_vanishes_is_made_anew_and_what_was_not_committed_is_published(settings: Settings) -> None:
    with supervised(Worker(settings)) as again:
        push(settings, [article(1)])
        wait_until(lambda: uris(settings), 60, "the first article")
        delete(settings, "articles.clean")
        push(settings, [article(2), article(3)])
        wait_until(again, 90, "the worker to notice")
        wait_until(lambda: committed_offsets(settings, STAGES["clean"]) == 3, 60, "all three to be done")
    assert uris(settings) == ["article-2", "article-3"]


def test_an_input_topic_that_is_deleted_and_made_anew_is_read_from_its_beginning(settings: Settings) -> None:
    with supervised(Worker(settings)) as again:
        push(settings, [article(number) for number in range(5)])
        wait_until(lambda: len(uris(settings)) == 5, 60, "the first articles")
        delete(settings, "articles.raw")
        asyncio.run(create_topics(settings))
        push(settings, [article(number) for number in range(10, 13)])
        wait_until(lambda: (again() or True) and len(uris(settings)) == 8, 90, lambda: uris(settings))
    assert uris(settings)[5:] == ["article-10", "article-11", "article-12"]


def test_a_stage_whose_state_topic_is_gone_does_not_go_on_without_memory(broker: str) -> None:
    settings = settings_for(broker, fresh("outcome") + ".", stages="clean,dedupe", partitions=1)
    asyncio.run(create_topics(settings))
    push(settings, [article(1)])
    worker = Worker(settings)
    with worker:
        wait_until(lambda: uris(settings, "stories"), 60, "the story")
        assert worker.stop() == 0
        delete(settings, "dedupe.state")
        worker._wait = False
        worker.start()
        assert worker.process is not None
        assert worker.process.wait(60) == 1
        log = worker.log.read_text()
    assert f"the topic {settings.topic('dedupe.state')} is gone" in log
    assert "copydesk topics create" in log
    assert "Traceback" not in log


def test_what_retention_deleted_before_it_was_read_is_said_and_counted(settings: Settings) -> None:
    with Worker(settings) as worker:
        push(settings, [article(number) for number in range(5)])
        wait_until(lambda: committed_offsets(settings, STAGES["clean"]) == 5, 60, "the first articles")
        assert worker.stop() == 0
    push(settings, [article(number) for number in range(5, 10)])
    partition, admin = TopicPartition(settings.topic("articles.raw"), 0, 8), AdminClient({"bootstrap.servers": settings.broker})
    admin.delete_records([partition])[partition].result(30)
    with Worker(settings) as worker:
        wait_until(lambda: committed_offsets(settings, STAGES["clean"]) == 10, 60, "the last articles")
        assert worker.metrics()["copydesk_expired_records_total{stage=clean}"] == 3
        assert "3 records were deleted by retention before clean read them" in worker.log.read_text()
        assert worker.stop() == 0
    assert uris(settings) == [f"article-{number}" for number in (0, 1, 2, 3, 4, 8, 9)]


def test_a_worker_that_is_started_before_the_broker_waits_for_it_and_ends_at_once_when_it_is_told_to() -> None:
    kafka = EmbeddedKafka()
    kafka.start()
    kafka.stop()
    settings = settings_for(kafka.bootstrap, fresh("outcome") + ".", stages="clean", partitions=1)
    with Worker(settings, wait=False) as worker:
        wait_until(lambda: "no Kafka broker answers" in worker.log.read_text(), 60, "the worker to say that it waits")
        assert worker.get("/live") == "live\n", "else its supervisor would end it"
        assert worker.get("/ready", 503) == "waiting for the broker\n"
        assert worker.stop(10) == 0
        worker.start()
        with kafka:
            wait_until(worker.ready, 90, "the worker to be ready")
            assert settings.topic("articles.clean") in topics(settings.broker)
            assert worker.stop() == 0


LEFT_OUT_BY_ITS_GROUP = """
from streams import app, consumer, worker

async def nothing(consumer):
    return {}

app.JOIN_TIMEOUT_S = 5
consumer.LaneConsumer.seek_to_committed = nothing
worker.main()
"""


def test_a_worker_whose_group_gives_it_nothing_to_do_starts_again(settings: Settings) -> None:
    with Worker(settings, wait=False, program=("-c", LEFT_OUT_BY_ITS_GROUP)) as worker:
        assert worker.process is not None
        assert worker.process.wait(READY_S) == 3
        assert "clean has waited for its group for 5 s" in worker.log.read_text()


def test_when_the_brokers_disk_is_full_the_worker_waits_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """The disk is a limit on the size of the broker's files: a write beyond it fails as one on a full disk does."""
    kafka = EmbeddedKafka(tmp_path / "kafka")
    kafka.start()
    settings = settings_for(kafka.bootstrap, fresh("outcome") + ".", stages="clean", partitions=1)
    asyncio.run(create_topics(settings))
    try:
        with supervised(Worker(settings, wait=False)) as again:
            push(settings, [article(0)])
            wait_until(lambda: uris(settings), 60, "the first article")
            # Indexes have 10 MB from the beginning; articles.raw has room because it is filled before.
            push(settings, [article(number, characters=200_000) for number in range(1, 40)])
            resource.prlimit(kafka.pid, resource.RLIMIT_FSIZE, (6_000_000, resource.RLIM_INFINITY))
            wait_until(again, 120, "the worker to lose the broker")
            kafka.stop()
            kafka.start()
            wait_until(lambda: (again() or True) and committed_offsets(settings, STAGES["clean"]) == 40, 120, "all to be done")
        assert judge(settings, STAGES["clean"]).examples == []
    finally:
        kafka.stop()


def test_a_worker_whose_broker_is_away_does_not_fill_its_log(tmp_path: Path) -> None:
    kafka = EmbeddedKafka(tmp_path / "kafka")
    kafka.start()
    settings = settings_for(kafka.bootstrap, fresh("outcome") + ".", stages="clean", partitions=1)
    with Worker(settings) as worker:
        kafka.stop()
        time.sleep(8)  # what is tested is what it writes while nothing else happens
        lines = worker.log.read_text().splitlines()
    assert any("aiokafka" in line for line in lines)
    assert len([line for line in lines if line[:2] == "20"]) < 40


def test_a_worker_that_is_stopped_while_its_broker_is_away_ends_as_asked_and_without_a_traceback(tmp_path: Path) -> None:
    kafka = EmbeddedKafka(tmp_path)
    try:
        settings = settings_for(kafka.start(), fresh("outcome") + ".", stages="clean,dedupe", partitions=2)
        asyncio.run(create_topics(settings))
        with Worker(settings) as worker:
            kafka.stop()
            wait_until(lambda: "Failed fetch messages" in worker.log.read_text(), 60, lambda: worker.log.read_text()[-1000:])
            assert worker.stop() == 0
            assert "Traceback" not in worker.log.read_text()
    finally:
        kafka.stop()


async def leave_open(broker: str, topic: str) -> None:
    """Write a record in a transaction that no coordinator knows of: what Kafka's own fault leaves behind."""
    producer = AIOKafkaProducer(bootstrap_servers=broker, transactional_id=fresh("lost"))
    await producer.start()
    await producer.begin_transaction()
    producer._txn_manager._txn_partitions.add((topic, 0))  # as if the coordinator had been told
    await producer.send_and_wait(topic, article(0), partition=0)
    await producer.client.close()
    await producer._sender.close()
    producer._closed = True


def test_a_transaction_that_the_broker_left_open_is_ended_with_kafkas_own_command_and_the_stage_goes_on() -> None:
    unverified = {"transaction.partition.verification.enable": "false"}  # or the broker refuses what `leave_open` does
    with EmbeddedKafka(settings=unverified) as kafka:
        settings = settings_for(kafka.bootstrap, fresh("outcome") + ".", stages="clean", partitions=1)
        asyncio.run(create_topics(settings))
        raw = settings.topic("articles.raw")
        with Worker(settings) as worker:
            push(settings, [article(1)])
            wait_until(lambda: uris(settings), 60, "the first article")
            asyncio.run(leave_open(kafka.bootstrap, raw))
            push(settings, [article(2), article(3)])
            (transaction,) = hanging_transactions(kafka.bootstrap, "1")
            assert transaction.topic == raw
            assert len(read_topic(kafka.bootstrap, raw)) == 1
            end_transaction(kafka.bootstrap, transaction)
            wait_until(lambda: len(uris(settings)) == 3, 60, "what lay behind it")
            assert worker.stop() == 0
        assert uris(settings) == ["article-1", "article-2", "article-3"]
        assert judge(settings, STAGES["clean"]).examples == []
