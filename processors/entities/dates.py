"""Dates in a text, normalised to TIMEX3 values against the day the article was published.

A mention is what the words themselves name, at the precision that they have: "Sept. 11" 2016-09-11, "September" 2016-09,
"last week" 2016-W36, "the third quarter of 2016" 2016-Q3, "last summer" 2015-SU, "the 1990s" 199, "the 19th century" 18,
"Monday morning" 2016-09-05TMO, "the end of the year" 2016-12-31. The two ends of a range ("March 3-5", "2004 to 2009") are
mentions of their own. Durations, sets ("every Monday") and vague times ("a few days ago") are no dates.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

from spacy.lang.en import English
from spacy.tokens import Doc

from processors.document import MAX_PARSED_CHARS, Piece, article_of, view_of
from processors.entities import timex
from processors.entities.date_patterns import DATA, match_at, may_start
from processors.entities.date_reader import Reader, within
from processors.text import TextView
from schemas import CleanArticle, DateMention, Range

_MONTHS: dict[str, int] = {name.lower(): number for name, number in DATA["months"].items()}
_WEEKDAYS: dict[str, int] = {name.lower(): number for name, number in DATA["weekdays"].items()}
_NUMBERS: dict[str, int] = DATA["numbers"] | DATA["ordinals"]
_HOLIDAYS: dict[str, timex.Holiday] = DATA["holidays"]
_WORDS: dict[str, frozenset[str]] = {name: frozenset(words) for name, words in DATA["words"].items()}
_ELLIPSIS_CHARS = 80
_YEARS_IN_A_ROW = re.compile(r"\b[Ii]n (?:19|20)?\d\d(?=[,.;]| and\b)")
"""What a year of two digits needs beside it to be one."""
_READ_TOO = ("byline", "caption")
"""Reasons for which cleaning removes text whose dates are the article's all the same."""
_NAMES_OF_OTHERS = ("PERSON", "ORG", "GPE", "FAC", "WORK_OF_ART")
"""Labels of names in which a month's or weekday's name is none."""


_Found = Iterator[tuple[Piece, str]]


def _part(match: re.Match[str]) -> str:
    part = match["part"]
    return DATA["parts"][part.lower()] if part else ""


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (1900 if int(text) > 50 else 2000)


def _numeric(reader: Reader, match: re.Match[str]) -> _Found:
    month, day = int(match["month"]), int(match["day"])
    if month > 12 >= day:  # 25/12/2016, as the rest of the world writes it
        month, day = day, month
    if value := timex.calendar_day(_full_year(match["year"]), month, day):
        yield match.span(), value.isoformat()


def _nine_eleven(reader: Reader, match: re.Match[str]) -> _Found:
    yield match.span(), "2001-09-11"


def _day(reader: Reader, match: re.Match[str]) -> _Found:
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


def _month_year(reader: Reader, match: re.Match[str]) -> _Found:
    year = int(match["year"]) if match["year"] else reader.anchor.year + _step(match["which"])
    yield match.span(), timex.month(year, _MONTHS[match["month"].lower()])


def _step(which: str | None) -> int:
    which = (which or "this").lower()
    return -1 if which in ("last", "previous") or which.endswith("past") else 0 if which in ("this", "the") else 1


def _month(reader: Reader, match: re.Match[str]) -> _Found:
    group = "month" if match["month"] else "abbreviation"
    t = reader.tokens
    token = reader.token(match.start(group))
    if not match["which"] and (not t.tag[token].startswith("NNP") or t.entity[token] in _NAMES_OF_OTHERS):
        return
    if token and t.lower[token - 1] in ("each", "every"):
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


def _holiday(reader: Reader, match: re.Match[str]) -> _Found:
    if reader.tokens.entity[reader.token(match.start())] in ("PERSON", "ORG", "GPE", "FAC"):
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


def _weekday(reader: Reader, match: re.Match[str]) -> _Found:
    start = match.start("weekday")
    token = reader.token(start)
    before = reader.tokens.lower[token - 1] if token else ""
    if reader.tokens.entity[token] in _NAMES_OF_OTHERS or before in ("a", "each", "every"):
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
        near = ahead == 0 or (ahead == 1 and reader.tomorrow_somewhere)  # six days ago would be "last Tuesday"
        days = ahead if near or reader.direction(start) > 0 else ahead - 7
    yield match.span(), timex.shifted(reader.anchor, days).isoformat() + _part(match)


