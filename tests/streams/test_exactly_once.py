"""Kill the worker at random moments, and compare what a subscriber reads with the same stages run without Kafka."""

import asyncio
import random
import time

import orjson
import pytest

from streams.cluster import create_topics
from streams.stages import STAGES
from tests.kafka_tools import fresh, produce, read_topic, wait_until
from tests.worker_tools import Worker, committed_offsets, differences, free_port, settings_for

ARTICLES = 600
KILLS = 4
WORDS = ("river", "council", "vote", "bridge", "flood", "minister", "report", "night", "harbour", "train", "school", "storm")


def article(number: int, rng: random.Random) -> bytes:
    """An article of random words; every fourth is a copy of an earlier one, every fiftieth is not an article."""
    if number % 50 == 49:
        return b'{"uri": "broken-%d", "outlet": "Outlet 1"}' % number
    seed = rng.randrange(max(1, number // 2)) if number % 4 == 3 else number
    words = random.Random(seed)
    body = " ".join(words.choice(WORDS) + str(words.randrange(300)) for _ in range(120))
    fields = {
        "uri": f"article-{number}",
        "outlet": f"Outlet {number % 17}",
        "language": "en",
        "body": f"{body}.",
        "published_at": f"2026-03-16T{number // 60 % 24:02}:{number % 60:02}:00Z",
    }
    return orjson.dumps(fields)


@pytest.mark.kafka
def test_a_worker_that_is_killed_again_and_again_publishes_everything_once(broker: str) -> None:
    rng = random.Random(20261123)
    settings = settings_for(broker, fresh("eos") + ".", stages="clean,dedupe", commit_records=7)
    asyncio.run(create_topics(settings))
    raw = [article(number, rng) for number in range(ARTICLES)]
    outlet = {line: str(orjson.loads(line)["outlet"]).encode() for line in raw}
    produce(broker, settings.topic("articles.raw"), raw, key=outlet.__getitem__)
    clean = STAGES["clean"]

    def progress() -> int:
        return committed_offsets(settings, clean)

    with Worker(settings) as worker:
        for kill in range(KILLS):
            at = ARTICLES * (kill + 1) // (KILLS + 2)
            wait_until(lambda at=at: progress() >= at, 60, lambda: f"{progress()} of {ARTICLES} committed")
            time.sleep(rng.uniform(0, 0.1))
            worker.kill()
            worker.start()

        def undecided() -> int:
            clean_articles, stories = (len(read_topic(broker, settings.topic(topic))) for topic in ("articles.clean", "stories"))
            return clean_articles - stories

        # Lag would not do: it is 0 until the consumer has heard of what was published last.
        wait_until(
            lambda: progress() == ARTICLES and undecided() <= 0,
            60,
            lambda: f"{progress()} of {ARTICLES} committed, {undecided()} not decided",
        )
        assert worker.stop() == 0
    for stage in ("clean", "dedupe"):
        assert differences(settings, STAGES[stage]) == []


@pytest.mark.kafka
def test_a_second_worker_takes_partitions_over_in_mid_work_and_nobody_crashes(broker: str) -> None:
    settings = settings_for(broker, fresh("scale") + ".", stages="clean", drain_s=1)
    asyncio.run(create_topics(settings))
    rng = random.Random(7)
    sentences = [" ".join(rng.choice(WORDS) for _ in range(12)) + "." for _ in range(400)]
    raw = [
        orjson.dumps(
            {"uri": f"long-{n}", "outlet": f"Outlet {n % 17}", "language": "en", "body": "\n\n".join(rng.sample(sentences, 400))}
        )
        for n in range(160)
    ]
    clean = STAGES["clean"]
    with Worker(settings) as first:
        produce(broker, settings.topic("articles.raw"), raw, key=lambda line: str(orjson.loads(line)["outlet"]).encode())
        wait_until(lambda: committed_offsets(settings, clean) > 0, 60, "the first commit")
        second_settings = settings.model_copy(update={"instance": "second", "http_port": free_port()})
        with Worker(second_settings) as second:
            wait_until(lambda: committed_offsets(settings, clean) == len(raw), 60, lambda: committed_offsets(settings, clean))
            assert second.stop() == 0
        assert first.process is not None
        assert first.process.poll() is None, first.log.read_text()
        assert first.stop() == 0
        assert "ERROR copydesk" not in first.log.read_text()
    assert differences(settings, clean) == []
