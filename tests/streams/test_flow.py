"""The sample feed through Kafka: the whole flow as its three users see it."""

import asyncio
import json
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest

from schemas import Claim, CleanArticle, Digest, Entities, Event, Occurrence, Quote, StoryArticle, Withdrawn
from streams.cluster import create_topics
from streams.pushing import Pusher
from streams.settings import Settings
from streams.stages import STAGES
from tests.chaos.verdict import judge
from tests.kafka_tools import Read, fresh, read_topic, wait_until
from tests.worker_tools import Worker, settings_for

FEED = Path(__file__).parents[2] / "deploy" / "sample_feed" / "feed.jsonl"
EXPECTED: dict[str, Any] = json.loads((FEED.parent / "expected.json").read_text())
PUBLISHED = ("articles.clean", "stories", "entities", "events", "claims", "digests", "quotes", "occurrences")
TOPICS = (*PUBLISHED, "articles.raw-dlq", "articles.clean-dlq", "stories-dlq", "digests-dlq")

pytestmark = pytest.mark.kafka


class Flow(NamedTuple):
    """What the sample feed became, and the worker's metrics at the end."""

    settings: Settings
    topics: dict[str, list[Read]]
    metrics: dict[str, float]
    exit_code: int


@pytest.fixture(scope="module")
def flow(broker: str) -> Flow:
    """The sample feed pushed through a worker, once for all tests."""
    # One partition: delivery order is file order, so that an original is always there before its copies.
    settings = settings_for(broker, fresh("flow") + ".", pool_processes=2, partitions=1)

    async def push() -> int:
        await create_topics(settings)
        async with Pusher(settings, check=False) as pusher:
            for number, line in enumerate(FEED.read_bytes().split(b"\n"), 1):
                if line.strip():
                    await pusher.push(line, f"line {number}")
            await pusher.flush()
        assert pusher.refused == []
        return pusher.delivered

    pushed = asyncio.run(push())
    with Worker(settings) as worker:
        metrics: dict[str, float] = {}

        def counts() -> tuple[float, ...]:
            metrics.clear()
            metrics.update(worker.metrics())
            records_in = (metrics.get(f"copydesk_records_in_total{{stage={stage}}}", 0) for stage in STAGES)
            records_out = (
                metrics.get(f"copydesk_records_out_total{{stage={stage},topic={topic}}}", 0)
                for stage, topic in (("clean", "articles.clean"), ("dedupe", "stories"), ("extract", "digests"))
            )
            return (*records_in, *records_out)

        def finished() -> bool:
            clean, dedupe, extract, link, cleaned, decided, digested = counts()
            return clean == pushed and dedupe == cleaned > 0 and extract == decided and link == digested > 0

        wait_until(finished, 90, counts)
        code = worker.stop()
    return Flow(settings, {topic: read_topic(broker, settings.topic(topic)) for topic in TOPICS}, metrics, code)


def values(flow: Flow, topic: str) -> list[dict[str, Any]]:
    """The records of a topic, tombstones left out."""
    return [orjson.loads(read.value) for read in flow.topics[topic] if read.value is not None]


def test_nothing_is_lost_every_line_is_an_article_or_a_dead_letter(flow: Flow) -> None:
    assert len(flow.topics["articles.clean"]) + len(flow.topics["articles.raw-dlq"]) == EXPECTED["counts"]["lines"]
    assert len(flow.topics["articles.raw-dlq"]) == EXPECTED["counts"]["malformed"]
    assert flow.topics["articles.clean-dlq"] == flow.topics["stories-dlq"] == flow.topics["digests-dlq"] == []


def test_each_stage_publishes_what_it_gives_without_kafka(flow: Flow) -> None:
    for stage in STAGES.values():
        assert judge(flow.settings, stage).examples == []


def test_every_record_keeps_the_contract(flow: Flow) -> None:
    models = {"articles.clean": CleanArticle, "stories": StoryArticle, "entities": Entities, "events": Event, "claims": Claim}
    models |= {"digests": Digest, "quotes": Quote, "occurrences": Occurrence}
    for topic, model in models.items():
        for record in values(flow, topic):
            (
                Withdrawn if record["pub_status"] == "canceled" and topic in ("entities", "events", "claims") else model
            ).model_validate(record)


def test_every_span_stands_where_it_says(flow: Flow) -> None:
    bodies = {(record["uri"], record["version"]): record for record in values(flow, "stories")}
    spans = 0

    def walk(value: Any, article: dict[str, Any]) -> None:
        nonlocal spans
        if isinstance(value, dict):
            if {"start", "end", "text"} <= value.keys():
                text = article["title"] if value.get("field") == "title" else article["body"]
                assert text[value["start"] : value["end"]] == value["text"]
                spans += 1
            for item in value.values():
                walk(item, article)
        elif isinstance(value, list):
            for item in value:
                walk(item, article)

    for topic in ("entities", "events", "claims"):
        for record in values(flow, topic):
            walk(record, bodies[record["article_uri"], record["article_version"]])
    assert spans > 1000


