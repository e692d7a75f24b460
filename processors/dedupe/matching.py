"""How much of one article stands in another, and whether that makes it a copy. All thresholds are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from processors.dedupe.fingerprint import GRAM_WORDS, Hashes, Mask, Reading, is_opening, is_sampled, is_text
from schemas import Similarity

ENOUGH = 0.5
"""Share of one article's 5-grams that must stand in the other: its containment (Broder 1997), which does not fall when one is
cut."""
ENOUGH_ALIKE = 0.45
"""The same for two articles that begin alike."""
ENOUGH_SAMPLED = 32
"""Of so many sampled values the share that is found is the share that there is, nearly."""
ENOUGH_SHARED = 4
"""5-grams that two articles must share, where either is sampled or both have so many."""
DIGEST = 0.2
"""A longer article of which at most this stands in the other and that begins differently has the other as one item of many."""
SURE = 0.9
"""Where so much of one stands in the other there is no doubt that two longer texts are one."""
FACTS = 0.3
"""Facts (numbers in their context) are shared at least at this rate of the text's. Reports from one template share fewer."""
FEW_FACTS = 3
NARRATION = 0.5
"""Of the shared words as large a share is the reporter's own as of the whole article, times this; else they share a statement
only."""
OPENING, TOUCHED = 0.3, 0.05
"""Two articles begin alike where one's opening stands in the other at the first rate, and the other's at the second."""
MOSTLY = 0.65
"""Where one stands whole in the other and is less than this of it, the longer one must begin like it: else it holds two texts."""
MOST = 2 / 3
"""Where the paragraphs of both are so far the same, the shared passage is the story."""
PIECES = 4
PIECE = 25
"""An edited text is shared in at least so many pieces, of at most so many values on average."""
BRIEF_GRAMS = 36
"""Of a text of 40 words."""
FILLED_IN = 1 / 3
"""Of the numbers in what two articles share so many have been replaced where both are from one template. In 1,535 pairs of a real
text and a made copy of it the highest rate was 0.1, with a neighbourhood of 24 words."""
NEAR, NEAR_WHOLE = 12, 8
"""Words from a number to what is shared on both sides of it, where one 5-gram in eight or all of them are compared."""


class Sizes(NamedTuple):
    """How many values of each kind a fingerprint has."""

    text: int
    sampled: int
    facts: int
    opening: int
    """Of the text values, those of the opening;"""
    opening_sampled: int
    """and of these the sampled ones."""

    @property
    def is_whole(self) -> bool:
        """Whether the fingerprint holds all 5-grams: the text is short."""
        return self.text > self.sampled or self.text < ENOUGH_SHARED

    @property
    def is_brief(self) -> bool:
        return self.is_whole and self.text <= BRIEF_GRAMS

    @classmethod
    def of(cls, values: Hashes) -> Sizes:
        """Of a fingerprint's values."""
        return cls(*(np.bincount(values & _KIND, minlength=len(_KINDS)) @ _COUNTED).tolist())


_KIND = np.uint32(0b11111)
_KINDS = np.arange(_KIND + 1, dtype=np.uint32)
"""What the lowest bits of a value can say."""
_COUNTED = np.array(
    [
        is_text(_KINDS),
        is_text(_KINDS) & is_sampled(_KINDS),
        ~is_text(_KINDS),
        is_text(_KINDS) & is_opening(_KINDS),
        is_text(_KINDS) & is_sampled(_KINDS) & is_opening(_KINDS),
    ],
    np.int64,
).T
"""Which kinds each of the sizes counts."""


def containment(mine: Sizes, other: Sizes, shared_text: int, shared_sampled: int) -> tuple[float, float]:
    """The share of the article that stands in the other one, and of the other one in the article.

    Two short texts are compared by all their 5-grams, others by the samples of both.
    """
    if mine.is_whole and other.is_whole:
        return shared_text / max(mine.text, 1), shared_text / max(other.text, 1)
    return shared_sampled / max(mine.sampled, 1), shared_sampled / max(other.sampled, 1)


@dataclass(frozen=True)
class Match:
    """What an article shares with another one, of what can be compared."""

    in_other: float
    of_other: float
    both_whole: bool
    shared: Hashes
    """The shared values, ascending."""
    text: Hashes
    """Those of them that are of the text."""
    sampled: int
    """Sampled values of the one with fewer."""
    facts: float
    """Share of the facts of the one with fewer; 1 where it has too few to say anything."""
    openings: tuple[float, float]
    """Shares of the article's opening and of the other one's that stand in the other."""

    @property
    def is_sure(self) -> bool:
        return max(self.in_other, self.of_other) >= SURE

    @property
    def differs_in_numbers(self) -> bool:
        """Whether enough facts differ for a report from the same template."""
        return self.facts <= 1 - FILLED_IN

    @property
    def margin(self) -> float:
        """What is added to `ENOUGH` where the share of few sampled values is a poor estimate: its standard error."""
        return 0.0 if self.both_whole or self.sampled >= ENOUGH_SAMPLED else 0.5 / self.sampled**0.5

    @property
    def begins_alike(self) -> bool:
        return max(self.openings) >= OPENING and min(self.openings) >= TOUCHED

    @property
    def similarity(self) -> Similarity:
        return Similarity(in_other=round(self.in_other, 3), of_other=round(self.of_other, 3))


