"""What is fuzzed: by name, a function of bytes that makes something hostile of them and asserts what holds of any input."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
from pydantic import BaseModel

from processors import claims, entities, events
from processors.claims import quotes
from processors.cleaning import clean
from processors.dedupe import Stories, described, fingerprint
from processors.dedupe.fingerprint import is_opening, is_text, read
from processors.entities import dates
from processors.errors import Unprocessable
from processors.extraction import Extraction, _Records, extract
from processors.language import language_of
from processors.ledger import Ledger, RecordKey, Version
from processors.text import TextView
from schemas import CleanArticle, Digest, RawArticle, Removed, Repair, Span, StoryArticle
from streams.dead_letters import Failure, Rejected, dead_letter, parse
from streams.records import Incoming
from streams.stages import STAGES, Options
from streams.topics import DIGESTS
from tests.fuzz.hostile_parses import DATE_WORDS, WORDS, bare
from tests.fuzz.material import INSTANTS, LANGUAGES, Choices, articles, raw, record, sentences, text

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
TIMESTAMP_MS = int(NOW.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz."""

    check: Callable[[bytes], None]
    share: int
    """Of 100 inputs."""


def _clean(fields: dict[str, Any]) -> CleanArticle:
    return clean(RawArticle.model_validate(fields), NOW)


def _story(article: CleanArticle, **fields: Any) -> StoryArticle:
    return StoryArticle(**{**article.model_dump(), "story_id": "story-1", "role": "original", **fields})


def decode(data: bytes) -> None:
    """A stage takes any record: it gives records that its readers can parse, or says in a dead letter why not."""
    choices = Choices(data)
    name = choices.of(("clean", "dedupe", "extract"))
    valid = raw(choices, 2) if name == "clean" else _valid(name)
    value = record(choices, valid) if choices.number(8) else bytes(data)
    incoming = Incoming(
        "articles.raw", 0, 0, TIMESTAMP_MS, None, value, ((choices.of(("ce_receivedat", "traceparent")), data[:30]),)
    )
    try:
        if name == "clean" and choices.number(4):
            RawArticle.from_json(parse(RawArticle, value).to_json())
            return
        product = STAGES[name].work(incoming, Options())
    except (Rejected, Unprocessable) as error:
        letter = dead_letter(incoming, name, Failure.of(error))
        assert letter.value == value
        return
    for output in product.outputs:
        assert output.value is not None
        parse(Digest if output.topic == DIGESTS.name else CleanArticle, output.value)


@cache
def _valid(name: str) -> dict[str, Any]:
    """A record that this stage reads."""
    article = _clean(dict(articles()[0]))
    return (article if name == "dedupe" else _story(article, language="de")).to_dict()


def clean_text(data: bytes) -> None:
    """Of a plain text the body is kept, and every range lies in it."""
    fields = raw(Choices(data), 12)
    article = _clean(fields)
    assert article.body == fields["body"]
    _sound(article)
    assert _clean(fields) == article


def clean_html(data: bytes) -> None:
    """A page is an article or is refused."""
    fields = raw(Choices(data), 8, html=True)
    try:
        article = _clean(fields)
    except Unprocessable:
        return
    _sound(article)
    assert _clean(fields) == article


def _sound(article: CleanArticle) -> None:
    body = article.body
    for ranges in (article.removed, article.repaired, article.marks, article.paragraphs):
        assert all(0 <= r.start < r.end <= len(body) for r in ranges)
        assert all(a.end <= b.start for a, b in pairwise(ranges))
    assert len(article.to_json()) < 20 * len(body) + 10_000
    assert parse(CleanArticle, article.to_json()) == article
    assert article.fingerprint == sorted(set(article.fingerprint))
    assert article.published_at <= NOW + timedelta(hours=1)


def language(data: bytes) -> None:
    """A language has two letters, and the same text has the same."""
    choices = Choices(data)
    hint, of = choices.of(LANGUAGES), text(choices, 6)
    found = language_of(of, hint)
    assert found == "und" or (len(found) == 2 and found.isalpha() and found.islower())
    assert language_of(of, hint) == found


def fingerprints(data: bytes) -> None:
    """Values are of 32 bits, ascending, each once; case and accents aside; and the reading has as many marks as grams."""
    of = text(Choices(data), 10)
    values = fingerprint(of)
    assert values == sorted(set(values))
    assert all(0 <= value < 2**32 for value in values)
    assert fingerprint(of) == values
    assert fingerprint(f" {of}\n") == values
    array = np.array(values, np.uint32)
    assert bool((is_text(array) | ~is_opening(array)).all())
    reading = read(of)
    assert len(reading.grams) == len(reading.is_quoted)


