"""Any text is survived, in time linear in its length, with offsets that hold."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.document import events_of
from processors.events.coding import code

from .conftest import Read

VOCABULARY = """
  Norway Belarus the army attacked will not said that who killed and or of by talks between to if , . ? " “ ” visit his refused
  accused calls for an end to war on plans must urged agreed"""
WORDS = st.lists(st.sampled_from([*VOCABULARY.split(), "\n"]), max_size=60).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(WORDS)
def test_offsets_lie_in_the_text_and_confidences_between_0_and_1(read: Read, text: str) -> None:
    doc = read(text)
    for event in events_of(doc):
        pieces = [event.trigger, *event.mentions, *event.source, *event.target]
        assert all(0 <= start < end <= len(text) for start, end in pieces)
        assert 0 <= event.confidence <= 1
        assert event.trigger in event.mentions
    starts = [event.trigger for event in events_of(doc)]
    assert starts == sorted(starts)


def test_the_same_text_gives_the_same_events(read: Read) -> None:
    text = "Norway will not lift its sanctions on Belarus, the minister said after talks between Oslo and Minsk."
    assert events_of(read(text)) == events_of(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "attacked and killed " * 1500,
        "The army attacked " + ", ".join(f"town{i}" for i in range(2000)) + ".",
        '"“(' * 400,
        "x" * 50_000,
    ],
)
def test_a_text_of_one_kind_of_thing_takes_no_longer_than_its_length(read: Read, text: str) -> None:
    doc = read(text)
    began = time.process_time()
    code(doc)
    assert time.process_time() - began < 2.0
