"""What a worker holds is bounded in bytes, however large the articles are and however many wait."""

import asyncio
import os
import random
import re
import signal
import time
from pathlib import Path

import orjson
import pytest

from streams.cluster import create_topics
from streams.processes import Process
from streams.records import Incoming
from streams.settings import Settings
from streams.stages import STAGES, Options, Product, run
from tests.kafka_tools import fresh, produce, read_topic, wait_until
from tests.soak.feed import sentence
from tests.soak.proc import family
from tests.worker_tools import Worker, committed_offsets, settings_for

MB = 2**20
ARTICLES = 60
BOUND_MB = 4
"""The test's bounds for what waits before a lane and in it; the shipped ones are 16."""
BUFFERED_MB = 70
"""Of 160 MB that wait for a stage that stands still: a record in the lane, one or two before it, some fetched, copies (46)."""
WORKED_MB = 240
"""The same, and what one article takes while it is read, decided on and written (163 to 198 measured, for 60 as for 120)."""

KEPT_MB = 120
"""What a process of the pool may keep of the largest article that it has parsed (38 measured; 230 where glibc decides)."""


def peak_mb(pid: int) -> float:
    """The most memory that a process ever held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def clean_article(body: str) -> dict[str, object]:
    raw = {"uri": "urn:first", "outlet": "o", "language": "en", "body": body, "published_at": "2026-03-16T10:00:00Z"}
    product = run("clean", Incoming("articles.raw", 0, 0, 0, None, orjson.dumps(raw)), Options())
    assert isinstance(product, Product), product
    article: dict[str, object] = orjson.loads(product.outputs[0].value or b"")
    return article


def bounded(broker: str, stages: str) -> Settings:
    """Settings with the test's bounds, and topics."""
    bounds = {"buffer_bytes": BOUND_MB * MB, "window_bytes": BOUND_MB * MB, "partitions": 1, "task_timeout_s": 600}
    settings = settings_for(broker, fresh("memory") + ".", stages=stages, **bounds)
    asyncio.run(create_topics(settings))
    return settings


@pytest.mark.kafka
def test_a_stage_that_stands_still_holds_a_few_articles_however_many_wait(broker: str) -> None:
    settings = bounded(broker, "clean")
    with Worker(settings) as worker:
        assert worker.process is not None
        pid = worker.process.pid
        for process in family(pid)[1:]:
            os.kill(process, signal.SIGSTOP)
        before = peaks = peak_mb(pid)
        raw = (orjson.dumps({"uri": f"urn:{n}", "outlet": "o", "body": "word " * 800_000}) for n in range(40))
        produce(broker, settings.topic("articles.raw"), raw, key=lambda _: b"o")
        wait_until(
            lambda: worker.metrics().get("copydesk_in_flight_records{partition=0,stage=clean}"), 60, "an article in the lane"
        )
        still = 0
        while still < 10:
            time.sleep(0.5)
            still = still + 1 if peak_mb(pid) == peaks else 0
            peaks = peak_mb(pid)
        print(f"peak grew by {peaks - before:.0f} MB over {before:.0f} MB")
        assert worker.process.poll() is None
        assert peaks - before < BUFFERED_MB


@pytest.mark.kafka
def test_articles_of_4_mb_many_times_what_may_wait_do_not_fill_a_workers_memory_and_all_come_out(broker: str) -> None:
    text = " ".join(sentence(random.Random(1)) for _ in range(400))
    large = clean_article(" ".join([text] * (4_000_000 // (len(text) + 1))))
    small = orjson.dumps(clean_article(text) | {"uri": "urn:small"})
    settings = bounded(broker, "dedupe")
    dedupe, topic = STAGES["dedupe"], settings.topic("articles.clean")
    with Worker(settings) as worker:
        assert worker.process is not None
        produce(broker, topic, [small], key=lambda _: b"en")
        wait_until(lambda: committed_offsets(settings, dedupe) == 1, 120, "the small article")
        before = peak_mb(worker.process.pid)
        large_ones = (orjson.dumps(large | {"uri": f"urn:large-{n}"}) for n in range(ARTICLES))
        produce(broker, topic, large_ones, key=lambda _: b"en")
        wait_until(
            lambda: committed_offsets(settings, dedupe) == ARTICLES + 1, 120, lambda: str(committed_offsets(settings, dedupe))
        )
        grown = peak_mb(worker.process.pid) - before
        print(f"peak grew by {grown:.0f} MB over {before:.0f} MB")
        assert worker.stop() == 0
    stories = [orjson.loads(read.value or b"") for read in read_topic(broker, settings.topic("stories"))]
    assert sorted(story["uri"] for story in stories) == sorted(["urn:small", *(f"urn:large-{n}" for n in range(ARTICLES))])
    assert all(len(story["body"]) == len(str(large["body"])) for story in stories if story["uri"] != "urn:small")
    assert grown < WORKED_MB


def test_a_process_of_the_pool_gives_back_what_a_large_article_took() -> None:
    rng = random.Random(2)
    small, large = (
        Incoming("stories", 0, 0, 0, None, orjson.dumps(article | {"story_id": "s", "role": "original"}))
        for article in (clean_article(" ".join(sentence(rng) for _ in range(count))) for count in (20, 1_300))
    )
    process = Process(("extract",), Options(), run)
    try:
        process.wait_warm()
        for _ in range(3):
            assert isinstance(process.run("extract", small, 300, 2**40), Product)
        before = process.rss_bytes / MB
        assert isinstance(process.run("extract", large, 300, 2**40), Product)
        kept = process.rss_bytes / MB - before
    finally:
        process.end()
    print(f"{kept:.0f} MB kept over {before:.0f} MB")
    assert kept < KEPT_MB