def stories(data: bytes) -> None:
    """Decisions come again from the state that was written, and each names a story that is there."""
    choices = Choices(data)
    first, second = Stories(), Stories()
    log: list[bytes] = []
    bodies: dict[tuple[str, int], str] = {}
    for number in range(2 + choices.number(10)):
        fields = raw(choices, 5)
        values, paragraphs = described(TextView(fields["body"]))
        article = CleanArticle(
            uri=fields["uri"],
            version=fields["version"],
            pub_status=choices.of(("usable", "usable", "canceled", "withheld")),
            outlet=fields["outlet"],
            title=fields["title"] or None,
            body=fields["body"],
            language=choices.of(("en", "de")),
            published_at=NOW + timedelta(hours=choices.number(250))
            if choices.number(6)
            else RawArticle.model_validate({**fields, "published_at": choices.of(INSTANTS)}).published_at or NOW,
            dated_by=choices.of((None, "arrival")),
            fingerprint=values,
            paragraphs=paragraphs,
        )
        if choices.number(4) == 3:
            second = Stories()
            for line in log:
                second.restore(*orjson.loads(line))
            second.restored()
        decision, changes = first.decide(article)
        again, same = second.decide(article)
        assert (decision, orjson.dumps(changes)) == (again, orjson.dumps(same)), number
        log += [orjson.dumps(change) for change in changes]
        if decision is None:
            assert not changes
        else:
            bodies[article.uri, article.version] = article.body
            assert (decision.copy_of is not None) == (decision.role == "copy")
            assert (decision.difference is not None) == (decision.similarity is not None)
            if (found := decision.difference) is not None:
                other = bodies[found.uri, found.version]
                assert all(0 <= r.start < r.end <= len(article.body) for r in (*found.added, *found.changed))
                assert all(0 <= r.start < r.end <= len(other) for r in found.left_out)
            _story(article, **decision.fields())


def ledger(data: bytes) -> None:
    """What is published for a story is what one article gave, through restarts, promotions and failures to extract."""
    choices = Choices(data)
    first, second = Ledger(), Ledger()
    log: list[bytes] = []
    published: dict[str, set[RecordKey]] = {}
    while choices:
        story = f"story-{choices.number(3)}"
        version = Version(
            f"uri:{choices.number(5)}",
            story,
            choices.of(("original", "copy", "update", "kill")),
            choices.of(("usable", "usable", "usable", "withheld", "canceled")),
            NOW + timedelta(days=choices.number(256) - 128)
            if choices.number(8)
            else choices.of((datetime.min, datetime.max)).replace(tzinfo=UTC),
            bool(choices.number(8)),
        )
        keys = [("events", f"{story}/{choices.number(6)}") for _ in range(choices.number(4))]
        extracted = keys if version.pub_status == "usable" and version.role in ("original", "update") else None
        if choices.number(6) == 5:
            second = Ledger()
            for line in log:
                second.restore(*orjson.loads(line))
            second.restored()
        body = orjson.dumps({"uri": version.uri, "story_id": story}).decode()
        settlement, same = first.settle(version, body, extracted), second.settle(version, body, extracted)
        for _ in range(10):
            assert settlement == same
            log += [orjson.dumps(change) for change in settlement.changes]
            for gone, value in settlement.changes:
                if value is None:
                    published.pop(gone, None)
            now = published.setdefault(story, set())
            assert set(settlement.withdraw) <= now
            now -= set(settlement.withdraw)
            if settlement.publish:
                assert extracted is not None
                now |= set(extracted)
                assert now == set(extracted)
            if settlement.promote is None:
                break
            copy = orjson.loads(settlement.promote)
            if choices.rarely():
                settlement, same = first.abandon(story, copy["uri"]), second.abandon(story, copy["uri"])
            else:
                extracted = keys
                taken = Version(copy["uri"], story, "original", "usable", version.published_at, version.dated)
                settlement, same = first.settle(taken, settlement.promote, keys), second.settle(taken, same.promote or "", keys)
        else:
            raise AssertionError("a promotion does not end")


