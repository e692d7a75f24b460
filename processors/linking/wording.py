"""When two quotes are one: most words of the shorter stand in the longer, in runs of three and more.

A cut at either end, an ellipsis, a bracketed name or a changed word leaves such runs; what two people merely say alike does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

_WORD = re.compile(r"\w+(?:['’]\w+)*")
MOST_WORDS = 250
_RUN = 3
_WINDOW = 4
LEAST_WORDS = 6
"""A shorter quote ("a very good day") is said by many, of many things."""
_ENOUGH = 0.75
"""Of the shorter one's words."""
SURE_WORDS = 10
"""So many shared words are one quote, whoever is said to have said it."""


@dataclass(frozen=True)
class Wording:
    """The words of one quote."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Wording":
        return cls(tuple(word.replace("’", "'") for word in _WORD.findall(text.casefold())[:MOST_WORDS]))

    @cached_property
    def runs(self) -> list[int]:
        """A hash of each three words in sequence."""
        words = self.words
        return [crc32(" ".join(words[i : i + _RUN]).encode("utf-8", "surrogatepass")) for i in range(len(words) - _RUN + 1)]

    def landmarks(self) -> set[int]:
        """The hashes to be found by: the least of each four neighbours. Who shares six words in sequence shares a landmark
        (winnowing: Schleimer, Wilkerson, Aiken 2003)."""
        runs = self.runs
        return {min(runs[i : i + _WINDOW]) for i in range(max(len(runs) - _WINDOW + 1, 1))} if runs else set()

    def shared_words(self, other: "Wording") -> int:
        """How many words of the shorter one lie in runs that the other has too; 0 where these are not most of it."""
        shorter, longer = sorted((self, other), key=lambda wording: len(wording.words))
        covered = len(set(_covered(shorter.runs, set(longer.runs))))
        return covered if covered >= max(LEAST_WORDS, _ENOUGH * len(shorter.words)) else 0


def _covered(runs: list[int], known: set[int]) -> Iterator[int]:
    for i, run in enumerate(runs):
        if run in known:
            yield from range(i, i + _RUN)


def same_speaker(one: str | None, other: str | None) -> bool:
    """Whether two names may be one person's: one has all the words of the other, or one is no name ("a spokesman")."""
    names = [set(re.findall(r"\w+", name.casefold())) for name in (one, other) if name is not None and is_name(name)]
    return len(names) < 2 or names[0] <= names[1] or names[1] <= names[0]


def is_name(speaker: str) -> bool:
    """A name's last word has a capital: Esther Banda, the Zambian Ministry of Transport; not "the minister"."""
    return any(word[0].isupper() for word in speaker.split()[-1:])
