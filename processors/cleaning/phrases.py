"""The phrases of phrases.toml, compiled: does a line say what captions, promos, bylines … say?"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from processors.cleaning.lines import Line, Lines
from schemas.article import RemovedReason

_WORD = re.compile(r"\w+")
_CREDIT_ENDINGS = frozenset(("file", "photo", "photos", "image", "images", "screenshot", "pool", "handout", "video", "com"))
_TAIL_CHARS = 130
"""How far from a line's end the `ends` phrases may begin."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """One table of phrases.toml."""

    word_limit: int
    starts: re.Pattern[str] | None
    whole: re.Pattern[str] | None
    contains: re.Pattern[str] | None
    ends: re.Pattern[str] | None
    hints: tuple[str, ...]

    def match(self, line: Line, hints: Sequence[str] | None = None) -> bool:
        """One of the phrases holds for the line. `hints`: those of `self.hints` that the article has, where known."""
        plain = line.plain
        if not plain or line.word_count > self.word_limit:
            return False
        if self.starts and self.starts.match(plain):
            return True
        if self.whole and self.whole.match(plain):
            return True
        if not any(hint in plain for hint in (self.hints if hints is None else hints)):
            return False
        if self.contains and self.contains.search(plain):
            return True
        return bool(self.ends and _ends_in_name(line.text) and self.ends.search(plain[-_TAIL_CHARS:]))


def _ends_in_name(text: str) -> bool:
    """The last word is capitalised, as in a photo credit, or one that credits end in; `a Reuters/Ipsos poll` is prose."""
    words = _WORD.findall(text[-_TAIL_CHARS:])
    return bool(words) and (not words[-1][0].islower() or words[-1].lower() in _CREDIT_ENDINGS)


def _compile(patterns: list[str] | None, form: str) -> re.Pattern[str] | None:
    return re.compile(form.format("|".join(patterns))) if patterns else None


@cache
def tables() -> dict[str, Phrases]:
    """All tables by name."""
    with (Path(__file__).parent / "phrases.toml").open("rb") as file:
        return {
            name: Phrases(
                word_limit=table["words"],
                starts=_compile(table.get("starts"), r"[\W_]{{0,4}}(?:{})"),
                whole=_compile(table.get("whole"), r"[\W_]{{0,4}}(?:{})[\s:.…»>→|!-]*$"),
                contains=_compile(table.get("contains"), r"(?:{})"),
                ends=_compile(table.get("ends"), r"(?:{})$"),
                hints=tuple(table.get("hints", ())),
            )
            for name, table in tomllib.load(file).items()
        }


def remove_matching(lines: Lines, *reasons: RemovedReason) -> None:
    """Remove each line that says what the table of one of the `reasons` lists."""
    for reason in reasons:
        phrases = tables()[reason]
        hints = [hint for hint in phrases.hints if hint in lines.lowered]
        for line in lines.kept:
            if phrases.match(line, hints):
                lines.remove(line, reason)
