"""The phrases of phrases.toml, compiled: does a line say what captions, promos, bylines … say?"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from processors.cleaning.first_letters import first_letters
from processors.cleaning.lines import Line, Lines
from schemas.article import RemovedReason

_WORD = re.compile(r"\w+")
_CLOSING = " .,;:!?\"'”’»)]}"
_CREDIT_ENDINGS = frozenset(("file", "photo", "photos", "image", "images", "screenshot", "pool", "handout", "video", "com"))
_LETTERS = re.compile(r"[^\W_]{1,2}")
_TAIL_CHARS = 130
"""How far from a line's end the `ends` phrases may begin."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """One table of phrases.toml."""

    word_limit: int
    opening: re.Pattern[str] | None
    """`starts` and `whole`."""
    contains: re.Pattern[str] | None
    ends: re.Pattern[str] | None
    hints: tuple[str, ...]

    def match(self, line: Line, hints: Sequence[str] | None = None) -> bool:
        """One of the phrases holds for the line. `hints`: those of `self.hints` that the article has, where known."""
        if line.word_count > self.word_limit or not line.plain:
            return False
        plain = line.plain
        if self.opening and _opens(line) and self.opening.match(plain):
            return True
        if self.contains:
            for hint in self.hints if hints is None else hints:
                if hint in plain:
                    return self.contains.search(plain) is not None
        if not self.ends or not _ends_in_name(line.text):
            return False
        tail = plain[-_TAIL_CHARS:]
        return any(hint in tail for hint in self.hints) and self.ends.search(tail) is not None


def _ends_in_name(text: str) -> bool:
    """The last word is capitalised, as in a photo credit, or one that credits end in; `a Reuters/Ipsos poll` is prose."""
    last = text[-_TAIL_CHARS:].rstrip(_CLOSING).rsplit(None, 1)
    words = _WORD.findall(last[-1]) if last else []
    return bool(words) and (not words[-1][0].islower() or words[-1].lower() in _CREDIT_ENDINGS)


def _openings(table: dict[str, Any]) -> list[str]:
    """The `starts` and `whole` phrases of a table."""
    return [*table.get("starts", ()), *(rf"(?:{phrase})[\s:.…»>→|!-]*$" for phrase in table.get("whole", ()))]


def _any_of(openings: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"[\W_]{{0,4}}(?:{'|'.join(openings)})") if openings else None


def _phrases(table: dict[str, Any]) -> Phrases:
    contains, ends = ("|".join(table.get(form, ())) for form in ("contains", "ends"))
    return Phrases(
        word_limit=table["words"],
        opening=_any_of(_openings(table)),
        contains=re.compile(contains) if contains else None,
        ends=re.compile(f"(?:{ends})$") if ends else None,
        hints=tuple(table.get("hints", ())),
    )


@cache
def _file() -> dict[str, dict[str, Any]]:
    with (Path(__file__).parent / "phrases.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def tables() -> dict[str, Phrases]:
    """All tables by name."""
    return {name: _phrases(table) for name, table in _file().items()}


@cache
def _by_first_letters() -> dict[str, re.Pattern[str]]:
    """The openings of all tables, by the first one or two letters that they can begin with."""
    phrases = [(phrase, first_letters(phrase)) for table in _file().values() for phrase in _openings(table)]
    found: dict[str, re.Pattern[str]] = {}
    for key in set().union(*(keys for _, keys in phrases)):
        pattern = _any_of([phrase for phrase, keys in phrases if key in keys or key[0] in keys])
        assert pattern is not None
        found[key] = pattern
    return found


def _opens(line: Line) -> bool:
    """Whether a line begins as a phrase of any table does: most lines do not, and are spared the tables."""
    if line.opens is None:
        found = _LETTERS.search(line.plain)
        letters = found[0] if found else ""
        by_letters = _by_first_letters()
        pattern = by_letters.get(letters) or by_letters.get(letters[:1])
        line.opens = pattern is not None and pattern.match(line.plain) is not None
    return line.opens


def remove_matching(lines: Lines, *reasons: RemovedReason) -> None:
    """Remove each line that says what the table of one of the `reasons` lists."""
    for reason in reasons:
        phrases = tables()[reason]
        hints = [hint for hint in phrases.hints if hint in lines.lowered]
        said: dict[str, bool] = {}  # a text of a million lines has few different ones
        for line in lines.kept:
            if line.text not in said:
                said[line.text] = phrases.match(line, hints)
            if said[line.text]:
                lines.remove(line, reason)