def views(data: bytes) -> None:
    """A view's text comes from where its spans say."""
    choices = Choices(data)
    body = text(choices, 4)
    edits = [
        sorted((choices.number(65_536) % (len(body) + 1), choices.number(65_536) % (len(body) + 1)))
        for _ in range(choices.number(6))
    ]
    removed = [Removed(start=a, end=b, reason="caption") for a, b in edits[::2]]
    repaired = [Repair(start=a, end=b, replacement=choices.of(("", " ", "é", "ab"))) for a, b in edits[1::2]]
    view = TextView(body, removed, repaired)
    start, end = sorted((choices.number(65_536) % (len(view.text) + 1), choices.number(65_536) % (len(view.text) + 1)))
    spans = [view.span(start, end), *view.spans(start, end)]
    _exact(body, spans)
    assert all(a.end <= b.start for a, b in pairwise(spans[1:]))
    if not repaired:
        assert "".join("".join(span.text for span in spans[1:]).split()) == "".join(view.text[start:end].split())


def quotations(data: bytes) -> None:
    """Quotes lie in the text, in order, apart, each in one paragraph."""
    of = text(Choices(data), 10)
    found = quotes.find(of)
    assert all(0 <= quote.start < quote.end <= len(of) for quote in found)
    assert all(a.end <= b.start and a.paragraph <= b.paragraph for a, b in pairwise(found))
    assert not any("\n" in of[quote.start : quote.end] for quote in found)
    for quote in found:
        quotes.is_sentence(of, quote)


def dates_of(data: bytes) -> None:
    """Dates are spans of the body with a value, whenever the article was published."""
    choices = Choices(data)
    published = RawArticle.model_validate(
        {"uri": "u", "outlet": "o", "body": "b", "published_at": choices.of(INSTANTS)}
    ).published_at
    words = [choices.of(DATE_WORDS) for _ in range(choices.number(40))]
    body = choices.of((" ", " ", "\n", "-", "")).join(words) + choices.of(("", " ", text(choices, 2)))
    article = CleanArticle(
        uri="u", version=1, pub_status="usable", outlet="o", body=body, language="en", published_at=published or NOW
    )
    doc = bare(article, choices)
    found = dates.find(doc)
    _exact(body, found)
    for mention in found:
        assert mention.value
        assert mention.value[0].isdigit(), mention


def parses(data: bytes) -> None:
    """Entities, claims and events survive any parse, and what they give is exact."""
    choices = Choices(data)
    body = " ".join(choices.of(sentences()) if choices.rarely() else choices.of(WORDS) for _ in range(choices.number(60) + 1))
    article = _clean({"uri": "u", "outlet": "o", "body": f"x {body}", "published_at": "2026-03-16T08:05:00Z"})
    doc = bare(article, choices, parsed=True)
    for annotate in (entities.annotate, claims.annotate, events.annotate):
        annotate(doc)
    _check(article, _Records(_story(article), doc, 0.0).extraction())


def extraction(data: bytes) -> None:
    """From a raw article to its records by the real parser: every span exact, every id once."""
    choices = Choices(data)
    fields = raw(choices, 3)
    article = _story(_clean(fields), language="en")
    found = extract(article, min_confidence=0.0)
    _check(article, found)
    if choices.number(10) == 9:
        assert extract(article, min_confidence=0.0) == found


def _check(article: CleanArticle, found: Extraction) -> None:
    _exact(article.body, _spans(found.entities))
    ids = [item.id for item in (*found.claims, *found.events)]
    assert len(ids) == len(set(ids))
    for item in (*found.claims, *found.events):
        _exact(article.body, _spans(item), article.title)
        assert type(item).from_json(item.to_json()) == item
    known = {event.id for event in found.events}
    assert all(id in known for claim in found.claims for id in claim.event_ids)
    assert all(event.claim_id is None or event.claim_id in ids for event in found.events)


def _spans(value: object) -> Iterator[Span]:
    """All spans in a record, however deep."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _spans(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from _spans(item)


def _exact(body: str, spans: Iterable[Span], title: str | None = None) -> None:
    for span in spans:
        text = body if span.field is None else title or ""
        assert 0 <= span.start <= span.end <= len(text), span
        assert text[span.start : span.end] == span.text, span


TARGETS: dict[str, Target] = {
    "clean_html": Target(clean_html, 3),
    "parses": Target(parses, 5),
    "views": Target(views, 17),
    "quotes": Target(quotations, 13),
    "fingerprint": Target(fingerprints, 16),
    "language": Target(language, 11),
    "ledger": Target(ledger, 7),
    "decode": Target(decode, 10),
    "dates": Target(dates_of, 5),
    "stories": Target(stories, 3),
    "clean_text": Target(clean_text, 5),
    "extraction": Target(extraction, 5),
}
"""First those that a run which was broken off never came to; the dear ones have the smaller shares."""