def test_a_dead_letter_is_the_record_as_it_came_with_its_reason(flow: Flow) -> None:
    lines = FEED.read_bytes().split(b"\n")
    wanted = {lines[entry["line"] - 1]: entry["kind"] for entry in EXPECTED["malformed"]}
    reasons = {}
    for letter in flow.topics["articles.raw-dlq"]:
        headers = {name: value.decode() for name, value in letter.headers}
        assert {"dlq_stage", "dlq_reason", "dlq_exception", "dlq_topic", "dlq_partition", "dlq_offset", "dlq_received_at"} <= set(
            headers
        )
        assert headers["dlq_topic"] == flow.settings.topic("articles.raw")
        assert letter.value is not None
        reasons[wanted.pop(letter.value)] = headers["dlq_reason"]
    assert wanted == {}
    assert reasons["cut_off_json"] == "json"
    assert reasons["not_utf8"] == "encoding"
    assert reasons["html_without_text"] == "unprocessable"
    assert {reasons[kind] for kind in ("missing_uri", "empty_uri", "wrong_type_version", "empty_body")} == {"schema"}


def test_copies_corrections_and_kills_are_recognised(flow: Flow) -> None:
    roles: dict[str, list[str]] = {}
    story: dict[str, str] = {}
    for record in values(flow, "stories"):
        roles.setdefault(record["uri"], []).append(record["role"])
        story[record["uri"]] = record["story_id"]
    copies = EXPECTED["copies"]
    together = [copy for copy in copies if story[copy["uri"]] == story[copy["of"]]]
    assert len(together) >= 0.9 * len(copies)
    for kill in EXPECTED["kills"]:
        assert roles[kill["uri"]][-1] == "kill"
    for update in EXPECTED["updates"]:
        assert roles[update["uri"]][-1] == "update"
    for group in EXPECTED["same_event"]:
        assert len({story[uri] for uri in group["uris"]}) == len(group["uris"]), "independent reports are not copies"


def test_what_a_kill_ends_is_withdrawn_and_a_surviving_copy_takes_over(flow: Flow) -> None:
    for kill in EXPECTED["kills"]:
        last: dict[bytes, bytes | None] = {}
        withdrawn = 0
        for topic in ("events", "claims", "entities"):
            for read in flow.topics[topic]:
                if read.value is not None:
                    record = orjson.loads(read.value)
                    if record["article_uri"] == kill["uri"]:
                        withdrawn += record["pub_status"] == "canceled"
                        last[read.key or b""] = read.value
                elif read.key in last:
                    last[read.key] = None
        assert last, f"nothing was published of {kill['uri']}"
        assert withdrawn == len(last)
        assert set(last.values()) == {None}, "a tombstone follows each withdrawn record"
        if kill["survivor"]:
            alive = [
                record for record in values(flow, "events") + values(flow, "claims") if record["article_uri"] == kill["survivor"]
            ]
            assert alive, "the surviving copy is extracted"


def test_copies_are_not_extracted_while_their_original_stands(flow: Flow) -> None:
    survivors = {kill["survivor"] for kill in EXPECTED["kills"]}
    copies = {record["uri"] for record in values(flow, "stories") if record["role"] == "copy"} - survivors
    assert copies
    assert not copies & {record["article_uri"] for record in values(flow, "entities")}


def test_a_correction_withdraws_what_no_longer_holds(flow: Flow) -> None:
    corrections = {update["uri"] for update in EXPECTED["updates"] if update["kind"] == "correction"}
    withdrawn = {
        record["article_uri"] for record in values(flow, "claims") + values(flow, "events") if record["pub_status"] == "canceled"
    }
    assert corrections <= withdrawn


def test_other_languages_go_to_stories_and_are_not_extracted(flow: Flow) -> None:
    languages = {record["uri"]: record["language"] for record in values(flow, "stories")}
    extracted = {record["article_uri"] for record in values(flow, "entities")}
    for uri, language in EXPECTED["languages"].items():
        assert languages[uri] == language
        assert uri not in extracted


def test_headers_are_cloudevents_and_trace_back_to_the_arrival(flow: Flow) -> None:
    for topic in PUBLISHED:
        for read in flow.topics[topic]:
            headers = dict(read.headers)
            assert headers["ce_specversion"] == b"1.0"
            assert headers["ce_type"] == f"copydesk.{topic}.v1".encode()
            assert {"ce_id", "ce_source", "ce_time", "ce_receivedat"} <= headers.keys()
            assert (headers.get("content-type") == b"application/json") == (read.value is not None)


def test_metrics_count_what_the_topics_hold(flow: Flow) -> None:
    for stage, topic in (("clean", "articles.clean"), ("clean", "articles.raw-dlq"), ("dedupe", "stories"), ("extract", "claims")):
        assert flow.metrics[f"copydesk_records_out_total{{stage={stage},topic={topic}}}"] == len(flow.topics[topic])
    events = sum(value for name, value in flow.metrics.items() if name.startswith("copydesk_events_total"))
    assert events == sum(record["pub_status"] == "usable" for record in values(flow, "events"))
    assert all(value == 0 for name, value in flow.metrics.items() if name.startswith("copydesk_lag_records"))


def test_a_worker_that_is_told_to_stop_exits_with_0(flow: Flow) -> None:
    assert flow.exit_code == 0
