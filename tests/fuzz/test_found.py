"""What fuzzing found, and what was mended: each would fail again if it came back."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from processors.dedupe import fingerprint
from processors.identity import normalised
from processors.ledger import Ledger, Version
from tests.fuzz.material import HTML_UNITS, UNITS
from tests.fuzz.test_linear_time import PAGE_HEAD, extracted, read, repeated, times_slower


def test_an_article_of_the_calendars_last_day_is_settled() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    settlement = Ledger().settle(Version("u", "s", "original", "usable", last), "{}", [("events", "e")])
    assert settlement.publish
    again = Ledger()
    for key, value in settlement.changes:
        again.restore(key, value)
    assert again.settle(Version("u", "s", "kill", "canceled", last), "{}", None).withdraw == [("events", "e")]


def test_small_tables_are_read_in_time_linear_in_their_number() -> None:
    """trafilatura's second opinion looked from each paragraph without words for the next one with words: 15 s for 400 kB."""
    small, large = (repeated(HTML_UNITS["tables"], chars, PAGE_HEAD) for chars in (60_000, 240_000))
    assert times_slower(read, small, large) < 10


@pytest.mark.parametrize("unit", ["he said", "nested saying", "according to"])
def test_a_sentence_without_end_gives_records_of_the_texts_size(unit: str) -> None:
    """Each of its claims and events held all of the sentence: 129 MB of records for 32 kB."""
    assert extracted(repeated(UNITS[unit], 8_000)) < 200 * 8_000


def test_what_an_id_is_made_from_is_bounded() -> None:
    assert len(normalised("word " * 100_000)) < 5_000


def test_a_ligature_of_eighteen_letters_takes_no_more_memory_than_other_letters() -> None:
    body = "\ufdfa" * 100_000
    fingerprint(body[:100])
    tracemalloc.start()
    fingerprint(body)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 300 * len(body), "it was 700 a letter"
