"""Where and when events are placed, which claim reports them, and what is merged."""

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.document import ClaimDraft, EventDraft, events_of
from processors.events.merging import Mention, merge
from schemas import Mark

from .conftest import Read


def event(read: Read, text: str, type_: str, **more: object) -> EventDraft:
    """The most confident event of a type."""
    return max((e for e in events_of(read(text, **more)) if e.type == type_), key=lambda e: e.confidence)


def test_an_event_takes_place_where_its_clause_says(read: Read) -> None:
    found = event(read, "Police arrested the minister in Oslo, and a court in Madrid freed his aide.", "COERCE")
    assert found.place is not None
    assert found.place[1].name == "Oslo"


def test_the_days_news_takes_place_at_the_dateline_and_the_dateline_does_nothing(read: Read) -> None:
    text = "NAIROBI, Kenya - Police arrested the minister on Monday."
    found = event(read, text, "COERCE", marks=(Mark(start=0, end=16, kind="dateline"),))
    assert found.place is not None
    assert found.place[1].country == "KEN"
    assert [text[a:b] for a, b in found.source] == ["Police"]


def test_an_event_has_the_date_of_its_clause(read: Read) -> None:
    found = event(read, "Police arrested the minister on Monday.", "COERCE")
    assert found.time is not None
    assert found.time[1].startswith("2024-05-")


def test_an_event_links_to_the_claim_in_whose_content_it_stands(read: Read) -> None:
    text = "The aide said police had arrested the minister."
    claim = ClaimDraft(source=[(0, 8)], cue=[(9, 13)], content=[(14, 47)], kind="indirect", claim_class="statement")
    assert event(read, text, "COERCE", claims=(claim,)).claim == 0
    assert event(read, text, "COERCE").claim is None


def test_mentions_of_one_event_are_one_draft(read: Read) -> None:
    doc = read("Norway condemned Belarus. Norway also condemned Belarus on Friday. The condemnation of Belarus came late.")
    found = [e for e in events_of(doc) if e.type == "ACCUSE"]
    assert len(found) == 1
    assert len(found[0].mentions) == 3
    assert found[0].trigger in found[0].mentions


def test_a_reception_and_the_visit_are_one_event(read: Read) -> None:
    doc = read("President Ana Cruz received Prime Minister Tom Beck on Monday. Beck's visit lasted an hour.")
    assert [len(e.mentions) for e in events_of(doc) if e.type == "CONSULT"] == [2]


def test_what_is_done_in_two_towns_is_two_events(read: Read) -> None:
    doc = read("Russia attacked Ukraine in Odesa on Monday. Russia attacked Ukraine in Kharkiv too. Russia attacked Ukraine twice.")
    assert [len(e.mentions) for e in events_of(doc) if e.type == "ASSAULT"] == [1, 2]


def test_events_of_other_people_are_kept_apart(read: Read) -> None:
    doc = read("Norway condemned Belarus. Chile condemned Peru.")
    assert len([e for e in events_of(doc) if e.type == "ACCUSE"]) == 2


NAMES = st.frozensets(st.sampled_from(["a", "b", "c", "d"]), max_size=2)
MENTIONS = st.lists(
    st.tuples(st.sampled_from(["CONSULT", "ASSAULT", "OTHER"]), NAMES, NAMES, st.booleans(), st.floats(0, 1)), max_size=30
)


@settings(max_examples=60, deadline=None)
@given(MENTIONS)
def test_merging_loses_no_mention_and_keeps_the_order(
    given_mentions: list[tuple[str, frozenset[str], frozenset[str], bool, float]],
) -> None:
    mentions = [
        Mention(EventDraft(type_, "m", (n, n + 1), "actual", [(n, n + 1)], confidence=c), source, target, definite)
        for n, (type_, source, target, definite, c) in enumerate(given_mentions)
    ]
    merged = merge(mentions, lambda draft: draft.trigger[0])
    assert sorted(m for draft in merged for m in draft.mentions) == [(n, n + 1) for n in range(len(given_mentions))]
    assert [d.trigger for d in merged] == sorted(d.trigger for d in merged)
    assert all(d.trigger in d.mentions for d in merged)
