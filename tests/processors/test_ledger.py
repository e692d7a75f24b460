"""What a story has published follows its corrections and kills."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st

from processors.ledger import MAX_STANDBYS, RETENTION, Ledger, RecordKey, Settlement, Version

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
EVENTS: list[RecordKey] = [("events", "a"), ("events", "b")]
Role = Literal["original", "copy", "update", "kill"]
Step = tuple[str, str, Role, int, set[str]]


def version(uri: str, role: Role, at: datetime = NOON, story: str = "s", **more: Any) -> Version:
    """A usable version, or a kill."""
    return Version(uri, story, role, "canceled" if role == "kill" else "usable", at, **more)


def test_an_original_is_published_and_its_copies_are_not() -> None:
    ledger = Ledger()
    assert ledger.settle(version("o", "original"), "O", EVENTS).publish
    copy = ledger.settle(version("c", "copy"), "C", None)
    assert not copy.publish
    assert copy.promote is None


def test_a_correction_withdraws_what_it_no_longer_has() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    correction = ledger.settle(version("o", "update"), "O2", [("events", "b"), ("events", "c")])
    assert correction.publish
    assert correction.withdraw == [("events", "a")]


def test_an_update_under_another_uri_takes_the_place_of_the_original() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    live = ledger.settle(version("live", "update"), "L", [("events", "l")])
    assert live.publish
    assert live.withdraw == EVENTS


def test_a_kill_withdraws_everything_and_the_first_copy_takes_over() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    ledger.settle(version("c1", "copy"), "C1", None)
    ledger.settle(version("c2", "copy"), "C2", None)
    kill = ledger.settle(version("o", "kill"), "K", None)
    assert (kill.publish, kill.withdraw, kill.promote) == (False, EVENTS, "C1")
    promoted = ledger.settle(version("c1", "original"), "C1", [("events", "x")])
    assert promoted.publish
    assert ledger.settle(version("c1", "kill"), "K", None).promote == "C2"


def test_a_copy_that_was_killed_does_not_take_over() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    ledger.settle(version("c", "copy"), "C", None)
    assert ledger.settle(version("c", "kill"), "K", None).withdraw == []
    assert ledger.settle(version("o", "kill"), "K", None).promote is None


def test_a_copy_that_comes_after_the_kill_of_its_original_takes_over() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    ledger.settle(version("o", "kill"), "K", None)
    assert ledger.settle(version("c", "copy"), "C", None).promote == "C"


def test_a_withheld_original_withdraws_its_records() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    assert ledger.settle(Version("o", "s", "update", "withheld", NOON), "O", None).withdraw == EVENTS


def test_only_so_many_copies_are_remembered() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    for number in range(MAX_STANDBYS + 3):
        ledger.settle(version(f"c{number}", "copy"), "C", None)
    last = ledger.settle(version("o", "kill"), "K", None).changes[0][1]
    assert last is not None
    assert len(last["standbys"]) == MAX_STANDBYS


def test_a_story_is_forgotten_after_its_time() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original", story="old"), "O", EVENTS)
    later = ledger.settle(version("p", "original", at=NOON + RETENTION + timedelta(hours=1), story="new"), "P", EVENTS)
    assert ("old", None) in later.changes


def test_an_article_without_a_date_forgets_nothing() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original", story="old"), "O", EVENTS)
    undated = ledger.settle(version("p", "original", at=NOON + 5 * RETENTION, story="new", dated=False), "P", EVENTS)
    assert ("old", None) not in undated.changes
    assert ledger.settle(version("o", "kill", story="old"), "K", None).withdraw == EVENTS


steps = st.lists(
    st.tuples(
        st.sampled_from(["o", "c1", "c2", "l"]),
        st.sampled_from(["s", "t"]),
        st.sampled_from(["original", "copy", "update", "kill"]),
        st.integers(0, 60),
        st.sets(st.sampled_from("abc")),
    ),
    max_size=25,
)


def play(ledger: Ledger, step: Step) -> tuple[Settlement, list[Settlement]]:
    uri, story, role, days, ids = step
    at = NOON + timedelta(days=days)
    extracted = [("events", id) for id in sorted(ids)] if role in ("original", "update") else None
    first = ledger.settle(version(f"{story}{uri}", role, at, story), f"{story}{uri}", extracted)
    more = []
    if first.promote is not None:
        more.append(ledger.settle(version(first.promote, "original", at, story), first.promote, [("events", first.promote)]))
    return first, more


@given(steps, st.integers(0, 25))
def test_a_ledger_restored_at_any_point_decides_as_the_one_that_never_stopped(script: list[Step], stop: int) -> None:
    whole, log = Ledger(), []
    for step in script[:stop]:
        first, more = play(whole, step)
        log += [change for settlement in (first, *more) for change in settlement.changes]
    restored = Ledger()
    for key, value in log:
        restored.restore(key, value)
    for step in script[stop:]:
        a, b = play(whole, step), play(restored, step)
        assert (a[0].publish, a[0].withdraw, a[0].promote) == (b[0].publish, b[0].withdraw, b[0].promote)


@given(steps)
def test_what_is_published_and_not_withdrawn_belongs_to_one_article_of_a_story(
    script: list[Step],
) -> None:
    ledger = Ledger()
    alive: dict[str, set[RecordKey]] = {"s": set(), "t": set()}
    newest = 0
    for step in script:
        _, story, _, days, ids = step
        if days < newest:  # in order: what is forgotten is not withdrawn any more
            continue
        newest = days
        if days > 20:
            break
        first, more = play(ledger, step)
        published = [("events", id) for id in sorted(ids)]
        for settlement, keys in [(first, published), *((m, [("events", str(first.promote))]) for m in more)]:
            alive[story] -= set(settlement.withdraw)
            if settlement.publish:
                assert alive[story] <= set(keys), "records of another article are withdrawn"
                alive[story] = set(keys)


def test_a_copy_that_cannot_be_extracted_is_passed_over_for_the_next() -> None:
    ledger = Ledger()
    ledger.settle(version("o", "original"), "O", EVENTS)
    for uri in ("c1", "c2"):
        ledger.settle(version(uri, "copy"), uri.upper(), None)
    assert ledger.settle(version("o", "kill"), "K", None).promote == "C1"
    assert ledger.abandon("s", "c1").promote == "C2"
    assert ledger.abandon("s", "c2").promote is None
    assert ledger.settle(version("c3", "copy"), "C3", None).promote == "C3"


def test_the_clock_comes_back_with_the_state() -> None:
    whole = Ledger()
    log = whole.settle(version("o", "original"), "O", EVENTS).changes
    log += whole.settle(version("x", "kill", at=NOON + timedelta(days=20), story="unknown"), "K", None).changes
    restored = Ledger()
    for key, value in log:
        restored.restore(key, value)
    undated = version("u", "original", at=NOON + timedelta(days=90), story="u", dated=False)
    assert whole.settle(undated, "U", EVENTS).changes == restored.settle(undated, "U", EVENTS).changes
