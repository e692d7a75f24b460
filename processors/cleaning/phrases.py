"""The phrases of phrases.toml, compiled: does a line say what captions, promos, bylines … say?"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from processors.cleaning.lines import Line, Lines
from schemas.article import RemovedReason

_WORD = re.compile(r"\w+")
_CLOSING = " .,;:!?\"'”’»)]}"
_CREDIT_ENDINGS = frozenset(("file", "photo", "photos", "image", "images", "screenshot", "pool", "handout", "video", "com"))
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
        if self.opening and self.opening.match(plain):
            return True
        if (
            self.contains
            and any(hint in plain for hint in (self.hints if hints is None else hints))
            and self.contains.search(plain)
        ):
            return True
        return bool(self.ends and _ends_in_name(line.text) and self.ends.search(plain[-_TAIL_CHARS:]))


def _ends_in_name(text: str) -> bool:
    """The last word is capitalised, as in a photo credit, or one that credits end in; `a Reuters/Ipsos poll` is prose."""
    last = text[-_TAIL_CHARS:].rstrip(_CLOSING).rsplit(None, 1)
    words = _WORD.findall(last[-1]) if last else []
    return bool(words) and (not words[-1][0].islower() or words[-1].lower() in _CREDIT_ENDINGS)


def _phrases(table: dict[str, Any]) -> Phrases:
    starts, whole, contains, ends = ("|".join(table.get(form, ())) for form in ("starts", "whole", "contains", "ends"))
    openings = [starts] if starts else []
    if whole:
        openings.append(rf"(?:{whole})[\s:.…»>→|!-]*$")
    return Phrases(
        word_limit=table["words"],
        opening=re.compile(rf"[\W_]{{0,4}}(?:{'|'.join(openings)})") if openings else None,
        contains=re.compile(contains) if contains else None,
        ends=re.compile(f"(?:{ends})$") if ends else None,
        hints=tuple(table.get("hints", ())),
    )


@cache
def tables() -> dict[str, Phrases]:
    """All tables by name."""
    with (Path(__file__).parent / "phrases.toml").open("rb") as file:
        return {name: _phrases(table) for name, table in tomllib.load(file).items()}


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
