"""The sample feed is what its README and expected.json say. No pipeline runs here: later tests lean on these facts."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas import RawArticle

FOLDER = Path(__file__).parents[2] / "deploy" / "sample_feed"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
LINES = (FOLDER / "feed.jsonl").read_bytes().splitlines()
MALFORMED = {entry["line"]: entry["kind"] for entry in EXPECTED["malformed"]}
TEXTLESS = "html_without_text"  # well-formed as a record: only extraction of the page finds nothing

REAL_OUTLETS = re.compile(
    r"\b(Reuters|Associated Press|AFP|BBC|CNN|CNBC|NBC|CBS|ABC News|NPR|PBS|Fox News|Politico|Bloomberg|Guardian|New York Times|"
    r"Washington (Post|Times|Examiner)|Wall Street Journal|USA TODAY|Los Angeles Times|Chicago (Tribune|Sun-Times)|New York Post|"
    r"Newsmax|Breitbart|Daily (Mail|Beast|Caller|Kos|Wire)|Salon|Slate|Vox|Axios|The Hill|Townhall|HuffPost|BuzzFeed|"
    r"Al Jazeera|Deutsche Welle|Sputnik|TASS|RIA Novosti|Xinhua|Kyodo|Yonhap|Le Monde|Le Figaro|El País|Der Spiegel|Die Zeit|"
    r"La Repubblica|Corriere|Getty|IMAGO|dpa|EFE|ANSA|TAG24|The (Economist|Atlantic|Independent|Telegraph|Sun))\b"
)


@cache
def delivered() -> tuple[RawArticle, ...]:
    """The valid articles in the order of delivery."""
    return tuple(RawArticle.from_json(line) for number, line in enumerate(LINES, 1) if number not in MALFORMED)


def first(uri: str) -> RawArticle:
    return next(article for article in delivered() if article.uri == uri)


def version(uri: str, number: int) -> RawArticle:
    return next(article for article in delivered() if article.uri == uri and article.version == number)


def prose(article: RawArticle) -> str:
    """The body without tags; scripts and styles left out."""
    if article.content_type == "text/plain":
        return article.body
    return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", article.body))


def word_5_grams(article: RawArticle) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", prose(article).lower())
    return set(zip(*(words[i:] for i in range(5)), strict=False))


def shared(article: RawArticle, other: RawArticle) -> float:
    """Share of the article's word 5-grams that stand in the other."""
    mine = word_5_grams(article)
    return len(mine & word_5_grams(other)) / len(mine)


def uris_named_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from uris_named_in(key)
            yield from uris_named_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from uris_named_in(item)
    elif isinstance(value, str) and value.startswith(("https://", "urn:")):
        yield value


def test_the_counts_hold() -> None:
    counts = EXPECTED["counts"]
    assert len(LINES) == counts["lines"] == counts["valid"] + counts["malformed"]
    assert len(delivered()) == counts["valid"] >= 64
    assert len(MALFORMED) == counts["malformed"] >= 9
    assert sum(len(prose(article).split()) for article in delivered()) >= counts["words_at_least"]


@pytest.mark.parametrize(("number", "kind"), MALFORMED.items(), ids=MALFORMED.values())
def test_every_malformed_line_fails(number: int, kind: str) -> None:
    line = LINES[number - 1]
    if kind == TEXTLESS:
        page = RawArticle.from_json(line)
        assert page.content_type == "text/html"
        assert not re.search(r"\w", prose(page))
        return
    with pytest.raises(ValidationError):
        RawArticle.from_json(line)


def test_no_two_malformed_lines_fail_in_the_same_way() -> None:
    assert len(set(MALFORMED.values())) == len(MALFORMED)


def test_malformed_lines_stand_among_good_ones() -> None:
    assert not any(number + 1 in MALFORMED for number in MALFORMED)
    assert {"cut_off_json", "not_utf8"} <= set(MALFORMED.values())
    with pytest.raises(UnicodeDecodeError):
        LINES[next(n for n, kind in MALFORMED.items() if kind == "not_utf8") - 1].decode("utf-8")


def test_good_lines_are_compact_json() -> None:
    for number, line in enumerate(LINES, 1):
        if number not in MALFORMED:
            assert json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":")).encode() == line


def test_a_uri_and_version_stand_for_one_article() -> None:
    assert max(Counter((article.uri, article.version) for article in delivered()).values()) == 1


def test_expectations_name_delivered_articles_only() -> None:
    assert set(uris_named_in(EXPECTED)) <= {article.uri for article in delivered()}


def test_copies_follow_their_original_within_ten_hours_and_share_most_of_its_text() -> None:
    place = {article.uri: i for i, article in reversed(list(enumerate(delivered())))}
    assert len(EXPECTED["copies"]) >= 14
    assert len({copy["of"] for copy in EXPECTED["copies"]}) >= 6
    for entry in EXPECTED["copies"]:
        copy, original = first(entry["uri"]), first(entry["of"])
        assert place[copy.uri] > place[original.uri]
        assert copy.outlet != original.outlet
        assert copy.published_at is not None
        assert original.published_at is not None
        assert timedelta(minutes=5) <= copy.published_at - original.published_at <= timedelta(hours=10)
        assert shared(copy, original) > 0.55, entry
        assert shared(original, copy) > (0.3 if "cut" in entry["how"] else 0.9), entry


