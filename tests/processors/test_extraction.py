"""From an article to its records: where spans stand, which ids they get, and what does not become a record."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.cleaning import clean
from processors.extraction import Extraction, extract
from processors.nlp import MAX_PARSED_CHARS, MAX_PARSED_TOKENS, annotate
from schemas import Event, RawArticle, Span, StoryArticle

RECEIVED_AT = datetime(2026, 3, 17, 12, tzinfo=UTC)
BODY = """LUSAKA (Meridian) — Zambian President Chanda Mwila received her Malawian counterpart, Thoko Banda, on Monday.

Mwila said the two countries would sign a railway treaty in June. "The line feeds both of us," she said.

Photo: Ada Phiri / MERIDIAN

Banda denied that the talks had failed. The opposition has not condemned the plan.
"""


def story(body: str, uri: str = "urn:test:1", version: int = 1) -> StoryArticle:
    """The article as extraction gets it."""
    raw = RawArticle(uri=uri, version=version, outlet="Meridian Wire", body=body, language="en", published_at=RECEIVED_AT)
    return StoryArticle(**clean(raw, RECEIVED_AT).model_dump(exclude_none=True), story_id="s", role="original")


def spans(value: object) -> list[Span]:
    """All spans inside a record."""
    if isinstance(value, Span):
        return [value]
    if isinstance(value, list):
        return [span for item in value for span in spans(item)]
    fields = getattr(value, "__dict__", None)
    return [span for item in fields.values() for span in spans(item)] if fields else []


def ids(extraction: Extraction) -> set[str]:
    """The ids of an article's claims and events."""
    return {record.id for record in [*extraction.claims, *extraction.events]}


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    """What the sample text gives at the default threshold."""
    return extract(story(BODY))


def test_a_dateline_is_neither_a_speaker_nor_an_actor(extraction: Extraction) -> None:
    names = {actor.name for event in extraction.events for actor in event.source + event.target}
    names |= {claim.speaker.name for claim in extraction.claims if claim.speaker}
    assert names
    assert not any("LUSAKA" in name or "Meridian" in name for name in names)


def test_claims_and_events_point_to_each_other(extraction: Extraction) -> None:
    events = {event.id: event for event in extraction.events}
    for claim in extraction.claims:
        assert all(events[id].claim_id == claim.id for id in claim.event_ids)
    assert any(event.factuality == "planned" for event in extraction.events)


def test_every_span_stands_where_it_says(extraction: Extraction) -> None:
    body = story(BODY).body
    found = [span for record in [extraction.entities, *extraction.claims, *extraction.events] for span in spans(record)]
    assert len(found) > 30
    assert all(body[span.start : span.end] == span.text for span in found)


def test_the_same_article_gives_the_same_records(extraction: Extraction) -> None:
    assert extract(story(BODY)) == extraction


def test_a_correction_elsewhere_keeps_the_ids(extraction: Extraction) -> None:
    corrected = extract(story("A line about the weather was added.\n\n" + BODY.replace("Ada Phiri", "Ada Lungu"), version=2))
    assert ids(extraction) <= ids(corrected)
    assert all(record.article_version == 2 for record in corrected.events)


def test_articles_that_share_their_text_share_no_ids(extraction: Extraction) -> None:
    assert not ids(extraction) & ids(extract(story(BODY, uri="urn:test:2")))


def test_equal_sentences_get_ids_of_their_own() -> None:
    twice = extract(story("Police arrested two men. Police arrested two men.\n\nRain fell. " * 2), min_confidence=0)
    found: list[Event] = twice.events
    assert len({event.id for event in found}) == len(found)


def test_the_threshold_leaves_out_what_is_unsure() -> None:
    everything = extract(story(BODY), min_confidence=0).events
    assert {event.id for event in extract(story(BODY), min_confidence=0.7).events} == {
        e.id for e in everything if e.confidence >= 0.7
    }


def test_a_very_long_article_is_read_to_the_end_of_a_line() -> None:
    paragraph = "The council met in Lusaka.\n"
    records = extract(
        story("Council notes\n\n" + paragraph + "x" * 5000 + "\n" + '"' * 5000 + "\n" + "word " * (MAX_PARSED_CHARS // 2))
    )
    assert all(place.end <= MAX_PARSED_CHARS for place in records.entities.places)


def test_of_a_text_of_very_short_words_so_many_are_read_as_a_process_has_memory_for() -> None:
    article = story("Ann Lee visited Lusaka on Monday.\n" + "a\n" * MAX_PARSED_TOKENS)
    doc = annotate(article)
    assert MAX_PARSED_TOKENS - 10 < len(doc) <= MAX_PARSED_TOKENS
    assert "Lusaka" in doc.text


@settings(max_examples=30)
@given(st.text(alphabet=st.sampled_from(list("aB1 .,\"“”'’()-—\n\t\u200b\u00a0é中said Mr")), min_size=1, max_size=300))
def test_no_text_breaks_extraction_or_its_spans(text: str) -> None:
    article = story("Ann Lee said: " + text)
    found = extract(article, min_confidence=0)
    for record in [found.entities, *found.claims, *found.events]:
        assert all(article.body[span.start : span.end] == span.text for span in spans(record))
