"""The queue in which stages take turns."""

import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from streams.turns import Turns


def test_a_quick_stage_does_not_wait_behind_a_slow_ones_backlog() -> None:
    turns: Turns[str] = Turns()
    for number in range(100):
        turns.put("extract", f"slow {number}")
    turns.put("clean", "quick 0")
    turns.put("clean", "quick 1")
    assert [turns.get(0) for _ in range(5)] == ["slow 0", "quick 0", "slow 1", "quick 1", "slow 2"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=60))
def test_nothing_is_lost_and_each_name_keeps_its_order(given: list[tuple[str, int]]) -> None:
    turns: Turns[tuple[str, int]] = Turns()
    for name, number in given:
        turns.put(name, (name, number))
    taken = [item for _ in given if (item := turns.get(0)) is not None]
    assert turns.get(0) is None
    for name in "abc":
        assert [item for item in taken if item[0] == name] == [item for item in given if item[0] == name]


def test_who_waits_is_woken_by_an_item_and_by_the_end() -> None:
    turns: Turns[int] = Turns()
    got: list[int | None] = []
    threads = [threading.Thread(target=lambda: got.append(turns.get(60))) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    turns.put("a", 1)
    turns.close()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    assert turns.get(60) is None