def _deictic(reader: Reader, match: re.Match[str]) -> _Found:
    word = re.sub(r"\s+", " ", match["word"].lower())
    t, token = reader.tokens, reader.token(match.start("word"))
    after_name = token > 0 and t.pos[token - 1] == "PROPN" and not t.form[token].islower()
    if t.entity[token] in ("ORG", "WORK_OF_ART", "PRODUCT") or after_name:
        return  # USA Today
    days = {"the day before yesterday": -2, "yesterday": -1, "tomorrow": 1, "the day after tomorrow": 2}.get(word, 0)
    part = "TNI" if word == "tonight" else _part(match)
    yield match.span(), timex.shifted(reader.anchor, days).isoformat() + part


def _this_part(reader: Reader, match: re.Match[str]) -> _Found:
    days = -1 if match["which"].lower() == "last" else 0
    yield match.span(), timex.shifted(reader.anchor, days).isoformat() + _part(match)


def _season(reader: Reader, match: re.Match[str]) -> _Found:
    if not match["year"] and not match["which"]:
        return
    code: str = DATA["seasons"][match["season"].lower()]
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


def _quarter(reader: Reader, match: re.Match[str]) -> _Found:
    nth = match["nth"].lower()
    number = int(nth) if nth.isdigit() else _NUMBERS[nth]
    anchor = reader.anchor
    given = match.groupdict()
    if given.get("year"):
        year = int(given["year"])
    elif given.get("which"):
        year = anchor.year + _step(given["which"])
    else:  # results of a quarter that has ended
        year = anchor.year if number <= (anchor.month - 1) // 3 else anchor.year - 1
    yield match.span(), timex.quarter(year, number)


def _decade(reader: Reader, match: re.Match[str]) -> _Found:
    if match["decade"]:
        yield match.span(), match["decade"]
    elif match["bare"]:
        t = reader.tokens
        first, end = t.sentences[t.sentence[reader.token(match.start())]]
        if _WORDS["degrees"].isdisjoint(t.lower[first:end]):  # "in the 80s" may be the weather's, or an age
            yield match.span(), f"19{match['bare']}"
    else:
        yield match.span(), f"19{match['short'] or DATA['decades'][match['word'].lower()]}"


def _century(reader: Reader, match: re.Match[str]) -> _Found:
    if int(match["nth"]) > 0:
        yield match.span(), f"{int(match['nth']) - 1:02d}"


def _day_of_month(reader: Reader, match: re.Match[str]) -> _Found:
    t, first, after = reader.tokens, reader.token(match.start()), reader.token(match.end())
    led = first > 0 and t.lower[first - 1] in _WORDS["before_day_of_month"]
    if led and t.pos[after] not in ("NOUN", "PROPN", "ADJ", "NUM", ""):
        year, number = (
            int(n) for n in (reader.last if re.match(r"\d{4}-\d\d", reader.last) else reader.anchor.isoformat())[:7].split("-")
        )
        if day := timex.calendar_day(year, number, int(match["day"])):
            yield match.span(), day.isoformat()


def _weekend(reader: Reader, match: re.Match[str]) -> _Found:
    if match["which"].lower() == "the" and reader.token(match.start()) == 0:
        return
    passed = reader.anchor.isoweekday() < 6 and reader.direction(match.end() - 1) < 0
    yield match.span(), reader.count_from(reader.anchor.isoformat(), "weekend", -1 if passed else 0)


def _period_end(reader: Reader, match: re.Match[str]) -> _Found:
    unit = "year" if match["year_end"] else match["unit"].lower()
    step, anchor = 0 if match["year_end"] else _step(match["which"]), reader.anchor
    if unit == "week":
        day = timex.shifted(anchor, 7 - anchor.isoweekday() + 7 * step)
    elif unit == "month":
        year, number = map(int, timex.month(*within(anchor.year, anchor.month + step)).split("-"))
        day = timex.month_end(year, number)
    else:
        day = date(within(anchor.year + step)[0], 12, 31)
    yield match.span(), day.isoformat()


def _ago(reader: Reader, match: re.Match[str]) -> _Found:
    count, unit = match["count"].lower(), match["unit"].lower().replace("centurie", "century")
    way = match["way"].lower()
    number = int(count) if count.isdigit() else _NUMBERS[count]
    if unit == "hour" and way != "ago":
        return
    if way == "before" and reader.tokens.dep[reader.token(match.end() - 1)] in ("mark", "prep"):
        return  # "two days before the vote": from an event, not from a date
    base = reader.last if way in ("earlier", "later", "before") else reader.anchor.isoformat()
    yield match.span(), reader.count_from(base, unit, number if way in ("later",) or way.endswith("now") else -number)


def _neighbour(reader: Reader, match: re.Match[str]) -> _Found:
    which = "same" if match["that"] else match["which"].lower()
    yield match.span(), reader.count_from(reader.last, match["unit"].lower(), {"same": 0, "previous": -1}.get(which, 1))


