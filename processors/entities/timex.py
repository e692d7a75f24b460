"""TIMEX3 values and the calendar arithmetic behind them (ISO-TimeML, ISO 24617-1). A part of a date is a number as in ISO 8601."""

from collections.abc import Iterable
from datetime import date, timedelta

Holiday = str | int | list[int]
"""A month-day such as `12-25`, [month, which, ISO weekday] such as [11, 4, 4], or the days after Easter Sunday."""


def week(day: date) -> str:
    """The ISO week of `day`: `2016-W37`."""
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def quarter(year: int, number: int) -> str:
    """`2016-Q3`."""
    return f"{year:04d}-Q{number}"


def month(year: int, number: int) -> str:
    """`2016-09`; `number` may lie outside 1 to 12 and then counts on into other years."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return f"{year:04d}-{number:02d}"


def month_end(year: int, number: int) -> date:
    """The last day of a month."""
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def calendar_day(year: int, number: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, number, day)
    except ValueError:
        return None


def shifted(value: date, days: int) -> date:
    """`days` later; stays at the calendar's ends (years 1 and 9999)."""
    return date.fromordinal(min(max(value.toordinal() + days, 1), date.max.toordinal()))


def closest(anchor: date, candidates: Iterable[date | None], direction: int) -> date | None:
    """The candidate nearest to `anchor`; one against `direction` (1 future, -1 past, 0 unknown) counts as 200 days farther.

    The handicap lets "in December", said in May of what happened, mean the last one, and is small enough that a misread tense does
    not move a date of next week by a year.
    """

    def cost(day: date) -> int:
        distance = (day - anchor).days
        return abs(distance) + (200 if distance * direction < 0 and abs(distance) > 1 else 0)

    return min((c for c in candidates if c is not None), key=cost, default=None)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * (c // 4) - (c % 4) - h + m + 32) % 7
    n = (h - m + r + 90) // 25
    return date(year, n, (h - m + r + n + 19) % 32)


def holiday(rule: Holiday, year: int) -> date:
    """The day of a holiday in `year` (1 to 9998)."""
    if isinstance(rule, str):
        return date(year, int(rule[:2]), int(rule[3:]))
    if isinstance(rule, int):
        return easter(year) + timedelta(days=rule)
    number, which, weekday = rule
    if which > 0:
        first = date(year, number, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (which - 1))
    last = month_end(year, number)
    return last - timedelta(days=(last.isoweekday() - weekday) % 7)
