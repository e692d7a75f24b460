"""Reports of one occurrence joined over stories: which are one, what is published as stories join and leave, what is remembered."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.linking import Links, link, occurrences
from schemas import Actor, Digest, Event, EventPlace, EventTime, Occurrence, Span
from tests.processors.linking.restarts import assert_restored_alike

DAY = datetime(2026, 4, 8, 12, tzinfo=UTC)
WORD = Span(start=0, end=3, text="met")


def actor(name: str) -> Actor:
    return Actor(spans=[WORD], text=name, name=name, kind="person")


def event(story: str, source: str = "Ana Sol", target: str = "Bo Lind", n: int = 0, **more: Any) -> Event:
    """What one story reports."""
    fields: dict[str, Any] = {
        "id": f"{story}-{n}",
        "article_uri": f"uri-{story}",
        "article_version": 1,
        "story_id": story,
        "outlet": f"Outlet {story}",
        "published_at": DAY,
        "pub_status": "usable",
        "extractor": "test",
        "type": "CONSULT",
        "trigger": WORD,
        "sentence": WORD,
        "mentions": [WORD],
        "operators": [],
        "source": [actor(name) for name in source.split("; ") if name],
        "target": [actor(name) for name in target.split("; ") if name],
        "factuality": "actual",
        "confidence": 0.7,
    }
    return Event(**(fields | more))


def digest(story: str, *events: Event, hours: float = 0, **more: Any) -> Digest:
    return Digest(
        id=story,
        article_uri=f"uri-{story}",
        article_version=1,
        story_id=story,
        outlet=f"Outlet {story}",
        published_at=DAY + timedelta(hours=hours),
        pub_status=more.pop("pub_status", "usable"),
        extractor="test",
        events=list(events),
        **more,
    )


def follow(links: Links, *digests: Digest) -> list[Occurrence]:
    """All versions that are published, in order."""
    return [found for one in digests for found in links.follow(one).occurrences]


def in_lima(**more: Any) -> dict[str, Any]:
    return {"place": EventPlace(name="Lima", country="PER", admin1="Lima", geonames_id=1, lat=-12.0, lon=-77.0)} | more


def test_two_stories_that_report_the_same_act_report_one_occurrence() -> None:
    (found,) = follow(Links(), digest("a", event("a")), digest("b", event("b", source="Ana Sol; Cy Bell"), hours=20))
    assert (found.id, found.version, found.stories, found.outlets) == ("a-0", 1, 2, ["Outlet a", "Outlet b"])
    assert (found.type, found.source, found.target) == ("CONSULT", ["Ana Sol", "Cy Bell"], ["Bo Lind"])


@pytest.mark.parametrize(
    "other",
    [
        {"type": "ACCUSE"},
        {"factuality": "planned"},
        {"target": "Tom Reyes"},
        {"source": "", "target": "Bo Lind"},  # one name is too little
        {"source": "", "target": ""},
        {"time": EventTime(value="2026-04-01")},
    ],
)
def test_what_differs_in_type_actors_time_or_factuality_is_another_occurrence(other: dict[str, Any]) -> None:
    first = event("a", time=EventTime(value="2026-04-08"))
    assert follow(Links(), digest("a", first), digest("b", event("b", **other))) == []


def test_another_place_is_another_occurrence_and_the_country_of_a_place_is_not() -> None:
    oslo = EventPlace(name="Oslo", country="NOR", geonames_id=2, lat=59.9, lon=10.7)
    peru = EventPlace(name="Peru", country="PER", geonames_id=3, lat=-10.0, lon=-76.0)
    assert follow(Links(), digest("a", event("a", **in_lima())), digest("b", event("b", place=oslo))) == []
    assert len(follow(Links(), digest("a", event("a", **in_lima())), digest("b", event("b", place=peru)))) == 1
    assert len(follow(Links(), digest("a", event("a", **in_lima())), digest("b", event("b", **in_lima())))) == 1


def town(name: str) -> EventPlace:
    return EventPlace(name=name, country="PER", admin1="Cusco", geonames_id=4, lat=-13.0, lon=-72.0)


def test_two_strikes_on_two_towns_of_a_region_are_two_occurrences_and_their_region_is_either() -> None:
    links = Links()
    pisac, calca = event("a", place=town("Pisac")), event("a", n=1, place=town("Calca"))
    assert follow(links, digest("a", pisac, calca)) == []
    assert follow(links, digest("b", event("b", place=town("Urubamba")))) == []
    (found,) = follow(links, digest("c", event("c", place=town("Calca"))))
    assert (found.id, found.place) == ("a-1", "PER/Cusco/Calca")
    (found,) = follow(links, digest("d", event("d", place=town("Cusco"))))
    assert found.version in (1, 2)


def test_stories_datelined_from_two_towns_of_a_region_report_one_occurrence() -> None:
    line = {"span": Span(start=90, end=95, text="PISAC")}  # outside the sentence
    one, other = town("Pisac").model_copy(update=line), town("Calca").model_copy(update=line)
    (found,) = follow(Links(), digest("a", event("a", place=one)), digest("b", event("b", place=other)))
    assert found.place == "PER/Cusco/Cusco"


def test_a_town_that_contradicts_one_report_is_another_occurrence_though_the_country_agrees() -> None:
    peru = EventPlace(name="Peru", country="PER", geonames_id=3, lat=-10.0, lon=-76.0)
    links = Links()
    assert len(follow(links, digest("a", event("a", place=town("Pisac"))), digest("b", event("b", place=peru)))) == 1
    assert follow(links, digest("c", event("c", place=town("Calca")))) == []


@pytest.mark.parametrize(
    ("mode", "other", "joined"),
    [
        ("visit", "talks", True),
        ("visit", "phone", False),
        ("attack", "bomb", True),
        ("arrest", "deport", False),
        ("visit", None, True),
    ],
)
def test_another_kind_of_act_is_another_occurrence_and_another_word_for_it_is_not(
    mode: str, other: str | None, joined: bool
) -> None:
    found = follow(Links(), digest("a", event("a", mode=mode)), digest("b", event("b", mode=other)))
    assert bool(found) == joined


def test_one_actor_is_enough_where_place_or_time_is_shared() -> None:
    one, other = event("a", target="", **in_lima()), event("b", target="", **in_lima())
    assert len(follow(Links(), digest("a", one), digest("b", other))) == 1


def test_what_the_same_two_do_days_later_is_another_occurrence() -> None:
    assert follow(Links(), digest("a", event("a")), digest("b", event("b"), hours=60)) == []


def test_a_story_that_joins_late_is_a_new_version() -> None:
    versions = follow(Links(), *(digest(story, event(story), hours=n * 12) for n, story in enumerate("abcd")))
    assert [(found.version, found.stories) for found in versions] == [(1, 2), (2, 3), (3, 4)]
    assert len({found.id for found in versions}) == 1


def test_a_story_that_is_told_again_unchanged_changes_nothing() -> None:
    links = Links()
    follow(links, digest("a", event("a")), digest("b", event("b")))
    again = links.follow(digest("b", event("b")))
    assert (again.occurrences, again.changes) == ([], [])


def test_a_story_that_is_withdrawn_leaves_and_one_story_alone_is_no_record() -> None:
    links = Links()
    follow(links, digest("a", event("a")), digest("b", event("b")))
    (gone,) = follow(links, digest("b", pub_status="canceled"))
    assert (gone.version, gone.stories, gone.pub_status) == (2, 1, "canceled")
    (back,) = follow(links, digest("c", event("c")))
    assert (back.id, back.version, back.stories) == (gone.id, 3, 2)


@settings(deadline=None)
@given(st.permutations("abcdef"))
def test_the_order_in_which_stories_come_does_not_change_which_are_joined(order: list[str]) -> None:
    versions = follow(Links(), *(digest(story, event(story), event(story, source="Cy Bell", n=1)) for story in order))
    last = {found.id: {report.story_id for report in found.reports} for found in versions}
    assert list(last.values()) == [set("abcdef")] * 2


@settings(deadline=None)
@example([("g", 0, 45), ("a", 0, 0), ("a", 4, 200), ("a", 0, 0)])  # the last ones leave and expire at once
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 4), st.integers(0, 200)), max_size=40))
def test_what_is_remembered_brings_the_state_back_at_any_moment(steps: list[tuple[str, int, int]]) -> None:
    places, modes = (None, town("Pisac"), town("Calca"), town("Cusco")), (None, "visit", "phone")

    def said(story: str, who: int, hours: int) -> Digest:
        more: dict[str, Any] = {"place": places[hours % 4], "mode": modes[hours % 3]}
        events = [event(story, source=f"Person {who}", **more), event(story, source=f"Person {who + 1}", n=1)] if who < 4 else []
        return digest(story, *events, hours=hours)

    with patch.object(occurrences, "_MOST_COMPARED", 2):
        assert_restored_alike(said(*step) for step in steps)


def test_memory_is_bounded_in_days_and_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    links = Links()
    follow(links, digest("a", event("a")))
    (*_, last) = links.follow(digest("b", event("b", source="Cy Bell", target="Di Moss"), hours=24 * 5)).changes
    assert last == ("occurrences/a-0", None)
    monkeypatch.setattr(link, "MOST_LINKS", 5)
    held = set()
    for n in range(20):
        one = digest(f"n{n}", event(f"n{n}", source=f"Person {n}", target=f"Other {n}"), hours=24 * 5 + n)
        for key, value in links.follow(one).changes:
            held = held - {key} if value is None else held | {key}
    assert len(held) == 5


def test_an_occurrence_that_hundreds_report_keeps_its_first_and_latest_reports_and_counts_all() -> None:
    versions = follow(Links(), *(digest(f"s{n:03}", event(f"s{n:03}"), hours=n / 10) for n in range(150)))
    assert versions[-1].stories == 150
    assert [report.story_id for report in versions[-1].reports][:2] == ["s000", "s051"]
    assert len(versions[-1].reports) == link.MOST_MENTIONS