def test_independent_reports_share_a_quote_and_little_else() -> None:
    assert len(EXPECTED["same_event"]) >= 3
    for group in EXPECTED["same_event"]:
        reports = [first(uri) for uri in group["uris"]]
        assert len({report.outlet for report in reports}) == len(reports) >= 2
        for report in reports:
            assert group["shared_quote"] in prose(report)
            assert all(shared(report, other) < 0.1 for other in reports if other is not report)


def test_articles_that_are_no_copies_do_not_look_like_one() -> None:
    story = {entry["uri"]: entry["of"] for entry in EXPECTED["copies"] + EXPECTED["updates"] if "of" in entry}
    originals = [article for article in delivered() if article.version == 1 and article.uri not in story]
    for i, article in enumerate(originals):
        assert all(shared(article, other) < 0.15 for other in originals[:i]), article.uri


def test_updates_replace_a_fact_and_keep_most_of_the_text() -> None:
    assert Counter(entry["kind"] for entry in EXPECTED["updates"]) == {"correction": 2, "live": 1}
    for entry in EXPECTED["updates"]:
        new = version(entry["uri"], entry["version"])
        old = first(entry["of"]) if entry["kind"] == "live" else version(entry["uri"], entry["version"] - 1)
        assert old.outlet == new.outlet
        assert entry["gone"] in old.body
        assert entry["gone"] not in new.body
        assert entry["new"] in new.body
        assert entry["new"] not in old.body
        assert shared(old, new) > 0.7


def test_kills_withdraw_a_delivered_article() -> None:
    kills = [article for article in delivered() if article.pub_status == "canceled"]
    assert {(kill.uri, kill.version) for kill in kills} == {(entry["uri"], entry["version"]) for entry in EXPECTED["kills"]}
    copied = {entry["of"]: entry["uri"] for entry in EXPECTED["copies"]}
    for entry in EXPECTED["kills"]:
        assert version(entry["uri"], entry["version"] - 1).pub_status == "usable"
        assert copied.get(entry["uri"]) == entry["survivor"]


def test_languages_and_pages_are_as_listed() -> None:
    assert {article.uri for article in delivered() if article.content_type == "text/html"} == set(EXPECTED["html"])
    assert {article.uri for article in delivered() if article.language is None} == set(EXPECTED["language_not_given"])
    foreign = EXPECTED["languages"]
    assert set(foreign) & set(EXPECTED["language_not_given"])
    for article in delivered():
        if article.language:
            assert article.language.split("-")[0] == foreign.get(article.uri, "en")
    for uri in EXPECTED["fields_only_in_page"]:
        page = first(uri)
        assert (page.title, page.authors, page.published_at) == (None, [], None)
        assert '"datePublished": "2026-03-1' in page.body


def test_dates_are_of_two_days_but_for_the_listed_ones() -> None:
    dates = EXPECTED["dates"]
    odd = set(dates["absent"] + dates["unreadable"] + dates["far_future"])
    for article in delivered():
        if article.uri not in odd:
            assert article.published_at is not None
            assert datetime(2026, 3, 16, tzinfo=UTC) <= article.published_at < datetime(2026, 3, 18, tzinfo=UTC)
        assert (article.published_at is None) == (article.uri in dates["absent"] + dates["unreadable"])
        assert bool(article.unreadable_dates) == (article.uri in dates["unreadable"])
    assert all((first(uri).published_at or datetime.min.replace(tzinfo=UTC)).year > 2030 for uri in dates["far_future"])


def test_dirt_that_is_repaired_is_there() -> None:
    repairs = EXPECTED["repairs"]
    assert all("â€" in first(uri).body and "Ã" in first(uri).body for uri in repairs["mojibake"])
    assert all(re.search("[\u200b\u00ad\ufeff]", first(uri).body) for uri in repairs["invisible_characters"])
    assert all(re.search(r"[a-z-]\n[a-z]", first(uri).body) for uri in repairs["broken_lines"])


def test_what_cleaning_and_extraction_must_find_stands_in_the_text() -> None:
    for entry in EXPECTED["cleaning"]:
        body = version(entry["uri"], entry["version"]).body
        for text in entry["removed"] + entry["kept"] + [mark["text"] for mark in entry["marked"]]:
            assert text in body
    assert len(EXPECTED["extraction"]) >= 8
    for entry in EXPECTED["extraction"]:
        body = version(entry["uri"], entry["version"]).body
        wanted = [claim[field] for claim in entry["claims"] for field in ("speaker", "cue", "content")]
        wanted += [text for event in entry["events"] for text in (event["trigger"], *event["source"], *event["target"])]
        assert [text for text in wanted + entry["no_event_at"] if text not in body] == []


def test_no_real_outlet_or_host_is_named() -> None:
    for number, line in enumerate(LINES, 1):
        text = line.decode("utf-8", errors="replace")
        assert not REAL_OUTLETS.search(text), number
        hosts = re.findall(r"https?://([\w.-]+)", text)
        assert all(host.endswith((".example", "example.com", "example.org", "schema.org")) for host in hosts), number
