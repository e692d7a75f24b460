"""The contract of `copydesk process`: raw articles in, `{topic, key, value, headers}` out, nothing lost."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FEED = Path(__file__).parents[2] / "deploy" / "sample_feed" / "feed.jsonl"
COPYDESK = Path(sys.executable).with_name("copydesk")


def process(source: Path, sink: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Run the command as its user does."""
    return subprocess.run(
        [COPYDESK, "process", "--input", source, "--output", sink, *flags], capture_output=True, text=True, check=False
    )


def records(sink: Path) -> list[dict[str, Any]]:
    """The output's lines."""
    return [json.loads(line) for line in sink.read_text(encoding="utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first lines of the sample feed, malformed ones among them."""
    path = tmp_path_factory.mktemp("small") / "raw.jsonl"
    path.write_bytes(b"\n".join(FEED.read_bytes().split(b"\n")[:25]) + b"\n\n")
    return path


def test_every_article_is_processed_or_a_dead_letter_and_the_counts_say_so(small: Path, tmp_path: Path) -> None:
    ended = process(small, tmp_path / "out.jsonl")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr.startswith("25 articles read; ")
    found = [record["topic"] for record in records(tmp_path / "out.jsonl")]
    assert found.count("articles.clean") + found.count("articles.raw-dlq") == 25
    assert {"stories", "entities", "events", "claims"} <= set(found)


def test_a_dead_letter_holds_the_raw_line_as_a_string(small: Path, tmp_path: Path) -> None:
    process(small, tmp_path / "out.jsonl", "--until", "clean")
    letters = [record for record in records(tmp_path / "out.jsonl") if record["topic"] == "articles.raw-dlq"]
    lines = {line.decode(errors="backslashreplace") for line in small.read_bytes().split(b"\n")}
    assert letters
    assert all(letter["value"] in lines for letter in letters)
    assert all(letter["headers"]["dlq_reason"] for letter in letters)


def test_the_same_input_gives_the_same_output(small: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        process(small, tmp_path / name, "--received-at", "2026-03-17T20:00:00")
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_until_names_the_last_stage(small: Path, tmp_path: Path) -> None:
    process(small, tmp_path / "out.jsonl", "--until", "clean")
    assert {record["topic"] for record in records(tmp_path / "out.jsonl")} == {"articles.clean", "articles.raw-dlq"}


def test_without_dedupe_each_article_is_its_own_story(small: Path, tmp_path: Path) -> None:
    process(small, tmp_path / "out.jsonl", "--no-dedupe", "--until", "dedupe")
    stories = [record["value"] for record in records(tmp_path / "out.jsonl") if record["topic"] == "stories"]
    assert stories
    assert all(story["story_id"] == story["uri"] for story in stories)


def test_min_confidence_leaves_out_events_below_it(small: Path, tmp_path: Path) -> None:
    counts = {}
    for least in ("0", "0.8"):
        process(small, tmp_path / "out.jsonl", "--min-confidence", least)
        events = [record["value"] for record in records(tmp_path / "out.jsonl") if record["topic"] == "events"]
        assert all(event["confidence"] >= float(least) for event in events)
        counts[least] = len(events)
    assert counts["0.8"] < counts["0"]


def test_the_input_is_never_overwritten(small: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_bytes(small.read_bytes())
    ended = process(feed, feed)
    assert ended.returncode == 1
    assert "same file" in ended.stderr
    assert feed.read_bytes() == small.read_bytes()


@pytest.mark.parametrize(
    ("flags", "code"), [(("--until", "nowhere"), 2), (("--min-confidence", "7"), 2), (("--input", "/nonexistent/feed.jsonl"), 1)]
)
def test_a_users_mistake_gets_a_message_and_an_exit_code_and_no_traceback(
    small: Path, tmp_path: Path, flags: tuple[str, ...], code: int
) -> None:
    ended = process(small, tmp_path / "out.jsonl", *flags)
    assert ended.returncode == code
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
