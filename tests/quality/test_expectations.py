"""What a fair reader finds in the sample feed, and what the pipeline finds of it."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

FEED = Path(__file__).parents[2] / "deploy" / "sample_feed" / "feed.jsonl"
EXPECTED: dict[str, Any] = json.loads((FEED.parent / "expected.json").read_text())
Key = tuple[str, int]


class Found(NamedTuple):
    """The usable records by (uri, version)."""

    articles: dict[Key, dict[str, Any]]
    claims: dict[Key, list[dict[str, Any]]]
    events: dict[Key, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The sample feed processed, each article by itself, so that nothing is withdrawn or a copy."""
    sink = tmp_path_factory.mktemp("quality") / "records.jsonl"
    command = [Path(sys.executable).with_name("copydesk"), "process", "--no-dedupe", "--input", FEED, "--output", sink]
    subprocess.run(command, check=True, capture_output=True)
    found = Found({}, defaultdict(list), defaultdict(list))
    for line in sink.read_text().split("\n"):
        record = json.loads(line) if line else {"topic": "", "value": None}
        value = record["value"]
        match record["topic"]:
            case "articles.clean":
                found.articles[value["uri"], value["version"]] = value
            case "claims" | "events" if value and value["pub_status"] == "usable":
                getattr(found, record["topic"])[value["article_uri"], value["article_version"]].append(value)
    return found


def removed(article: dict[str, Any]) -> set[int]:
    """The offsets of a body that cleaning removed."""
    return {at for piece in article["removed"] for at in range(piece["start"], piece["end"])}


def test_dirt_is_removed(found: Found) -> None:
    hits, misses = 0, []
    for entry in EXPECTED["cleaning"]:
        article = found.articles[entry["uri"], entry["version"]]
        gone = removed(article)
        for text in entry["removed"]:
            start = article["body"].find(text)
            clean = start < 0 or all(at in gone or article["body"][at].isspace() for at in range(start, start + len(text)))
            hits, misses = hits + clean, misses if clean else [*misses, text]
    assert hits >= 0.85 * (hits + len(misses)), misses


def test_no_text_is_lost(found: Found) -> None:
    for entry in EXPECTED["cleaning"]:
        article = found.articles[entry["uri"], entry["version"]]
        for text in entry["kept"]:
            start = article["body"].find(text)
            assert start >= 0, text
            assert not removed(article) & set(range(start, start + len(text))), text


def test_claims_are_found_with_their_speakers(found: Found) -> None:
    hits, misses = 0, []
    for entry in EXPECTED["extraction"]:
        for claim in entry["claims"]:
            good = any(
                claim["content"] in " ".join(span["text"] for span in record["content"])
                and claim["speaker"] in record.get("speaker", {}).get("name", "")
                for record in found.claims[entry["uri"], entry["version"]]
            )
            hits, misses = hits + good, misses if good else [*misses, claim]
    assert hits >= 0.75 * (hits + len(misses)), misses


def test_events_are_found_with_who_did_them_and_whether_they_happened(found: Found) -> None:
    hits, misses = 0, []
    for entry in EXPECTED["extraction"]:
        for event in entry["events"]:
            good = any(
                record["type"] in event["types"]
                and event["trigger"] in record["sentence"]["text"]
                and (not event["source"] or any(name in actor["name"] for name in event["source"] for actor in record["source"]))
                and record["factuality"] == event["factuality"]
                for record in found.events[entry["uri"], entry["version"]]
            )
            hits, misses = hits + good, misses if good else [*misses, event]
    assert hits >= 0.8 * (hits + len(misses)), misses


def test_what_was_not_done_is_no_event(found: Found) -> None:
    wrong = []
    for entry in EXPECTED["extraction"]:
        body = found.articles[entry["uri"], entry["version"]]["body"]
        for text in entry["no_event_at"]:
            start = body.find(text)
            for record in found.events[entry["uri"], entry["version"]]:
                at = record["trigger"]["start"]
                if start <= at < start + len(text) and record["type"] != "REJECT":  # not to recognise someone is to reject him
                    wrong.append((text, record["type"], record["trigger"]["text"]))
    assert wrong == []
