import json
import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.dedupe import Changes, Decision, Stories, story_id
from processors.dedupe.window import MEMORY_S, MOST_HOLDERS, WINDOW_S
from schemas import CleanArticle

from .newsroom import START, Reporter, article, compacted, decided, text

REPORTERS = [Reporter(seed) for seed in range(6)]
STORIES = [reporter.story(7) for reporter in REPORTERS]
MERGED = STORIES[0][:4] + STORIES[1][:3]
TEXTS = [
    *(text(story) for story in STORIES),
    *(text(story[:4]) for story in STORIES),
    *(text([*story, REPORTERS[5].paragraph()]) for story in STORIES),
    text(MERGED),
    STORIES[0][0],
    "For subscribers only.",
    "",
]
HOUR = 3600


def only(stories: Stories, each: CleanArticle) -> Decision:
    decision, _ = stories.decide(each)
    assert decision is not None
    return decision


def test_an_article_that_nobody_had_is_the_original_of_its_story() -> None:
    assert only(Stories(), article("a", TEXTS[0])) == Decision(story_id("a"), "original")


def test_a_copy_joins_the_story_and_says_how_much_it_shares() -> None:
    stories = Stories()
    only(stories, article("a", TEXTS[0]))
    decision = only(stories, article("b", text(STORIES[0][:4])))
    assert (decision.story_id, decision.role, decision.copy_of) == (story_id("a"), "copy", "a")
    assert decision.similarity is not None
    assert decision.similarity.in_other == 1
    assert 0.25 < decision.similarity.of_other < 0.75


def test_a_copy_of_a_copy_belongs_to_the_same_story() -> None:
    stories = Stories()
    only(stories, article("a", TEXTS[0]))
    only(stories, article("b", TEXTS[0]))
    decision = only(stories, article("c", TEXTS[0]))
    assert (decision.story_id, decision.copy_of) == (story_id("a"), "a")


def test_an_outlet_that_adds_to_its_text_under_another_uri_updates_the_story() -> None:
    stories = Stories()
    only(stories, article("a", text(STORIES[0]), outlet="o"))
    decision = only(stories, article("b", text(STORIES[0] + STORIES[1][:3]), outlet="o"))
    assert (decision.story_id, decision.role, decision.copy_of) == (story_id("a"), "update", None)
    assert decision.similarity is not None
    assert decision.similarity.of_other == 1


def test_another_page_of_an_outlet_with_the_same_text_is_a_copy() -> None:
    stories = Stories()
    only(stories, article("a", TEXTS[0], outlet="o"))
    assert only(stories, article("b", TEXTS[0], outlet="o")).role == "copy"


def test_the_whole_text_after_a_cut_copy_is_an_update_so_that_the_rest_is_read() -> None:
    stories = Stories()
    only(stories, article("a", text(STORIES[0][:3])))
    decision = only(stories, article("b", text(STORIES[0])))
    assert (decision.story_id, decision.role) == (story_id("a"), "update")


def test_a_correction_is_an_update_and_says_how_much_stayed() -> None:
    stories = Stories()
    only(stories, article("a", TEXTS[0]))
    decision = only(stories, article("a", text([*STORIES[0][:6], STORIES[1][0]]), version=2))
    assert (decision.story_id, decision.role, decision.copy_of) == (story_id("a"), "update", None)
    assert decision.similarity is not None
    assert 0.6 < decision.similarity.in_other < 1


def test_a_corrected_copy_is_still_a_copy_while_it_says_the_same() -> None:
    stories = Stories()
    decided(stories, article("a", TEXTS[0]), article("b", TEXTS[0]))
    second = only(stories, article("b", text(STORIES[0][:6]), version=2))
    third = only(stories, article("b", text(STORIES[3]), version=3))
    assert (second.story_id, second.role, second.copy_of) == (story_id("a"), "copy", "a")
    assert (third.story_id, third.role, third.copy_of) == (story_id("a"), "update", None)


def test_a_version_that_is_not_newer_is_a_redelivery_and_changes_nothing() -> None:
    stories = Stories()
    only(stories, article("a", TEXTS[0], version=2))
    for version in (2, 1):
        assert stories.decide(article("a", TEXTS[1], version=version, hours=400)) == (None, [])
    assert only(stories, article("b", TEXTS[0])).role == "copy"


def test_a_kill_goes_to_the_story_of_its_article() -> None:
    stories = Stories()
    decided(stories, article("a", TEXTS[0]), article("b", TEXTS[0]))
    assert only(stories, article("b", "", pub_status="canceled")) == Decision(story_id("a"), "kill", original="a")
    assert stories.decide(article("b", "", pub_status="canceled")) == (None, [])
    assert stories.decide(article("b", TEXTS[0])) == (None, [])


def test_a_kill_of_an_article_that_nobody_saw_is_a_story_of_its_own() -> None:
    assert only(Stories(), article("x", "", pub_status="canceled")) == Decision(story_id("x"), "kill")


def test_what_was_killed_is_not_copied() -> None:
    stories = Stories()
    decided(stories, article("a", TEXTS[0]), article("a", "", pub_status="canceled"))
    assert only(stories, article("b", TEXTS[0])) == Decision(story_id("b"), "original")


