"""What four times the text costs: about four times the time, and no more than so much memory and output, whatever the text is.

Sizes are compared with each other in one run, in processor time, so that a slow or busy machine changes nothing: linear gives a
ratio of 4, quadratic 16. A ratio that looks bad is measured again; the least time of each size counts.
"""

import tracemalloc
from datetime import UTC, datetime

import pytest

from processors.cleaning import clean
from processors.cleaning.page import read_page
from processors.dedupe import fingerprint
from processors.errors import Unprocessable
from processors.extraction import extract
from processors.language import language_of
from schemas import RawArticle, StoryArticle
from tests.fuzz.material import HTML_UNITS, UNITS
from tests.timing import MOST_TIMES_SLOWER, times_slower

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
DEAR_UNITS = ("quoted letters", "one-letter paragraphs", "he said", "nested saying", "attacks", "captions with dates")
"""What extraction found dear; `python -m tests.fuzz.large` has all."""
HEAD = "The mayor spoke. "
PAGE_HEAD = "<html><body><p>The mayor opened the harbour on Tuesday after two years of work on it.</p>"


def repeated(unit: str, chars: int, head: str = HEAD) -> str:
    return head + unit * (chars // len(unit))


def cleaned(body: str) -> None:
    clean(RawArticle(uri="u", outlet="o", body=body), NOW)


def read(source: str) -> None:
    try:
        read_page(source)
    except Unprocessable:
        return


def extracted(body: str) -> int:
    """Extract from the body; the bytes of all records."""
    article = clean(RawArticle(uri="u", outlet="o", body=body), NOW)
    found = extract(StoryArticle(**{**article.model_dump(), "language": "en", "story_id": "s", "role": "original"}))
    return sum(len(record.to_json()) for record in (found.entities, *found.claims, *found.events))


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    """What is loaded once is no part of what a text costs."""
    for unit in UNITS.values():
        cleaned(repeated(unit, 1_000))
    read(repeated("<p>a b c</p>", 1_000, PAGE_HEAD))
    extracted("The minister said on Monday that he would visit Paris.")


@pytest.mark.parametrize("unit", UNITS)
def test_cleaning_takes_time_linear_in_the_length_of(unit: str) -> None:
    assert times_slower(cleaned, repeated(UNITS[unit], 15_000), repeated(UNITS[unit], 60_000)) < MOST_TIMES_SLOWER


@pytest.mark.parametrize("unit", HTML_UNITS)
def test_reading_a_page_takes_time_linear_in_the_length_of(unit: str) -> None:
    small, large = (repeated(HTML_UNITS[unit], chars, PAGE_HEAD) for chars in (10_000, 40_000))
    assert times_slower(read, small, large) < MOST_TIMES_SLOWER


@pytest.mark.parametrize("unit", DEAR_UNITS)
def test_extraction_takes_time_and_gives_records_linear_in_the_length_of(unit: str) -> None:
    small, large = repeated(UNITS[unit], 1_500), repeated(UNITS[unit], 6_000)
    record_bytes: dict[str, int] = {}
    assert times_slower(lambda body: record_bytes.update({body: extracted(body)}), small, large) < MOST_TIMES_SLOWER
    assert record_bytes[large] < MOST_TIMES_SLOWER * record_bytes[small] + 100_000


@pytest.mark.parametrize("unit", ["one word", "one-letter lines", "straight quotes", "brackets", "entities", "mojibake", "bylines"])
def test_cleaning_takes_memory_linear_in_the_length_of(unit: str) -> None:
    peaks = []
    for chars in (5_000, 20_000):
        body = repeated(UNITS[unit], chars)
        tracemalloc.start()
        cleaned(body)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < MOST_TIMES_SLOWER * peaks[0]
    assert peaks[1] < 5_000 * 20_000, "bytes for each character"


@pytest.mark.parametrize("unit", ["one word", "one-letter words", "Chinese", "accents alone", "numbers", "ligatures"])
def test_language_and_fingerprint_take_time_linear_in_the_length_of(unit: str) -> None:
    small, large = repeated(UNITS[unit], 100_000), repeated(UNITS[unit], 400_000)
    assert times_slower(fingerprint, small, large) < MOST_TIMES_SLOWER
    assert times_slower(language_of, small, large) < MOST_TIMES_SLOWER
