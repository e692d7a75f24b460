"""Quotes are found by their marks alone."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.claims import quotes


def found(text: str) -> list[str]:
    return [text[quote.start : quote.end] for quote in quotes.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said "it is late" and left.', ['"it is late"']),
        ("She said “it is late” and left.", ["“it is late”"]),
        ("She said «it is late» and left.", ["«it is late»"]),
        ("She said ''it is late'' and left.", ["''it is late''"]),
        ("She said 'it is late,' and left.", ["'it is late,'"]),
        ("She said ‘it is late’.", ["‘it is late’"]),
        ('"Late," she said. "Too late."', ['"Late,"', '"Too late."']),
        ('She said "it is late” and left.', ['"it is late”']),
        ("“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”"]),
        ("'He told me \"no\" twice,' she said.", ["'He told me \"no\" twice,'"]),
    ],
)
def test_a_quote_in_any_marks_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["It's the boys' turn, isn't it?", "The band of the '90s didn't play.", "He is 6'2\" tall.", "Rock ’n’ roll isn’t dead.", ""],
)
def test_apostrophes_and_inches_are_no_quotes(text: str) -> None:
    assert found(text) == []


def test_a_quote_ends_with_its_paragraph() -> None:
    assert found("“We begin here.\nThe mayor left.") == ["“We begin here."]


def test_a_quote_that_opens_again_in_the_next_paragraph_runs_on() -> None:
    first, second, third = quotes.find("“One thing is sure.\n\n“Another is not.\n\n“We wait,” she said.")
    assert (first.running, second.running, third.running) == (True, True, False)
    assert (first.closed, third.closed) == (False, True)


def test_of_two_opening_marks_the_first_is_a_slip() -> None:
    assert found('He said "we go. "We stay," she said.') == ['"We stay,"']


@settings(deadline=None)
@given(st.text(alphabet="\"'“”‘’«»` aB.,\n", max_size=200))
def test_quotes_are_in_order_apart_and_within_the_text(text: str) -> None:
    at = 0
    for quote in quotes.find(text):
        assert at <= quote.start < quote.end <= len(text)
        assert "\n" not in text[quote.start : quote.end]
        at = quote.end


@pytest.mark.parametrize("unit", ['"', "'", "“", "'''", " '", "' ", 'a"', '"\n', "‘a "])
def test_half_a_megabyte_of_marks_takes_a_second_or_two(unit: str) -> None:
    began = time.process_time()
    quotes.find(unit * (500_000 // len(unit)))
    assert time.process_time() - began < 4
