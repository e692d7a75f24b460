"""Whether a series of samples is flat: the rule of the soak, which can fail."""

from collections.abc import Sequence
from statistics import median

HALF_HOUR_S = 1800
SLOPE_LIMIT = 0.05
"""Share of its level that a series may grow by in half an hour, after its first half."""
PEAK_LIMIT = 1.10
"""How far the highest value of the last quarter may lie above that of the second."""
MAX_POINTS = 300
BARS = "▁▂▃▄▅▆▇█"


def slope_per_s(times_s: Sequence[float], values: Sequence[float]) -> float:
    """Theil-Sen: the median of the slopes between all pairs of points. A few outliers do not move it."""
    step = max(1, len(values) // MAX_POINTS)
    points = list(zip(times_s, values, strict=True))[::step]
    slopes = [(w - v) / (t - s) for n, (s, v) in enumerate(points) for t, w in points[n + 1 :] if t > s]
    return median(slopes) if slopes else 0.0


def growth(times_s: Sequence[float], values: Sequence[float]) -> float:
    """Share of its level that the second half of the series would grow by in half an hour."""
    half = len(values) // 2
    level = median(values[half:])
    return slope_per_s(times_s[half:], values[half:]) * HALF_HOUR_S / level if level else 0.0


def faults(name: str, times_s: Sequence[float], values: Sequence[float], peaks: bool = True) -> list[str]:
    """Why the series is not flat; empty where it is. It needs eight samples at the least.

    `peaks`: whether a high value of the last quarter is a fault; not where values come and go with the work in hand.
    """
    if len(values) < 8:
        return [f"{name}: {len(values)} samples are too few"]
    quarter = len(values) // 4
    before, last = max(values[quarter : 2 * quarter]), max(values[-quarter:])
    grown = growth(times_s, values)
    found = []
    if grown > SLOPE_LIMIT:
        found.append(f"{name}: the second half grows by {grown:.1%} in half an hour")
    if peaks and last > PEAK_LIMIT * before:
        found.append(f"{name}: the last quarter goes up to {last:g}, the second only to {before:g}")
    return found


def sparkline(values: Sequence[float], width: int = 60) -> str:
    """The series as a line of bars, from 0 to its highest value."""
    step = max(1, len(values) // width)
    shown = [max(values[n : n + step]) for n in range(0, len(values), step)]
    top = max(shown, default=0) or 1
    return "".join(BARS[min(len(BARS) - 1, int(value / top * (len(BARS) - 1) + 0.5))] for value in shown)
