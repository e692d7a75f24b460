"""Dates in a text, normalised to TIMEX3 values against the day the article was published.

A mention is what the words themselves name, at the precision that they have: "Sept. 11" 2016-09-11, "September" 2016-09, "last week" 2016-W36,
"the third quarter of 2016" 2016-Q3, "last summer" 2015-SU, "the 1990s" 199, "the 19th century" 18, "Monday morning" 2016-09-05TMO. The two ends of a
range ("March 3-5", "2004 to 2009") are mentions of their own. Durations, sets ("every Monday") and vague times ("a few days ago") are no dates.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Token

from processors.document import Piece, article_of, view_of
from processors.entities import timex
from schemas import DateMention

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf8"))
_MONTHS: dict[str, int] = {k.lower(): v for k, v in _DATA["months"].items()}
_WEEKDAYS: dict[str, int] = {k.lower(): v for k, v in _DATA["weekdays"].items()}
_NUMBERS: dict[str, int] = _DATA["numbers"] | _DATA["ordinals"]
_HOLIDAYS: dict[str, timex.Holiday] = _DATA["holidays"]
_WORDS: dict[str, frozenset[str]] = {k: frozenset(v) for k, v in _DATA["words"].items()}
_MAX_CLIMB = 8
"""Heads that are followed from a date to the verb that governs it."""
_HEAD_CHARS = 1500
"""How far from the top a line may begin with the date of the article."""


def _any(words: Any) -> str:
    return "|".join(sorted((re.escape(w).replace(r"\ ", r"\s+").replace("'", "['’]") for w in words), key=len, reverse=True))


def _names(words: dict[str, int], short: bool) -> str:
    return _any(form for w in words if (len(w) < 5 and w not in ("May", "June", "July")) == short for form in (w, w.upper()))


_MONTH_NAME, _MONTH_ABBR = _names(_DATA["months"], False), _names(_DATA["months"], True)
_WEEKDAY_NAME, _WEEKDAY_ABBR = _names(_DATA["weekdays"], False), _names(_DATA["weekdays"], True)
_BLOCKS = {
    "MONTH": rf"(?P<month>(?:{_MONTH_NAME}|{_MONTH_ABBR})\b)\.?",
    "BARE": rf"(?:(?P<month>{_MONTH_NAME})\b|(?P<abbr>{_MONTH_ABBR})\.)",
    "WEEKDAY": rf"(?P<weekday>{_WEEKDAY_NAME})\b",
    "ANYDAY": rf"(?:(?:{_WEEKDAY_NAME}|{_WEEKDAY_ABBR})\b\.?,?\s+)?",
    "DAY": r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d:%\w])",
    "TODAY2": r"(?:\s?(?:[-–—]|to|through)\s?(?P<day2>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d:%\w]))?",
    "YEAR": r"(?P<year>(?:1\d|20|21)\d\d)(?![\w%])",
    "PART": rf"(?:\s+(?P<part>(?i:{_any(_DATA['parts'])}))\b)?",
    "WHICH": r"(?P<which>(?i:last|this|next|previous|this\s+past|this\s+coming|coming|following))",
    "MOD": r"(?:(?i:early|earlier|mid|late|later)(?:\s+in)?[\s-]+)?",
    "SEASON": rf"(?P<season>(?i:{_any(_DATA['seasons'])}))\b",
    "UNIT": r"(?P<unit>(?i:hour|day|week|month|quarter|year|decade|century|centurie))",
}
_RULES = {
    "iso": r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:T[\d:.]{1,16}Z?)?(?![\d-])",
    "slash": r"(?<!/)(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d\d)(?![/\d])",
    "nine_eleven": r"(?<!/)9/11(?![/\d])",
    "month_day": r"<ANYDAY><MONTH>\s+(?:the\s+)?<DAY><TODAY2>(?:(?:\s*,)?\s+<YEAR>)?<PART>",
    "day_month": r"<ANYDAY>(?:the\s+)?<DAY>\s+(?:of\s+)?<MONTH>(?:(?:\s*,)?\s+<YEAR>)?<PART>",
    "month_year": r"<MOD><MONTH>,?\s+(?:of\s+)?(?:<YEAR>|(?P<which>(?i:last|this|next))\s+(?i:year)\b)",
    "month": r"<MOD>(?:<WHICH>\s+)?<BARE>",
    "holiday": rf"(?P<holiday>{_any(_HOLIDAYS)})\b(?!\s+[Ii]sland)(?:(?:\s*,)?\s+<YEAR>)?",
    "which_weekday": r"<WHICH>\s+<WEEKDAY><PART>",
    "weekday": r"<WEEKDAY><PART>",
    "deictic": r"<MOD>(?P<word>(?i:the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|yesterday|today|tomorrow|tonight))\b<PART>",
    "this_part": r"(?P<which>(?i:this|last))\s+(?P<part>(?i:morning|afternoon|evening|night))\b",
    "season": r"<MOD>(?:(?:<WHICH>|the)\s+)?<SEASON>(?:(?:\s+of)?\s+<YEAR>)?",
    "quarter": r"(?P<nth>(?i:first|second|third|fourth))[\s-]+(?i:quarter)(?:\s+of(?:\s+fiscal)?\s+(?:<YEAR>|(?P<which>(?i:last|this|next))\s+year)"
    r"|(?=\s+(?i:profit|earnings|results|revenue|sales|net|gdp|growth)))",
    "q": r"Q(?P<nth>[1-4]),?\s+(?:of\s+)?<YEAR>",
    "decade": r"<MOD>(?:(?P<decade>(?:1\d|20)\d)0['’]?s\b|['’](?P<short>\d)0s\b|(?P<word>(?<=the\s)(?i:<DECADES>))\b)",
    "century": r"<MOD>(?P<nth>\d{1,2})(?i:st|nd|rd|th)[\s-]+(?i:century)\b",
    "period_end": r"(?i:the\s+end\s+of\s+(?P<which>the|this|last|next)\s+(?P<unit>year|month|week)\b|(?P<year_end>year[\s-]end)\b)",
    "ago": r"(?P<count>\d{1,3}|(?i:<NUMBERS>))\]?\s+(?i:<UNIT>s?\s+(?P<way>ago|earlier|later|before|from\s+now)\b)",
    "neighbour": r"(?i:the\s+(?P<which>next|following|previous|same)|(?P<that>that))\s+(?P<unit>(?i:day|week|month|year))\b(?!\s+of\b)",
    "beside": r"(?i:the\s+(?P<unit>day|week|month|year)\s+(?P<way>before|after))(?=\s*[.,;:)])",
    "which_unit": r"<MOD><WHICH>\s+(?P<unit>(?i:weekend|week|month|year|decade|century))\b(?!\s+of\b|-)",
    "years": r"(?<![$£€#.,/:-])<MOD>(?P<year>(?:1[5-9]|20)\d\d)\s?[-–—/]\s?(?P<year2>(?:1[5-9]|20)\d\d|\d\d)(?![\w%-])",
    "year": r"(?<![$£€#.,/:-])<MOD>(?P<year>(?:1[0-9]|20|21)\d\d)(?![\w%°/:]|[.,]\d|-\w)",
    "short_year": r"(?:(?<=in\s)|(?<=of\s)|(?<=since\s))['’](?P<short>\d\d)\b",
}


def _expand(pattern: str) -> str:
    for name, block in (_BLOCKS | {"DECADES": _any(_DATA["decades"]), "NUMBERS": _any(_DATA["numbers"])}).items():
        pattern = pattern.replace(f"<{name}>", block)
    return rf"(?<!\w){pattern}"


_COMPILED = {name: re.compile(_expand(pattern)) for name, pattern in _RULES.items()}
_START_WORDS = frozenset(
    word.lower().split()[0].split("'")[0]
    for word in (
        *(word for name in ("months", "weekdays", "numbers", "ordinals", "seasons", "holidays") for word in _DATA[name]),
        *"early earlier mid late later last this next previous coming following the that year".split(),
        *"yesterday today tomorrow tonight q1 q2 q3 q4".split(),
        *_DATA["decades"],
    )
)
"""Rules are tried at tokens that begin with one of these or with a digit or apostrophe."""
_GROUP = re.compile(r"\(\?P<\w+>")
_FIND = re.compile("|".join(f"(?P<{name}>{_GROUP.sub('(?:', rule.pattern)})" for name, rule in _COMPILED.items()))
_LINE_DATE = re.compile("^" + _expand(rf"(?:{_WEEKDAY_NAME}),? <MONTH> <DAY>,? <YEAR>"), re.MULTILINE)


class _Reader:
    """One article's dates: the anchor that relative words count from, and the last date named."""

    def __init__(self, doc: Doc) -> None:
        self.doc, self.text = doc, doc.text
        self.starts = [token.idx for token in doc]
        self.anchor = self._anchor()
        self.last = self.anchor.isoformat()

    def _anchor(self) -> date:
        """The day of publication; or the date that the article writes at its top, where that is within a week of it.

        Feeds often date an article by when they fetched it, and "yesterday" counts from the writer's day.
        """
        published = article_of(self.doc).published_at.date()
        for match in _LINE_DATE.finditer(self.text, 0, _HEAD_CHARS):
            day = timex.calendar_day(int(match["year"]), _MONTHS[match["month"].lower()], int(match["day"]))
            if day and abs((day - published).days) <= 7:
                return day
        return published

    def mentions(self) -> Iterator[tuple[Piece, str]]:
        """Every date's piece of the text with its value, in text order."""
        at = 0
        for token in self.doc:
            word = token.lower_
            if token.idx < at or not (word[0] in "0123456789'’" or word in _START_WORDS or word.rstrip(".") in _START_WORDS):
                continue
            match = _FIND.match(self.text, token.idx)
            if match is None:
                continue
            name = match.lastgroup or ""
            at = match.end()
            found = _COMPILED[name].match(self.text, token.idx)
            for piece, value in _HANDLERS[name](self, found) if found else ():
                self.last = value
                yield piece, value

    def token(self, position: int) -> Token:
        """The token at a position of the text."""
        return self.doc[max(bisect_right(self.starts, position) - 1, 0)]

    def direction(self, position: int) -> int:
        """1 where the verb that governs the token at `position` speaks of the future, -1 of the past, 0 where none tells."""
        token = self.token(position)
        for _ in range(_MAX_CLIMB):
            if token.pos_ in ("VERB", "AUX"):
                if turn := self._tense(token):
                    return turn
            if token.head is token:
                return 0
            token = token.head
        return 0

    def _tense(self, verb: Token) -> int:
        lemma = verb.lemma_.lower()
        helpers = [child.lower_ for child in verb.lefts if child.dep_ in ("aux", "auxpass")][:6]
        if verb.lower_ in _WORDS["future"] or not _WORDS["future"].isdisjoint(helpers):
            return 1
        if lemma in _WORDS["scheduled"] and verb.tag_ in ("VBN", "VBP", "VBZ", "JJ"):
            return 1
        if "to" in helpers:  # "is to be held", "plans to meet"; else the verb above decides
            return 1 if verb.head.lemma_ == "be" else 0
        if verb.tag_ in ("VBD", "VBN"):
            return -1
        if verb.tag_ == "VBG":
            return 1 if {"is", "are", "'s", "’s", "'re", "’re", "am"} & set(helpers) else 0
        if verb.tag_ == "VB":
            return -1 if "did" in helpers else 0
        return 0

    def year_near(self, match: re.Match[str], number: int, day: int) -> date | None:
        """The day of that month and day nearest to the anchor in the direction of the tense; the year may follow from "last year"."""
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
            return timex.month(*_within(year, month_known + count))
        if unit == "quarter":
            index = (month_known - 1) // 3 + count
            return timex.quarter(_within(year + index // 4)[0], index % 4 + 1)
        if unit == "year":
            return f"{_within(year + count)[0]:04d}"
        if unit == "decade":
            return f"{_within(year + 10 * count)[0] // 10:03d}"
        return f"{_within(year + 100 * count)[0] // 100:02d}"


def _within(year: int, month: int = 1) -> tuple[int, int]:
    return min(max(year, 1), 9998), month


_Found = Iterator[tuple[Piece, str]]


def _part(match: re.Match[str]) -> str:
    part = match["part"]
    return _DATA["parts"][part.lower()] if part else ""


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (1900 if int(text) > 50 else 2000)


def _numeric(reader: _Reader, match: re.Match[str]) -> _Found:
    month, day = int(match["month"]), int(match["day"])
    if month > 12 and match.re is _COMPILED["slash"]:  # 25/12/2016, as the rest of the world writes it
        month, day = day, month
    if value := timex.calendar_day(_full_year(match["year"]), month, day):
        yield match.span(), value.isoformat()


def _nine_eleven(reader: _Reader, match: re.Match[str]) -> _Found:
    yield match.span(), "2001-09-11"


def _day(reader: _Reader, match: re.Match[str]) -> _Found:
    number = _MONTHS[match["month"].lower()]
    second = match["day2"] if "day2" in match.re.groupindex else None

    def resolved(day: str) -> date | None:
        if match["year"]:
            return timex.calendar_day(int(match["year"]), number, int(day))
        return reader.year_near(match, number, int(day))

    if value := resolved(match["day"]):
        end = match.end("day") if second else match.end()
        yield (match.start(), end), value.isoformat() + ("" if second else _part(match))
    if second and (value := resolved(second)):
        yield (match.start("day2"), match.end()), value.isoformat() + _part(match)


def _month_year(reader: _Reader, match: re.Match[str]) -> _Found:
    year = int(match["year"]) if match["year"] else reader.anchor.year + _step(match["which"])
    yield match.span(), timex.month(year, _MONTHS[match["month"].lower()])


def _step(which: str | None) -> int:
    which = (which or "this").lower()
    return -1 if which in ("last", "previous") or which.endswith("past") else 0 if which in ("this", "the") else 1


def _month(reader: _Reader, match: re.Match[str]) -> _Found:
    group = "month" if match["month"] else "abbr"
    token = reader.token(match.start(group))
    if not match["which"] and (
        not token.tag_.startswith("NNP") or token.ent_type_ in ("PERSON", "ORG", "GPE", "FAC", "WORK_OF_ART")
    ):
        return
    if token.i and reader.doc[token.i - 1].lower_ in ("each", "every"):
        return
    number = _MONTHS[match[group].lower()]
    step = _step(match["which"])
    if step:
        year = reader.anchor.year + (step if (number - reader.anchor.month) * step <= 0 else 0)
        yield match.span(), timex.month(year, number)
    else:
        years = range(max(reader.anchor.year - 1, 1), min(reader.anchor.year + 2, 9999))
        day = timex.closest(reader.anchor.replace(day=1), (date(y, number, 1) for y in years), reader.direction(match.start(group)))
        if day:
            yield match.span(), timex.month(day.year, number)


def _holiday(reader: _Reader, match: re.Match[str]) -> _Found:
    if reader.token(match.start()).ent_type_ in ("PERSON", "ORG", "GPE", "FAC"):
        return
    name = re.sub(r"\s+", " ", match["holiday"].replace("’", "'"))
    rule = _HOLIDAYS[name]
    if match["year"]:
        yield match.span(), timex.holiday(rule, int(match["year"])).isoformat()
        return
    years = range(max(reader.anchor.year - 1, 1), min(reader.anchor.year + 2, 9999))
    day = timex.closest(reader.anchor, (timex.holiday(rule, y) for y in years), reader.direction(match.start()))
    if day:
        yield match.span(), day.isoformat()


def _weekday(reader: _Reader, match: re.Match[str]) -> _Found:
    start = match.start("weekday")
    token = reader.token(start)
    before = reader.doc[token.i - 1].lower_ if token.i else ""
    if token.ent_type_ in ("ORG", "PERSON", "GPE", "FAC", "WORK_OF_ART") or before in ("a", "each", "every"):
        return
    ahead = (_WEEKDAYS[match["weekday"].lower()] - reader.anchor.isoweekday()) % 7
    which = match["which"] if "which" in match.re.groupindex else None
    if which:
        step = _step(which)
        if step < 0 or which.lower() == "previous":
            days = ahead - 7
        elif which.lower() == "this":
            days = _WEEKDAYS[match["weekday"].lower()] - reader.anchor.isoweekday()
        else:
            days = ahead or 7
    else:
        days = ahead if ahead == 0 or reader.direction(start) > 0 else ahead - 7
    yield match.span(), timex.shifted(reader.anchor, days).isoformat() + _part(match)


def _deictic(reader: _Reader, match: re.Match[str]) -> _Found:
    word = re.sub(r"\s+", " ", match["word"].lower())
    token = reader.token(match.start("word"))
    if token.ent_type_ in ("ORG", "WORK_OF_ART", "PRODUCT"):
        return
    days = {"the day before yesterday": -2, "yesterday": -1, "tomorrow": 1, "the day after tomorrow": 2}.get(word, 0)
    part = "TNI" if word == "tonight" else _part(match)
    yield match.span(), timex.shifted(reader.anchor, days).isoformat() + part


def _this_part(reader: _Reader, match: re.Match[str]) -> _Found:
    days = -1 if match["which"].lower() == "last" else 0
    yield match.span(), timex.shifted(reader.anchor, days).isoformat() + _part(match)


def _season(reader: _Reader, match: re.Match[str]) -> _Found:
    if not match["year"] and not match["which"]:
        return
    code: str = _DATA["seasons"][match["season"].lower()]
    if match["year"]:
        yield match.span(), f"{match['year']}-{code}"
        return
    # A season is taken to begin in March, June, September or December and has the year it begins in.
    begins = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[code]
    anchor, step = reader.anchor, _step(match["which"])
    starts = [date(y, begins, 1) for y in range(max(anchor.year - 2, 1), min(anchor.year + 2, 9999))]
    ended = [s for s in starts if timex.shifted(s, 92) <= anchor]
    coming = [s for s in starts if s > anchor]
    current = [s for s in starts if s <= anchor < timex.shifted(s, 92)]
    chosen = ended[-1:] if step < 0 else coming[:1] if step > 0 else current or coming[:1]
    if step == 0 and not current:
        nearest = timex.closest(anchor, starts, reader.direction(match.start("season")))
        chosen = [nearest] if nearest else []
    for start in chosen:
        yield match.span(), f"{start.year:04d}-{code}"


def _quarter(reader: _Reader, match: re.Match[str]) -> _Found:
    nth = match["nth"].lower()
    number = int(nth) if nth.isdigit() else _NUMBERS[nth]
    anchor = reader.anchor
    if match["year"]:
        year = int(match["year"])
    elif "which" in match.re.groupindex and match["which"]:
        year = anchor.year + _step(match["which"])
    else:  # results of a quarter that has ended
        year = anchor.year if number <= (anchor.month - 1) // 3 else anchor.year - 1
    yield match.span(), timex.quarter(year, number)


def _decade(reader: _Reader, match: re.Match[str]) -> _Found:
    if match["decade"]:
        yield match.span(), match["decade"]
    else:
        yield match.span(), f"19{match['short'] or _DATA['decades'][match['word'].lower()]}"


def _century(reader: _Reader, match: re.Match[str]) -> _Found:
    if int(match["nth"]) > 0:
        yield match.span(), f"{int(match['nth']) - 1:02d}"


def _period_end(reader: _Reader, match: re.Match[str]) -> _Found:
    unit = "year" if match["year_end"] else match["unit"].lower()
    step, anchor = 0 if match["year_end"] else _step(match["which"]), reader.anchor
    if unit == "week":
        day = timex.shifted(anchor, 7 - anchor.isoweekday() + 7 * step)
    elif unit == "month":
        year, number = map(int, timex.month(*_within(anchor.year, anchor.month + step)).split("-"))
        day = timex.month_end(year, number)
    else:
        day = date(_within(anchor.year + step)[0], 12, 31)
    yield match.span(), day.isoformat()


def _ago(reader: _Reader, match: re.Match[str]) -> _Found:
    count, unit = match["count"].lower(), match["unit"].lower().replace("centurie", "century")
    way = match["way"].lower()
    number = int(count) if count.isdigit() else _NUMBERS[count]
    if unit == "hour" and way != "ago":
        return
    if way == "before" and reader.token(match.end() - 1).dep_ in ("mark", "prep"):
        return  # "two days before the vote": from an event, not from a date
    base = reader.last if way in ("earlier", "later", "before") else reader.anchor.isoformat()
    yield match.span(), reader.count_from(base, unit, number if way in ("later",) or way.endswith("now") else -number)


def _neighbour(reader: _Reader, match: re.Match[str]) -> _Found:
    which = "same" if match["that"] else match["which"].lower()
    yield match.span(), reader.count_from(reader.last, match["unit"].lower(), {"same": 0, "previous": -1}.get(which, 1))


def _beside(reader: _Reader, match: re.Match[str]) -> _Found:
    yield match.span(), reader.count_from(reader.last, match["unit"].lower(), -1 if match["way"].lower() == "before" else 1)


def _which_unit(reader: _Reader, match: re.Match[str]) -> _Found:
    yield match.span(), reader.count_from(reader.anchor.isoformat(), match["unit"].lower(), _step(match["which"]))


def _years(reader: _Reader, match: re.Match[str]) -> _Found:
    first, second = match["year"], match["year2"]
    second = second if len(second) == 4 else first[:2] + second
    if int(second) > int(first):
        yield (match.start(), match.end("year")), first
        yield match.span("year2"), second


def _year(reader: _Reader, match: re.Match[str]) -> _Found:
    token = reader.token(match.start("year"))
    after = reader.doc[token.i + 1] if token.i + 1 < len(reader.doc) else None
    before = reader.doc[token.i - 1] if token.i else None
    year = int(match["year"])
    lead = before.lower_ if before is not None else ""
    led = lead in _WORDS["year_leads"] or (match.start() < match.start("year"))
    if token.ent_type_ in ("MONEY", "QUANTITY", "PERCENT") or lead in _WORDS["counting"]:
        return
    if year < 1500 and lead not in ("in", "since", "year") or not led and not 1800 <= year <= reader.anchor.year + 60:
        return
    if after is not None:
        counted = after.lower_ in _WORDS["units"] or (after.tag_ == "NNS" and token.ent_type_ != "DATE")
        if counted and lead not in ("in", "since", "the"):
            return
        if year < 1500 and after.pos_ in ("NOUN", "ADJ", "PROPN"):
            return
        if after.shape_.startswith("X") and any(t.lower_ in _WORDS["streets"] for t in reader.doc[token.i + 1 : token.i + 4]):
            return
    yield match.span(), match["year"]


def _short_year(reader: _Reader, match: re.Match[str]) -> _Found:
    yield match.span(), str(_full_year(match["short"]))


_HANDLERS: dict[str, Callable[[_Reader, re.Match[str]], _Found]] = {
    "iso": _numeric,
    "slash": _numeric,
    "nine_eleven": _nine_eleven,
    "month_day": _day,
    "day_month": _day,
    "month_year": _month_year,
    "month": _month,
    "holiday": _holiday,
    "which_weekday": _weekday,
    "weekday": _weekday,
    "deictic": _deictic,
    "this_part": _this_part,
    "season": _season,
    "quarter": _quarter,
    "q": _quarter,
    "decade": _decade,
    "century": _century,
    "period_end": _period_end,
    "ago": _ago,
    "neighbour": _neighbour,
    "beside": _beside,
    "which_unit": _which_unit,
    "years": _years,
    "year": _year,
    "short_year": _short_year,
}


def find(doc: Doc) -> list[DateMention]:
    """The dates of a parsed Doc in text order, with TIMEX3 values; spans are the body's."""
    view = view_of(doc)
    found = []
    for (start, end), value in _Reader(doc).mentions():
        span = view.span(start, end)
        found.append(DateMention(start=span.start, end=span.end, text=span.text, value=value))
    return found