def _beside(reader: Reader, match: re.Match[str]) -> _Found:
    yield match.span(), reader.count_from(reader.last, match["unit"].lower(), -1 if match["way"].lower() == "before" else 1)


def _which_unit(reader: Reader, match: re.Match[str]) -> _Found:
    yield match.span(), reader.count_from(reader.anchor.isoformat(), match["unit"].lower(), _step(match["which"]))


def _years(reader: Reader, match: re.Match[str]) -> _Found:
    first, second = match["year"], match["year2"]
    second = second if len(second) == 4 else first[:2] + second
    if int(second) > int(first):
        yield (match.start(), match.end("year")), first
        yield match.span("year2"), second


def _year(reader: Reader, match: re.Match[str]) -> _Found:
    t, token = reader.tokens, reader.token(match.start("year"))
    after = token + 1
    year = int(match["year"])
    lead = t.lower[token - 1] if token else ""
    led = lead in _WORDS["year_leads"] or (match.start() < match.start("year"))
    if t.entity[token] in ("MONEY", "QUANTITY", "PERCENT") or lead in _WORDS["counting"]:
        return
    if (year < 1500 and lead not in ("in", "since", "year")) or not (led or 1800 <= year <= reader.anchor.year + 60):
        return
    if after < len(t.form):
        counted = t.lower[after] in _WORDS["units"] or (t.tag[after] == "NNS" and t.entity[token] != "DATE")
        if counted and lead not in ("in", "since", "the"):
            return
        if year < 1500 and t.pos[after] in ("NOUN", "ADJ", "PROPN"):
            return
        if t.form[after][0].isupper() and not _WORDS["streets"].isdisjoint(t.lower[after : after + 3]):
            return
    yield match.span(), match["year"]


def _short_year(reader: Reader, match: re.Match[str]) -> _Found:
    yield match.span(), str(_full_year(match["short"]))


def _elliptic_years(reader: Reader, match: re.Match[str]) -> _Found:
    """ "Reagan in 80 and 84, Bush in 88": years where several stand together."""
    around = reader.tokens.text[max(match.start() - _ELLIPSIS_CHARS, 0) : match.end() + _ELLIPSIS_CHARS]
    if len(_YEARS_IN_A_ROW.findall(around)) > 1:
        for group in ("short", "short2"):
            if match[group]:
                yield match.span(group), str(_full_year(match[group]))


_HANDLERS: dict[str, Callable[[Reader, re.Match[str]], _Found]] = {
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
    "quarter_of": _quarter,
    "quarter_results": _quarter,
    "q": _quarter,
    "decade": _decade,
    "century": _century,
    "day_of_month": _day_of_month,
    "weekend": _weekend,
    "period_end": _period_end,
    "ago": _ago,
    "neighbour": _neighbour,
    "beside": _beside,
    "which_unit": _which_unit,
    "years": _years,
    "year": _year,
    "short_year": _short_year,
    "elliptic_years": _elliptic_years,
}


def _mentions(reader: Reader) -> Iterator[tuple[Piece, str]]:
    """Every date's piece of the text with its value, in text order."""
    t, at = reader.tokens, 0
    starts = {word for word in set(t.lower) if may_start(word)}
    for start, word in zip(t.start, t.lower, strict=True):
        if word not in starts or start < at:
            continue
        if found := match_at(t.text, start):
            rule, match = found
            at = match.end()
            for piece, value in _HANDLERS[rule](reader, match):
                reader.last = value
                yield piece, value


def find(doc: Doc) -> list[DateMention]:
    """The dates of a parsed Doc in text order, with TIMEX3 values; spans are the body's.

    Date lines and captions, which are no prose and not part of the Doc, are read too.
    """
    article, view = article_of(doc), view_of(doc)
    pieces = [(doc, view)]
    for removed in article.removed:
        if removed.reason in _READ_TOO and removed.start < MAX_PARSED_CHARS:
            aside = TextView(article.body[: removed.end], [Range(start=0, end=removed.start)])
            pieces.append((_aside(aside, article), aside))
    found = []
    for piece, its_view in pieces:
        for (start, end), value in _mentions(Reader(piece)):
            span = its_view.span(start, end)
            found.append(DateMention(start=span.start, end=span.end, text=span.text, value=value))
    return sorted(found, key=lambda mention: mention.start)


def _aside(view: TextView, article: CleanArticle) -> Doc:
    """A piece of the body as a Doc of tokens alone."""
    doc = _tokenizer()(view.text)
    doc._.article, doc._.view = article, view
    return doc


@cache
def _tokenizer() -> Callable[[str], Doc]:
    tokenizer: Callable[[str], Doc] = English().tokenizer
    return tokenizer
