"""Quotes followed over stories: which are one, what is published as stories join and leave, what is remembered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from processors.linking import Links, link
from processors.linking.wording import Wording
from schemas import Digest, Quote, Quoted
from tests.processors.linking.restarts import assert_restored_alike

DAY = datetime(2026, 4, 8, 12, tzinfo=UTC)
FULL = "“The dam will hold this winter, but nobody should build below it again, and I have told the council so,”"


def digest(story: str, *texts: str, speaker: str | None = "Mara Lind", hours: float = 0, **more: Any) -> Digest:
    """What one story quotes."""
    return Digest(
        id=story,
        article_uri=f"uri-{story}",
        article_version=1,
        story_id=story,
        outlet=f"Outlet {story}",
        published_at=DAY + timedelta(hours=hours),
        pub_status="usable",
        extractor="test",
        quotes=[Quoted(claim_id=f"{story}-{n}", speaker=speaker, text=text) for n, text in enumerate(texts)],
        **more,
    )


def follow(links: Links, *digests: Digest) -> list[Quote]:
    """All versions that are published, in order."""
    return [quote for one in digests for quote in links.follow(one).quotes]


@pytest.mark.parametrize(
    "other",
    [
        "“nobody should build below it again”",
        "“The dam will hold this winter … and I have told the council so.”",
        "“[The dam] will hold this winter, but nobody should ever build below it again,”",
        '"The dam will hold this winter, but NOBODY should build below it again -- and I have told the council so"',
    ],
)
def test_a_quote_that_is_cut_or_has_other_edges_is_the_same_quote(other: str) -> None:
    (quote,) = follow(Links(), digest("a", FULL), digest("b", other, hours=30))
    assert (quote.stories, quote.version, quote.outlets) == (2, 1, ["Outlet a", "Outlet b"])
    assert (quote.first_seen, quote.last_seen) == (DAY, DAY + timedelta(hours=30))
    assert [sighting.text for sighting in quote.sightings] == [FULL, other]


@pytest.mark.parametrize(
    "other",
    [
        "“The dam will hold”",  # who would not say that
        "“The bridge will hold this winter, and nobody has to worry about the road below it this year,”",
        "“Nobody should live where the river may come, as the council was told by all of us in March.”",
    ],
)
def test_what_is_merely_alike_is_another_quote(other: str) -> None:
    assert follow(Links(), digest("a", FULL), digest("b", other)) == []


def test_a_short_quote_of_another_speaker_is_another_quote_and_a_long_one_is_the_same_with_a_doubt_about_who_said_it() -> None:
    short = "“We will not pay for this”"
    assert follow(Links(), digest("a", short), digest("b", short, speaker="Tom Reyes")) == []
    assert len(follow(Links(), digest("a", short), digest("b", short, speaker="Lind"))) == 1
    assert len(follow(Links(), digest("a", short), digest("b", short, speaker="a spokeswoman"))) == 1
    (quote,) = follow(Links(), digest("a", FULL), digest("b", FULL, speaker="Tom Reyes"))
    assert [sighting.speaker for sighting in quote.sightings] == ["Mara Lind", "Tom Reyes"]


def test_a_story_that_joins_late_is_a_new_version_of_the_same_quote() -> None:
    versions = follow(Links(), *(digest(story, FULL, hours=day * 24) for day, story in enumerate("abcd")))
    assert [(quote.version, quote.stories) for quote in versions] == [(1, 2), (2, 3), (3, 4)]
    assert len({quote.id for quote in versions}) == 1


def test_a_story_that_is_told_again_unchanged_changes_nothing() -> None:
    links = Links()
    follow(links, digest("a", FULL), digest("b", FULL))
    again = links.follow(digest("b", FULL))
    assert (again.quotes, again.changes) == ([], [])


def test_a_story_that_is_withdrawn_leaves_its_quotes_and_one_story_alone_is_no_record() -> None:
    links = Links()
    gone = digest("a").model_copy(update={"pub_status": "canceled"})
    versions = follow(links, *(digest(story, FULL) for story in "abc"), gone, gone.model_copy(update={"story_id": "b"}))
    assert [(quote.version, quote.stories, quote.pub_status) for quote in versions[2:]] == [(3, 2, "usable"), (4, 1, "canceled")]
    (back,) = follow(links, digest("d", FULL))
    assert (back.id, back.version, back.stories) == (versions[0].id, 5, 2)


def test_two_quotes_of_one_article_stay_two() -> None:
    links = Links()
    versions = follow(links, digest("a", FULL, "“And then we went home to count what was left,”"))
    versions += follow(links, digest("b", "“we went home to count what was left,”", "“nobody should build below it again”"))
    assert len({quote.id for quote in versions}) == len(versions) == 2


def test_what_is_remembered_brings_the_state_back_whatever_the_order_of_keys() -> None:
    texts = [f"“Point {n} of the plan is that the town of Oak {n} gets its {n} buses back,”" for n in range(30)]
    assert_restored_alike(digest(f"s{n}", texts[n % 30], texts[n * 7 % 30], hours=n * 9) for n in range(90))


def test_memory_is_bounded_in_days_and_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    links = Links()
    follow(links, digest("a", FULL))
    other = "“It is the first time that the harbour has ice in it in May,”"
    (*_, last) = links.follow(digest("b", other, hours=24 * 15)).changes
    assert last == ("quotes/a-0", None)
    assert follow(links, digest("c", FULL, hours=24 * 15)) == []
    monkeypatch.setattr(link, "MOST_LINKS", 5)
    held = set()
    for n in range(20):
        text = f"“Number {n} was the {n}th that we have counted since the {n}th of May,”"
        for key, value in links.follow(digest(f"n{n}", text, hours=24 * 15 + n)).changes:
            held = held - {key} if value is None else held | {key}
    assert len(held) == 5


def test_a_quote_that_hundreds_carry_keeps_its_first_and_latest_sightings_and_counts_all() -> None:
    versions = follow(Links(), *(digest(f"s{n:03}", FULL, hours=n / 10) for n in range(150)))
    assert versions[-1].stories == 150
    assert [sighting.story_id for sighting in versions[-1].sightings][:2] == ["s000", "s051"]
    assert len(versions[-1].sightings) == link.MOST_MENTIONS


def test_an_article_without_a_date_does_not_move_the_clock() -> None:
    links = Links()
    follow(links, digest("a", FULL), digest("x", "“This has no date and yet it is quoted,”", hours=24 * 60, dated_by="arrival"))
    assert len(follow(links, digest("b", FULL, hours=2))) == 1


def test_quotes_that_share_six_words_in_sequence_share_a_landmark() -> None:
    words = [f"w{n}" for n in range(40)]
    for start in range(30):
        shared = words[start : start + 6]
        one = Wording.of(" ".join(["so", "they", *shared, "and", "on"]))
        assert one.landmarks() & Wording.of(" ".join(words)).landmarks()