def compare(mine: Sizes, opening: Hashes, other: Sizes, shared: Hashes, in_opening: Mask) -> Match:
    """Two fingerprints by their sizes, the article's opening, and the values that they share, each in the other one's opening or
    not."""
    both_whole = mine.is_whole and other.is_whole
    of_text = is_text(shared)
    text, in_opening = shared[of_text], in_opening[of_text]
    at_stake = min(mine.facts, other.facts)
    facts = (len(shared) - len(text)) / at_stake if at_stake >= (1 if both_whole else FEW_FACTS) else 1.0
    of_sample = is_sampled(text)
    in_other, of_other = containment(mine, other, len(text), int(np.count_nonzero(of_sample)))
    opening_size = other.opening
    if not both_whole:
        text, in_opening, opening, opening_size = (
            text[of_sample],
            in_opening[of_sample],
            opening[is_sampled(opening)],
            other.opening_sampled,
        )
    of_opening = int(np.count_nonzero(in_opening)) / opening_size if opening_size else 1.0
    openings = _share(stand_in(opening, text)), of_opening
    return Match(in_other, of_other, both_whole, shared, text, min(mine.sampled, other.sampled), facts, openings)


def is_same_text(match: Match, mine: Sizes, other: Sizes, *, same_outlet: bool) -> bool:
    """Whether the two are one text, whole, cut or extended, as far as their fingerprints tell."""
    smaller = min(mine.text, other.text)
    if (mine.is_brief or other.is_brief) and not match.both_whole:
        return False  # the sample of so few words says nothing
    if len(match.text) < (min(ENOUGH_SHARED, smaller) if match.both_whole else ENOUGH_SHARED):
        return False
    enough = (ENOUGH_ALIKE if match.begins_alike else ENOUGH) + match.margin
    shorter, longer = max(match.in_other, match.of_other), min(match.in_other, match.of_other)
    if shorter < enough or (longer <= DIGEST and not match.begins_alike):
        return False
    if smaller < 8 and match.both_whole and min(match.in_other, match.of_other) < 1:
        return False  # a line of a dozen words is a copy if it is the same line
    grows_at_top = same_outlet and match.in_other < match.of_other  # an outlet's live report
    if match.is_sure and longer < MOSTLY and not grows_at_top and not match.begins_alike:
        return False  # one of the texts that the longer article holds
    if match.is_sure and not match.both_whole:
        return True
    return match.facts >= FACTS * max(match.in_other, match.of_other)


def is_edition(match: Match, reading: Reading, *, mostly_same: bool) -> bool:
    """Whether what an article shares with another one is its story, and not a passage that both of them print.

    `reading` is of the article; `mostly_same`: most paragraphs of both are in the other. A passage (a gallery, a form, background
    from the archive) stands in one piece in two articles that begin differently; an edited text keeps an opening or most of its
    paragraphs, or is shared in many pieces. A statement that two reporters quote is not
    their story either.
    """
    grams, is_quoted = reading.grams, reading.is_quoted
    if not match.both_whole:
        grams, is_quoted = grams[is_sampled(grams)], is_quoted[is_sampled(grams)]
    shared = stand_in(grams, match.text)
    pieces = int(np.count_nonzero(shared[1:] & ~shared[:-1])) + int(shared[:1].sum())
    if not match.begins_alike and not mostly_same and pieces < max(PIECES, len(match.text) / PIECE):
        return False
    return _share(~is_quoted[shared]) >= NARRATION * _share(~is_quoted)


def is_filled_in(match: Match, reading: Reading) -> bool:
    """Whether the two are reports from one template: too many numbers of the article stand in the place of others, not shared
    themselves but between words that are. In a copy a new number comes with a new passage; one or two
    are an update's, but in a brief."""
    at = np.arange(len(reading.grams)) if match.both_whole else np.flatnonzero(is_sampled(reading.grams))
    known = at[stand_in(reading.grams[at], match.text)]
    is_shared = stand_in(reading.facts, match.shared)
    numbers = reading.numbers[~is_shared]
    near = NEAR_WHOLE if match.both_whole else NEAR
    before = np.searchsorted(known, numbers - 4) - np.searchsorted(known, numbers - 4 - near)
    after = np.searchsorted(known, numbers + 1 + near) - np.searchsorted(known, numbers + 1)
    between = ((before > 0) | (numbers < GRAM_WORDS)) & ((after > 0) | (numbers + 1 >= len(reading.grams)))  # or at an end
    replaced = int(np.count_nonzero(between))
    enough = 3 if not match.both_whole else 2 if len(reading.grams) > BRIEF_GRAMS else 1
    return replaced >= enough and replaced >= FILLED_IN * (replaced + int(np.count_nonzero(is_shared)))


def stand_in(values: Hashes, ascending: Hashes) -> Mask:
    """Which of the values are among the ascending ones: as `np.isin`, in a fifth of the time for so few."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    at = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    mask: Mask = ascending[at] == values
    return mask


def _share(values: Mask) -> float:
    """The share of true ones; of nothing, all."""
    return int(np.count_nonzero(values)) / len(values) if len(values) else 1.0


def titles_agree(mine: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two titles (`fingerprint.title_words`) have a third of the shorter one's words in common; an empty one says
    nothing."""
    shorter = min(len(mine), len(other))
    return not shorter or 3 * len(set(mine) & set(other)) >= shorter
