"""How much of one article stands in another, and whether that makes it a copy. All thresholds are here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from processors.dedupe.fingerprint import SAMPLED, Hashes, Reading
from schemas import Similarity

ENOUGH = 0.5
"""Share of one article's 5-grams that must stand in the other: its containment (Broder 1997), which does not fall when one is
cut."""
ENOUGH_SHARED = 4
"""5-grams that two articles must share, where either is sampled or both have so many."""
DIGEST = 0.2
"""A longer article that says at most this of its text with another's words holds the other as one item of many: not its
copy."""
OWN_WORDS = 0.9
"""Above this nothing of weight was added: another page of an outlet with the same text is a copy and not an update."""
SURE = 0.9
"""Where so much of one stands in the other there is no doubt that two longer texts are one."""
FACTS = 0.3
"""Facts (numbers in their context) are shared at least at this rate of the text's. Reports from one template share fewer."""
FEW_FACTS = 3
NARRATION = 0.5
"""Of the shared words as large a share is the reporter's own as of the whole article, times this; else they share a statement
only."""
OPENING_WORDS = 100
OPENING = 0.3
"""Share of the opening (so many words, a third of a short text) that makes the rest the same story."""
PIECES = 4
PIECE = 25
"""An edited text is shared in at least so many pieces, of at most so many values on average."""
BRIEF_WORDS = 40


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many values of each kind a fingerprint has."""

    text: int
    sampled: int
    facts: int

    @property
    def is_whole(self) -> bool:
        """Whether the fingerprint holds all 5-grams: the text is short."""
        return self.text > self.sampled or self.text < ENOUGH_SHARED

    @property
    def is_brief(self) -> bool:
        return self.is_whole and self.text <= BRIEF_WORDS - 4

    @classmethod
    def of(cls, values: Hashes) -> Sizes:
        text = values[values & np.uint32(1) == 0]
        return cls(len(text), int(np.count_nonzero(text % SAMPLED == 0)), len(values) - len(text))


@dataclass(frozen=True, slots=True)
class Match:
    """What an article shares with another one."""

    number: int
    in_other: float
    of_other: float
    shared: Hashes
    """The shared values."""

    @property
    def is_sure(self) -> bool:
        return max(self.in_other, self.of_other) >= SURE

    @property
    def similarity(self) -> Similarity:
        return Similarity(in_other=round(self.in_other, 3), of_other=round(self.of_other, 3))


def compare(number: int, mine: Sizes, other: Sizes, shared: Hashes) -> Match:
    """The containment both ways. Two short texts are compared by all their 5-grams, otherwise both by the sample."""
    text = shared[shared & np.uint32(1) == 0]
    if mine.is_whole and other.is_whole:
        common, of_mine, of_other = len(text), mine.text, other.text
    else:
        common, of_mine, of_other = int(np.count_nonzero(text % SAMPLED == 0)), mine.sampled, other.sampled
    return Match(number, common / max(of_mine, 1), common / max(of_other, 1), shared)


def is_same_text(match: Match, mine: Sizes, other: Sizes) -> bool:
    """Whether the two are one text, whole, cut or extended: by their fingerprints alone."""
    text = int(np.count_nonzero(match.shared & np.uint32(1) == 0))
    facts = len(match.shared) - text
    both_whole = mine.is_whole and other.is_whole
    if text < (min(ENOUGH_SHARED, mine.text, other.text) if both_whole else ENOUGH_SHARED):
        return False
    if match.in_other < ENOUGH and (match.of_other < ENOUGH or match.in_other <= DIGEST):
        return False
    if min(mine.text, other.text) < 8 and both_whole and min(match.in_other, match.of_other) < 1:
        return False  # a line of a dozen words is a copy if it is the same line
    if match.is_sure and not both_whole:
        return True
    at_stake = min(mine.facts, other.facts)
    few = 1 if both_whole else FEW_FACTS
    return at_stake < few or facts / at_stake >= FACTS * max(match.in_other, match.of_other)


def is_edition(match: Match, reading: Reading, is_sampled: bool) -> bool:
    """Whether what an article shares with another one is its story, and not a passage that both of them print.

    `reading` is of the article; `is_sampled`: whether they were compared by their samples. A passage (a gallery, a form,
    background from the archive) stands in one piece below an opening of the article's own; an edited text shares its opening or
    is shared in many pieces. A statement that two reporters quote is not their story either.
    """
    compared = reading.grams % SAMPLED == 0 if is_sampled else np.ones(len(reading.grams), np.bool_)
    shared = np.isin(reading.grams[compared], match.shared)
    opening = np.flatnonzero(compared) < min(OPENING_WORDS, len(reading.grams) // 3)
    pieces = int(np.count_nonzero(shared[1:] & ~shared[:-1])) + int(shared[0])
    if _share(shared[opening]) < OPENING and pieces < max(PIECES, np.count_nonzero(shared) / PIECE):
        return False
    own_words = ~reading.is_quoted[compared]
    return _share(own_words[shared]) >= NARRATION * _share(own_words)


def _share(values: npt.NDArray[np.bool_]) -> float:
    return int(np.count_nonzero(values)) / max(len(values), 1)


def titles_agree(mine: list[int], other: list[int]) -> bool:
    """Whether two titles (`fingerprint.title_words`) have a third of the shorter one's words in common; an empty one says
    nothing."""
    shorter = min(len(mine), len(other))
    return not shorter or 3 * len(set(mine) & set(other)) >= shorter