def test_a_killed_article_may_come_back_as_an_update_with_a_higher_version() -> None:
    stories = Stories()
    decided(stories, article("a", TEXTS[0]), article("a", "", pub_status="canceled"))
    assert only(stories, article("a", TEXTS[0], version=2)) == Decision(story_id("a"), "update")
    assert only(stories, article("b", TEXTS[0])).copy_of == "a"


def test_a_withheld_article_is_not_copied_and_is_decided_anew_when_released() -> None:
    stories = Stories()
    assert only(stories, article("a", TEXTS[0], pub_status="withheld")).role == "original"
    assert only(stories, article("b", TEXTS[0])) == Decision(story_id("b"), "original")
    released = only(stories, article("a", TEXTS[0], version=2))
    assert (released.story_id, released.role, released.copy_of) == (story_id("b"), "copy", "b")


def test_an_article_is_copied_for_72_hours_and_no_longer() -> None:
    for hours, role in ((72.0, "copy"), (72.1, "original")):
        stories = Stories()
        only(stories, article("a", TEXTS[0]))
        assert only(stories, article("b", TEXTS[0], hours=hours)).role == role


def test_a_late_article_can_be_copied_as_long_as_any_other() -> None:
    stories = Stories()
    decided(stories, article("now", TEXTS[1], hours=500), article("late", TEXTS[0]))
    assert only(stories, article("copy", TEXTS[0], hours=571)).copy_of == "late"


def test_articles_without_a_date_do_not_end_the_window_of_those_with_one_nor_the_other_way_round() -> None:
    stories = Stories()
    undated = article("a", TEXTS[0], hours=50_000, dated_by="arrival")
    decided(stories, undated, article("b", TEXTS[1]), article("c", TEXTS[2], hours=50_010, dated_by="arrival"))
    assert [only(stories, article(f"copy{n}", TEXTS[n], hours=1)).copy_of for n in range(3)] == ["a", "b", "c"]
    decided(stories, article("z", TEXTS[5], hours=50_200, dated_by="arrival"), article("y", TEXTS[4], hours=100))
    assert [only(stories, article(f"late{n}", TEXTS[n], hours=100)).role for n in range(3)] == ["original"] * 3


def test_what_is_too_old_is_forgotten_with_a_tombstone() -> None:
    stories = Stories()
    log: Changes = []
    for each in (article("a", TEXTS[0]), article("b", TEXTS[0]), article("c", TEXTS[1], hours=WINDOW_S / HOUR + 1)):
        log += stories.decide(each)[1]
    state = dict(log)
    assert state["en/a"] is None
    assert state["en/b"] is not None
    assert "hashes" not in state["en/b"]
    assert ("en/b", None) in stories.decide(article("d", TEXTS[2], hours=MEMORY_S / HOUR + 1))[1]


@pytest.mark.parametrize(("hours", "story"), [(100, "a"), (MEMORY_S / HOUR - 1, "a"), (MEMORY_S / HOUR + 80, "b")])
def test_a_kill_finds_the_story_of_a_copy_for_seven_days(hours: float, story: str) -> None:
    stories = Stories()
    decided(stories, article("a", TEXTS[0]), article("b", TEXTS[0]), article("z", TEXTS[1], hours=hours))
    decision = only(stories, article("b", "", pub_status="canceled", hours=hours))
    assert (decision.story_id, decision.role, decision.original or "b") == (story_id(story), "kill", story)


def test_a_kill_finds_the_story_of_an_original_for_ever() -> None:
    stories = Stories()
    decided(stories, article("a", TEXTS[0]), article("z", TEXTS[1], hours=9000))
    assert only(stories, article("a", "", pub_status="canceled", hours=9001)) == Decision(story_id("a"), "kill")


def test_a_story_that_all_the_world_carries_stays_one() -> None:
    stories = Stories()
    found = decided(stories, *(article(f"u{n}", TEXTS[0], hours=n / 60) for n in range(2 * MOST_HOLDERS)))
    assert {decision.story_id for decision in found if decision} == {story_id("u0")}
    _, changes = stories.decide(article("last", TEXTS[0], hours=7))
    assert len(json.dumps(changes)) < 500


def test_state_that_holds_nothing_but_kills_comes_back() -> None:
    _, changes = (stories := Stories()).decide(article("uri0", TEXTS[0], pub_status="canceled"))
    restored = Stories()
    for key, value in changes:
        restored.restore(key, value)
    original = article("uri1", TEXTS[1], hours=1)
    assert restored.decide(original) == stories.decide(original)


# ---- properties --------------------------------------------------------------------------------------------------------

ARTICLES = st.lists(
    st.builds(
        lambda uri, version, status, body, outlet, language, hours, dated_by: article(
            f"uri{uri}",
            TEXTS[body],
            version=version,
            pub_status=status,
            outlet=f"o{outlet}",
            language=language,
            hours=hours,
            dated_by=dated_by,
        ),
        st.integers(0, 12),
        st.integers(1, 4),
        st.sampled_from(["usable"] * 8 + ["withheld", "canceled"]),
        st.integers(0, len(TEXTS) - 1),
        st.integers(0, 3),
        st.sampled_from(["en", "en", "de"]),
        st.integers(0, 400),
        st.sampled_from([None, None, "arrival"]),
    ),
    max_size=40,
)


