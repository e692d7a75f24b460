"""What a copy or an update adds, changes and leaves out is said by the paragraph, exactly, although nobody keeps the other text."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from processors.dedupe import Decision, Stories, described
from processors.dedupe.fingerprint import LONG_LINE
from processors.dedupe.paragraphs import MOST_PARAGRAPHS, packed
from processors.text import TextView
from schemas import CleanArticle, Difference, Range, Removed

from .newsroom import Reporter, article, text

REPORTER = Reporter(31)
STORY = REPORTER.story(9)
OTHERS = [REPORTER.paragraph(facts=False) for _ in range(6)]
NUMBERS = [f"{REPORTER.statement(9)[:-1]} {n * 7 + 3} people {REPORTER.statement(9).lower()}" for n in range(9)]


def compared(one: CleanArticle, other: CleanArticle) -> Difference:
    """The difference of `other`, which arrives after `one`."""
    stories = Stories()
    stories.decide(one)
    decision, _ = stories.decide(other)
    assert isinstance(decision, Decision)
    assert decision.difference is not None, decision
    return decision.difference


def pieces(body: str, ranges: list[Range]) -> list[str]:
    return [body[each.start : each.end] for each in ranges]


def test_a_copy_says_which_paragraphs_it_leaves_out_and_which_it_adds() -> None:
    one, other = text(STORY), text([*STORY[:3], OTHERS[0], *STORY[3:6], OTHERS[1]])
    found = compared(article("a", one, version=3), article("b", other))
    assert (found.uri, found.version) == ("a", 3)
    assert pieces(other, found.added) == [OTHERS[0], OTHERS[1]]
    assert pieces(one, found.left_out) == STORY[6:]
    assert found.changed == []


def test_a_correction_says_which_paragraph_has_another_number() -> None:
    story = [part for n, p in enumerate(STORY[:6]) for part in (p, NUMBERS[n])]
    corrected = [p.replace("31 people", "32 people") for p in story]
    found = compared(article("a", text(story)), article("a", text(corrected), version=2))
    assert (found.uri, found.version) == ("a", 1)
    assert pieces(text(corrected), found.changed) == [NUMBERS[4].replace("31", "32")]
    assert found.added == found.left_out == []


def test_an_update_of_an_outlet_says_what_it_grew_from_and_what_is_new() -> None:
    one, other = text(STORY), text([OTHERS[2], *STORY, OTHERS[3]])
    found = compared(article("a", one, outlet="o"), article("b", other, outlet="o"))
    assert (found.uri, found.left_out) == ("a", [])
    assert pieces(other, found.added) == [OTHERS[2], OTHERS[3]]


def test_typography_other_line_breaks_and_what_cleaning_took_out_are_no_difference() -> None:
    one = text([f"“{p}” he’s said — twice" for p in STORY])
    lines = [f'"{p}" he\'s said -- twice' for p in STORY]
    other = "\n".join([" ".join(lines[:2]), *lines[2:5], "Read more: nothing", " ".join(lines[5:])])
    at = other.index("Read more")
    promo = Removed(start=at, end=at + len("Read more: nothing"), reason="promo")
    merged, split = article("a", other, removed=[promo]), article("a", one)
    assert compared(split, merged.model_copy(update={"uri": "b"})) == Difference(
        uri="a", version=1, added=[], changed=[], left_out=[]
    )
    found = compared(merged, split.model_copy(update={"uri": "b"}))
    assert found.added == found.left_out == []


def test_a_text_that_lost_its_line_breaks_is_compared_by_sentences() -> None:
    one, other = " ".join(STORY), " ".join([*STORY[:4], OTHERS[4], *STORY[4:7]])
    assert len(other) > LONG_LINE
    found = compared(article("a", one), article("b", other))
    assert " ".join(pieces(other, found.added)) == OTHERS[4]
    assert " ".join(pieces(one, found.left_out)) == " ".join(STORY[7:])


def test_ranges_are_of_the_body_and_not_of_the_clean_text() -> None:
    promo = "Sign up for our newsletter\n\n"
    one = promo + text(STORY)
    other = promo + text([*STORY[:5], OTHERS[0]])
    removed = [Removed(start=0, end=len(promo), reason="subscription")]
    found = compared(article("a", one, removed=removed), article("b", other, removed=removed))
    assert pieces(other, found.added) == [OTHERS[0]]
    assert pieces(one, found.left_out) == STORY[5:]


def test_only_the_first_paragraphs_of_a_very_long_list_are_compared() -> None:
    body = "\n".join(f"Lot {n} went to {REPORTER.title()}" for n in range(3 * MOST_PARAGRAPHS))
    _, paragraphs = described(TextView(body))
    assert len(paragraphs) == MOST_PARAGRAPHS
    assert len(compared(article("a", body), article("b", body)).to_json()) < 100


def test_an_outline_takes_about_twelve_bytes_a_paragraph() -> None:
    story = Reporter(8).story(60)
    assert len(packed(described(TextView(text(story)))[1])) < 13 * 60


@pytest.mark.parametrize("body", ["", "…\n\n***", "Rain.", "a\nb\rc\x0bd\u2028e", "word " * 5000])
def test_paragraphs_of_any_text_are_sorted_and_hold_all_its_words(body: str) -> None:
    _, paragraphs = described(TextView(body))
    assert all(a.end <= b.start for a, b in pairwise(paragraphs))
    words = [word for word in body.split() if any(map(str.isalnum, word))]
    assert [word for p in paragraphs for word in body[p.start : p.end].split()] == words


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_mixture_of_edits_is_told_paragraph_by_paragraph(data: st.DataObject) -> None:
    """Of twelve paragraphs some are left out, some changed by a number, and new ones put between, in any places and order."""
    story = [part for n in range(6) for part in (STORY[n], NUMBERS[n])]
    kept = data.draw(st.lists(st.sampled_from(range(12)), min_size=9, max_size=12, unique=True))
    added = data.draw(st.lists(st.sampled_from(OTHERS[:4]), max_size=3, unique=True))
    renumbered = set(data.draw(st.lists(st.sampled_from(range(1, 12, 2)), max_size=2, unique=True)))
    other = [story[n].replace(" people", "4 people") if n in renumbered else story[n] for n in kept]
    changed = [p for n, p in zip(kept, other, strict=True) if n in renumbered]
    for paragraph in added:
        other.insert(data.draw(st.integers(0, len(other))), paragraph)
    one_uri, other_uri, fields = data.draw(st.sampled_from(CASES))
    stories = Stories()
    stories.decide(article(one_uri, text(story)))
    decision, _ = stories.decide(article(other_uri, text(other), **fields))
    assert decision is not None
    assume(decision.role != "original")  # too little is left of it to know it again
    assert decision.difference is not None
    found = decision.difference
    assert pieces(text(other), found.added) == [p for p in other if p in added]
    assert pieces(text(other), found.changed) == [p for p in other if p in changed]
    assert pieces(text(story), found.left_out) == [p for n, p in enumerate(story) if n not in kept]


CASES: list[tuple[str, str, dict[str, Any]]] = [("a", "b", {}), ("a", "a", {"version": 2})]
