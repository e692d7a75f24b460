"""The fuse: what blows it, what does not, and what a worker does whose fuse blew."""

import asyncio
import os
import subprocess

import orjson
import pytest

from streams.cluster import create_topics
from streams.dead_letters import Failure
from streams.fuse import SAMPLE, Fuse, FuseBlown
from streams.records import Incoming
from streams.stages import STAGES
from streams.topics import ARTICLES_CLEAN, ARTICLES_RAW
from tests.kafka_tools import fresh, produce, read_topic, wait_until
from tests.streams.test_cli import COPYDESK
from tests.worker_tools import Worker, committed_offsets, environment_of, settings_for

NOT_AN_ARTICLE = Failure("schema", "ValidationError", "body: Field required")
PROGRAM_FAULT = Failure("exception", "IndexError", "list index out of range")


def record(offset: int, topic: str = ARTICLES_RAW.name, key: bytes = b"Harbor Gazette") -> Incoming:
    return Incoming(topic, 0, offset, 0, key, b"{}")


def test_a_run_of_program_faults_blows_it_at_the_last_of_the_run() -> None:
    fuse = Fuse(run=5, share=1)
    for offset in range(4):
        fuse.rejected(record(offset), PROGRAM_FAULT)
    with pytest.raises(FuseBlown, match="5 in a row could not be processed, the last for exception: list index out of range"):
        fuse.rejected(record(4), PROGRAM_FAULT)


def test_a_success_ends_a_run() -> None:
    fuse = Fuse(run=5, share=1)
    for offset in range(100):
        fuse.passed() if offset % 4 == 3 else fuse.rejected(record(offset), PROGRAM_FAULT)


def test_one_feed_gone_mad_does_not_blow_it_however_much_it_pushes() -> None:
    fuse = Fuse(run=5, share=0.5)
    for offset in range(10 * SAMPLE):
        fuse.rejected(record(offset), NOT_AN_ARTICLE)


def test_many_feeds_that_fail_at_once_blow_it() -> None:
    fuse = Fuse(run=5, share=1)
    for offset in range(4):
        fuse.rejected(record(offset, key=b"Outlet %d" % offset), NOT_AN_ARTICLE)
    with pytest.raises(FuseBlown):
        fuse.rejected(record(4, key=b"Outlet 4"), NOT_AN_ARTICLE)


def test_what_our_own_stage_wrote_and_the_next_cannot_read_is_a_fault_of_the_program() -> None:
    fuse = Fuse(run=5, share=1)
    for offset in range(4):
        fuse.rejected(record(offset, ARTICLES_CLEAN.name, b"en"), NOT_AN_ARTICLE)
    with pytest.raises(FuseBlown):
        fuse.rejected(record(4, ARTICLES_CLEAN.name, b"en"), NOT_AN_ARTICLE)


def test_it_blows_for_its_share_when_enough_was_seen_and_forgets_what_is_long_past() -> None:
    def show(fuse: Fuse, records: int, every: int) -> None:
        for offset in range(records):
            fuse.rejected(record(offset), PROGRAM_FAULT) if offset % every == 0 else fuse.passed()

    with pytest.raises(FuseBlown, match="of the last"):
        show(Fuse(run=1000, share=0.3), SAMPLE, every=2)
    show(Fuse(run=1000, share=0.6), 10 * SAMPLE, every=2)
    fuse = Fuse(run=1000, share=0.2)
    show(fuse, SAMPLE // 2 - 1, every=2)  # too few to tell
    for _ in range(SAMPLE):
        fuse.passed()
    show(fuse, 20 * SAMPLE, every=10)


@pytest.mark.kafka
def test_a_broken_deployment_stops_with_code_4_sets_nothing_more_aside_and_says_so_while_it_is_watched(broker: str) -> None:
    settings = settings_for(broker, fresh("fuse") + ".", stages="dedupe", fuse_run=20, fuse_hold_s=8)
    asyncio.run(create_topics(settings))
    good = orjson.dumps({"uri": "a", "outlet": "Harbor Gazette", "body": "The ferry sailed.", "language": "en"})
    with Worker(settings) as worker:
        assert worker.metrics()["copydesk_fuse_blown{stage=dedupe}"] == 0
        produce(broker, settings.topic("articles.clean"), [good] * 300, partition=0)
        wait_until(lambda: worker.metrics().get("copydesk_fuse_blown{stage=dedupe}") == 1, 60, "the fuse to blow")
        assert worker.get("/ready") is None
        aside = len(read_topic(broker, settings.topic("articles.clean-dlq")))
        assert aside < 300
        assert worker.process is not None
        assert worker.process.wait(60) == 4
        log = worker.log.read_text()
    assert "20 in a row could not be processed, the last for schema" in log
    assert "copydesk dlq list" in log
    assert len(read_topic(broker, settings.topic("articles.clean-dlq"))) == aside == committed_offsets(settings, STAGES["dedupe"])


@pytest.mark.kafka
def test_copydesk_worker_does_not_start_a_worker_again_whose_fuse_blew(broker: str) -> None:
    settings = settings_for(broker, fresh("fuse") + ".", stages="dedupe", fuse_run=20, fuse_hold_s=0)
    asyncio.run(create_topics(settings))
    produce(broker, settings.topic("articles.clean"), [b"{}"] * 100, partition=0)
    ended = subprocess.run(
        [COPYDESK, "worker"], env=os.environ | environment_of(settings), capture_output=True, timeout=120, check=False
    )
    assert ended.returncode == 4
    assert b"starting it again" not in ended.stderr
