"""The rule of the soak catches what it is for, and nothing else."""

import random

from tests.soak.flatness import faults, sparkline

TIMES = [5.0 * n for n in range(360)]  # half an hour


def noisy(leak_per_half_hour: float = 0.0, warm_up: float = 0.0) -> list[float]:
    """A level of 1,000 with noise of 2 % and spikes now and then."""
    rng = random.Random(5)
    return [
        1000 * (1 + leak_per_half_hour * time / 1800 - warm_up * max(0.0, 1 - time / 300)) * rng.gauss(1, 0.02)
        + (rng.random() < 0.02) * 50
        for time in TIMES
    ]


def test_a_noisy_series_without_a_trend_is_flat() -> None:
    assert faults("rss", TIMES, noisy()) == []


def test_a_series_that_rises_only_while_it_warms_up_is_flat() -> None:
    assert faults("rss", TIMES, noisy(warm_up=0.5)) == []


def test_a_leak_of_a_tenth_in_half_an_hour_is_caught() -> None:
    assert "grows by" in " ".join(faults("rss", TIMES, noisy(leak_per_half_hour=0.12)))


def test_a_jump_near_the_end_is_caught() -> None:
    values = noisy()
    values[-20:] = [value * 1.3 for value in values[-20:]]
    assert "the last quarter goes up to" in " ".join(faults("rss", TIMES, values))


def test_a_peak_is_no_fault_where_values_come_and_go_with_the_work_but_a_leak_is() -> None:
    values = noisy()
    values[-5:-3] = [value * 1.3 for value in values[-5:-3]]
    assert faults("rss", TIMES, values, peaks=False) == []
    assert "grows by" in " ".join(faults("rss", TIMES, noisy(leak_per_half_hour=0.12), peaks=False))


def test_a_count_that_grows_by_one_now_and_then_is_caught() -> None:
    assert faults("fds", TIMES, [100.0 + n // 20 for n in range(360)])


def test_a_series_of_zeros_is_flat_and_one_that_is_too_short_is_not_judged_flat() -> None:
    assert faults("tasks", TIMES, [0.0] * 360) == []
    assert faults("tasks", TIMES[:3], [1.0] * 3)


def test_a_sparkline_shows_the_highest_value_of_each_stretch() -> None:
    assert sparkline([0, 0, 8, 4], 4) == "▁▁█▅"
