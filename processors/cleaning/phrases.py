"""The phrases of phrases.toml, compiled: does a line say what captions, promos, bylines … say?"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from processors.cleaning.first_letters import first_letters
from processors.cleaning.hints import Hints
from processors.cleaning.lines import Line, Lines
from schemas.article import RemovedReason

_WORD = re.compile(r"\w+")
_CLOSING = " .,;:!?\"'”’»)]}"
_CREDIT_ENDINGS = frozenset(("file", "photo", "photos", "image", "images", "screenshot", "pool", "handout", "video", "com"))
_LETTERS = re.compile(r"[^\W_]{1,2}")
_TAIL_CHARS = 130
"""How far from a line's end the `ends` phrases may begin."""


class _Phrase(NamedTuple):
    """One or more phrases of a table as one pattern."""

    table: str
    word_limit: int
    pattern: re.Pattern[str]


class _Ending(NamedTuple):
    """The `ends` phrases of a table."""

    phrase: _Phrase
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrases:
    """What phrases.toml has, arranged so that a line is spared what cannot hold for it."""

    openings: dict[str, tuple[re.Pattern[str], list[_Phrase]]]
    """`starts` and `whole`, by the first one or two letters that they can begin with: all of them as one pattern, and by table."""
    contained: Hints[_Phrase]
    """`contains`, by the hints."""
    endings: list[_Ending]
    word_limit: int
    """The largest of all tables."""


def find_phrases(lines: Lines) -> None:
    """Note which tables of phrases.toml each line has a phrase of, in `Line.says` and `Lines.said`."""
    phrases = _phrases()
    said: list[tuple[int, str]] = []
    for line in lines.lines:
        if line.plain and line.word_count <= phrases.word_limit:
            _match_opening(line, phrases, said)
            _match_ending(line, phrases, said)
    _match_contained(lines.lines, phrases, said)
    for index, table in sorted(set(said)):
        line = lines.lines[index]
        line.says |= {table}
        lines.said.setdefault(table, []).append(line)


def remove_matching(lines: Lines, *reasons: RemovedReason) -> None:
    """Remove each line that says what the table of one of the `reasons` lists."""
    for reason in reasons:
        for line in lines.said.get(reason, ()):
            lines.remove(line, reason)


def _match_opening(line: Line, phrases: _Phrases, said: list[tuple[int, str]]) -> None:
    plain = line.plain
    openings = phrases.openings.get(plain[:2])
    if openings is None:
        found = plain if plain[0].isalnum() else letters[0] if (letters := _LETTERS.search(plain)) else ""
        openings = phrases.openings.get(found[:2]) or phrases.openings.get(found[:1])
    if openings and openings[0].match(plain):
        said += ((line.index, one.table) for one in openings[1] if line.word_count <= one.word_limit and one.pattern.match(plain))


def _match_ending(line: Line, phrases: _Phrases, said: list[tuple[int, str]]) -> None:
    if not _ends_in_name(line.text):
        return
    tail = line.plain[-_TAIL_CHARS:]
    for (table, word_limit, pattern), hints in phrases.endings:
        for hint in hints:
            if hint in tail:
                if line.word_count <= word_limit and pattern.search(tail):
                    said.append((line.index, table))
                break


def _ends_in_name(text: str) -> bool:
    """The last word is capitalised, as in a photo credit, or one that credits end in; `a Reuters/Ipsos poll` is prose."""
    last = text[text.rfind(" ") + 1 : -1]
    if not last.isalpha() or text[-1] not in _CLOSING:  # not what prose ends in: a word and a full stop
        tail = text[-_TAIL_CHARS:].rstrip(_CLOSING)
        words = _WORD.findall(tail.rsplit(None, 1)[-1]) if tail and not tail.isspace() else []
        if not words:
            return False
        last = words[-1]
    return not last[0].islower() or last.lower() in _CREDIT_ENDINGS


def _match_contained(lines: Sequence[Line], phrases: _Phrases, said: list[tuple[int, str]]) -> None:
    plain = [line.plain + "\n" for line in lines]
    starts = [0, *accumulate(map(len, plain))]
    tried = set()
    for at, found in phrases.contained.find("".join(plain)):
        line = lines[bisect_right(starts, at) - 1]
        if (key := (line.index, id(found))) in tried:
            continue
        tried.add(key)
        for table, word_limit, pattern in found:
            if line.word_count <= word_limit and pattern.search(line.plain):
                said.append((line.index, table))


def _openings(table: dict[str, Any]) -> list[str]:
    """The `starts` and `whole` phrases of a table."""
    return [*table.get("starts", ()), *(rf"(?:{phrase})[\s:.…»>→|!-]*$" for phrase in table.get("whole", ()))]


def _any_of(openings: list[str]) -> re.Pattern[str]:
    return re.compile(rf"[\W_]{{0,4}}(?:{'|'.join(openings)})")


@cache
def _phrases() -> _Phrases:
    with (Path(__file__).parent / "phrases.toml").open("rb") as file:
        tables: dict[str, dict[str, Any]] = tomllib.load(file)
    contained, endings = [], []
    for name, table in tables.items():
        for *hints, phrase in table.get("contains", ()):
            one = _Phrase(name, table["words"], re.compile(phrase))
            contained += [(hint, one) for hint in hints]
        if ends := "|".join(table.get("ends", ())):
            endings.append(_Ending(_Phrase(name, table["words"], re.compile(f"(?:{ends})$")), tuple(table["hints"])))
    word_limit = max(table["words"] for table in tables.values())
    return _Phrases(_by_first_letters(tables), Hints(contained), endings, word_limit)


def _by_first_letters(tables: dict[str, dict[str, Any]]) -> dict[str, tuple[re.Pattern[str], list[_Phrase]]]:
    phrases = [(name, phrase, first_letters(phrase)) for name, table in tables.items() for phrase in _openings(table)]
    found = {}
    for key in set().union(*(keys for _, _, keys in phrases)):
        mine: dict[str, list[str]] = {}
        for name, phrase, keys in phrases:
            if key in keys or key[0] in keys:
                mine.setdefault(name, []).append(phrase)
        by_table = [_Phrase(name, tables[name]["words"], _any_of(some)) for name, some in mine.items()]
        found[key] = (_any_of([phrase for some in mine.values() for phrase in some]), by_table)
    return found