def in_step(articles: list[CleanArticle]) -> list[CleanArticle]:
    """The same with event times that mostly go on, a few hours each, and sometimes fall back."""
    return [
        each.model_copy(update={"published_at": START + timedelta(hours=n * 5 + each.published_at.hour % 24)})
        for n, each in enumerate(articles)
    ]


@settings(max_examples=150, deadline=None)
@given(ARTICLES, st.integers(0, 40), st.randoms(use_true_random=False), st.booleans())
def test_after_a_restart_the_decisions_are_those_of_one_that_never_stopped(
    articles: list[CleanArticle], stop: int, shuffle: random.Random, steady: bool
) -> None:
    articles = in_step(articles) if steady else articles
    stories, log = Stories(), Changes()
    for each in articles[:stop]:
        log += json.loads(json.dumps(stories.decide(each)[1]))
    state = compacted(log)
    shuffle.shuffle(state)
    replayed, restored = Stories(), Stories()
    for key, value in log:
        replayed.restore(key, value)
    for key, value in state:
        restored.restore(key, value)
    for each in articles[stop:]:
        expected = stories.decide(each)
        assert restored.decide(each) == expected
        assert replayed.decide(each) == expected


@settings(max_examples=50, deadline=None)
@given(ARTICLES)
def test_a_language_is_decided_as_if_it_were_alone(articles: list[CleanArticle]) -> None:
    together = Stories()
    found = [(each, together.decide(each)) for each in articles]
    for language in ("en", "de"):
        alone = Stories()
        for each, (decision, changes) in found:
            # A kill is decided in the language that knows its article, whatever it says of its own.
            decided_in = {key.partition("/")[0] for key, _ in changes} or {each.language}
            is_redelivered_kill = decision is None and each.pub_status == "canceled"
            if decided_in == {language} and not is_redelivered_kill:
                assert alone.decide(each) == (decision, changes)


@settings(max_examples=50, deadline=None)
@given(ARTICLES, st.data())
def test_a_redelivery_changes_no_decision(articles: list[CleanArticle], data: st.DataObject) -> None:
    once, twice = Stories(), Stories()
    for n, each in enumerate(articles):
        expected = once.decide(each)
        assert twice.decide(each) == expected
        if data.draw(st.booleans()):
            recent = [seen for seen in articles[max(0, n - 3) : n + 1] if (seen.uri, seen.language) == (each.uri, each.language)]
            assert twice.decide(recent[-1]) == (None, [])


@settings(max_examples=50, deadline=None)
@given(st.permutations([(story, part) for story in range(4) for part in range(4)]))
def test_any_order_of_arrival_gives_the_same_stories(order: list[tuple[int, int]]) -> None:
    stories = Stories()
    groups: dict[str, set[tuple[int, int]]] = {}
    for story, part in order:
        paragraphs = STORIES[story][: 7 - part]
        decision = only(stories, article(f"{story}-{part}", text(paragraphs), hours=part / 2))
        groups.setdefault(decision.story_id, set()).add((story, part))
    assert sorted(map(sorted, groups.values())) == [[(story, part) for part in range(4)] for story in range(4)]


VERSIONS = {
    "agency": lambda story: story,
    "cut": lambda story: story[:4],
    "dateline": lambda story: [f"HARBOR CITY (Agency) -- {story[0]}", *story[1:]],
    "local": lambda story: [*story[:3], LOCAL[0], *story[3:]],
    "reordered": lambda story: [*story[:2], story[5], story[4], story[3], story[2], story[6]],
    "typography": lambda story: [p.upper().replace(".", " …") for p in story[:6]],
}
LOCAL = Reporter(77).story(2)


@settings(max_examples=100, deadline=None)
@given(st.permutations([(n, name) for n in range(4) for name in VERSIONS]), st.data())
def test_what_was_published_first_may_arrive_last_and_any_order_gives_the_same_stories(
    order: list[tuple[int, str]], data: st.DataObject
) -> None:
    """Event times and arrival have nothing to do with each other here, but that all lies within the window."""
    stories = Stories()
    groups: dict[str, list[tuple[int, str]]] = {}
    roles: dict[str, list[str]] = {}
    for n, name in order:
        hours = data.draw(st.integers(0, WINDOW_S // HOUR))
        outlet = "agency" if name == "agency" else f"{name} of {n}"
        decision = only(stories, article(f"{n}-{name}", text(VERSIONS[name](STORIES[n])), hours=hours, outlet=outlet))
        groups.setdefault(decision.story_id, []).append((n, name))
        roles.setdefault(decision.story_id, []).append(decision.role)
    assert sorted(map(sorted, groups.values())) == [sorted((n, name) for name in VERSIONS) for n in range(4)]
    assert all(first == "original" and "original" not in others for first, *others in roles.values())
