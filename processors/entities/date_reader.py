"""What the words of a date are read against: the article's day, the tense of the verb above, the last date named."""

import re
from bisect import bisect_right
from datetime import date

from spacy.tokens import Doc

from processors.document import article_of, tokens_of
from processors.entities import timex
from processors.entities.date_patterns import DATA, DATE_LINE

_MONTHS: dict[str, int] = {name.lower(): number for name, number in DATA["months"].items()}
_WORDS: dict[str, frozenset[str]] = {name: frozenset(words) for name, words in DATA["words"].items()}
_MAX_CLIMB = 8
"""Heads that are followed from a date to the verb that governs it."""
_EAST_HOUR = 13
"""The hour of UTC from which the next day has begun in countries of many newsrooms (New Zealand, Australia, later Asia)."""
_HEAD_CHARS = 1500
"""How far from the top a line may begin with the date of the article."""


class Reader:
    """One article's dates: the anchor that relative words count from, and the last date named."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.tokens = tokens_of(doc)
        self.anchor = self._anchor()
        self.last = self.anchor.isoformat()
        published = article_of(doc).published_at
        self.tomorrow_somewhere = published.hour >= _EAST_HOUR and self.anchor == published.date()
        """Whether it is the next day in the east, where "on Tuesday" may be said of what has happened, while UTC has Monday."""

    def _anchor(self) -> date:
        """The day of publication; or the date that the article writes at its top, where that is within a week of it.

        Feeds often date an article by when they fetched it, and "yesterday" counts from the writer's day.
        """
        article = article_of(self.doc)
        published = article.published_at.date()
        for match in DATE_LINE.finditer(article.body, 0, _HEAD_CHARS):  # cleaning takes such lines out of the text
            day = timex.calendar_day(int(match["year"]), _MONTHS[match["month"].lower()], int(match["day"]))
            if day and abs((day - published).days) <= 7:
                return day
        return published

    def token(self, position: int) -> int:
        """The token at a position of the text."""
        return max(bisect_right(self.tokens.start, position) - 1, 0)

    def direction(self, position: int) -> int:
        """1 where the words that govern the token at `position` speak of the future, -1 of the past, 0 where none tells."""
        t = self.tokens
        token = self.token(position)
        if token and t.lower[token - 1] in ("since", "than"):
            return -1
        led: set[str] = set()
        own = True
        for step in range(_MAX_CLIMB):
            if t.pos[token] in ("VERB", "AUX"):
                if turn := self._tense(token, led, own):
                    return turn
                own = False
            elif t.dep[token] == "prep":
                if own:
                    led.add(t.lower[token])
            elif t.lemma[token].lower() in _WORDS["unplanned"]:
                return -1
            elif t.lemma[token].lower() in ("deadline", "ahead"):
                return 1
            elif step and t.entity[token] != "DATE" and t.lower[token] not in _WORDS["edges"]:
                own = False
            if t.head[token] == token:
                break
            token = t.head[token]
        return 0 if led.isdisjoint(_WORDS["deadlines"]) else 1

    def _tense(self, verb: int, led: set[str], own: bool) -> int:
        """The direction that a verb gives to a date below it, which the prepositions `led` lead; `own`: no noun is between them."""
        t = self.tokens
        lemma, tag = t.lemma[verb].lower(), t.tag[verb]
        before = [child for child in t.kids[verb] if child < verb]
        helpers = {t.lower[child] for child in before if t.dep[child] in ("aux", "auxpass")}
        if t.lower[verb] in _WORDS["future"] or not _WORDS["future"].isdisjoint(helpers):
            return 1
        if not _WORDS["modals"].isdisjoint(helpers):
            past = not {"have", "'ve", "’ve"}.isdisjoint(helpers)
            unable = "could" in helpers and any(t.dep[child] == "neg" for child in before)
            return -1 if past or unable else 1
        due = not led.isdisjoint(_WORDS["deadlines"])
        if lemma in _WORDS["scheduled"] and tag in ("VBN", "VBP", "VBZ", "JJ"):
            return 1
        if lemma in _WORDS["ahead"] and (due or not led.isdisjoint(_WORDS["destinations"])):
            return 1  # "gave them until Friday", "set a hearing for Monday"
        if "to" in helpers:  # "is to be held", "agreed to meet"; else the verb above decides
            above = t.lemma[t.head[verb]].lower()
            return int(above == "be" or above in _WORDS["ahead"] or (due and above not in _WORDS["done"]))
        present = tag in ("VBZ", "VBP") or not {"is", "are", "'s", "’s", "'re", "’re", "am", "do", "does"}.isdisjoint(helpers)
        if present and "been" not in helpers:
            return 1 if due or (own and self._is_to_come(verb, lemma)) else 0 if tag != "VBN" else -1
        if tag in ("VBD", "VBN"):
            return -1
        if tag == "VB":
            return -1 if "did" in helpers else int(t.dep[verb] == "ROOT" and own)
        return 0

    def _is_to_come(self, verb: int, lemma: str) -> bool:
        """Whether a verb in the present tense tells of a coming day: "is meeting", "opens", "when she takes office"."""
        t = self.tokens
        before = [child for child in t.kids[verb] if child < verb]
        marked = any(t.dep[child] in ("mark", "advmod") and t.lower[child] in _WORDS["conditions"] for child in before)
        return t.tag[verb] == "VBG" or lemma in _WORDS["timetable"] or marked

    def year_near(self, match: re.Match[str], number: int, day: int) -> date | None:
        """The day of that month and day nearest to the anchor, in the direction of the tense."""
        years = range(max(self.anchor.year - 1, 1), min(self.anchor.year + 2, 9999))
        return timex.closest(self.anchor, (timex.calendar_day(y, number, day) for y in years), self.direction(match.start("month")))

    def count_from(self, base: str, unit: str, count: int) -> str:
        """`count` units after `base`, at the unit's precision."""
        numbers = [int(n) for n in re.findall(r"\d+", base)] or [self.anchor.year]
        year = numbers[0] if len(base) >= 4 and base[:4].isdigit() else self.anchor.year
        known = timex.calendar_day(*numbers[:3]) if re.match(r"\d{4}-\d\d-\d\d", base) else None
        month_known = numbers[1] if re.match(r"\d{4}-\d\d", base) else self.anchor.month
        if unit in ("hour", "day"):
            hours = -(-abs(count) // 24) * (1 if count > 0 else -1)
            return timex.shifted(known or self.anchor, hours if unit == "hour" else count).isoformat()
        if unit in ("week", "weekend"):
            return timex.week(timex.shifted(known or self.anchor, 7 * count)) + ("-WE" if unit == "weekend" else "")
        if unit == "month":
            return timex.month(*within(year, month_known + count))
        if unit == "quarter":
            index = (month_known - 1) // 3 + count
            return timex.quarter(within(year + index // 4)[0], index % 4 + 1)
        if unit == "year":
            return f"{within(year + count)[0]:04d}"
        if unit == "decade":
            return f"{within(year + 10 * count)[0] // 10:03d}"
        return f"{within(year + 100 * count)[0] // 100:02d}"


def within(year: int, month: int = 1) -> tuple[int, int]:
    """The year, kept inside the calendar, and the month as it is."""
    return min(max(year, 1), 9998), month
