"""The fingerprint of a text: hashes of its words in sequence, from which copies are told although nobody keeps the text.

A value's lowest bits say what it is, so that a fingerprint is one flat list:

- *text* (bit 0 clear): a word 5-gram. A text of more than `SHORT_WORDS` words keeps one in eight of them (those with bits 2 to 4
  clear), whatever stands beside them, so that a piece of a text has a piece of its fingerprint; a shorter one keeps all. Bit 1
  is set where the 5-gram stands in the opening.
- *fact* (bit 0 set): a number with the word before and after it, all of them. Reports made from one template share most of their
  5-grams and hardly one of their facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from processors.dedupe.words import MAX_WORDS, OPEN, STRAIGHT, WITH_QUOTES, Places, WordHashes, cut

Hashes = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]

SHORT_WORDS = 128
"""A text of up to this many words keeps all its 5-grams: one in eight of them would be too few to judge by."""
OPENING_WORDS = 100
"""The opening of a text: so many words, but not more than a third."""

LONG_LINE = 1200
"""A line of more characters is taken sentence by sentence."""

_FACT_BIT, OPENING_BIT, _SAMPLE_BITS = np.uint32(1), np.uint32(2), np.uint32(0b11100)

_IN_LINE = "[^\n\r\x0b\x0c\u2028\u2029]*"
_LINE = re.compile(rf"(\S(?:{_IN_LINE}\S)?){_IN_LINE}")
_LINE_OF_FEEDS = re.compile(r"(\S(?:.*\S)?).*")
"""The same where a line ends with a line feed only."""
_LINE_ENDS = "\r\x0b\x0c\u2028\u2029"
_SENTENCE = re.compile(r"\S.*?(?:[.!?…][\"'”’»)]*(?=\s)|[。！？]|$)")
_GRAM = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], np.uint64)
GRAM_WORDS = len(_GRAM)
_FACT = np.array([0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3], np.uint64)


def _finalised(mixed: WordHashes) -> Hashes:
    """32-bit hashes of 64-bit sums, in place: the finaliser of splitmix64, every bit of the sum moves every bit of the result."""
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed >>= np.uint64(32)
    return mixed.astype(np.uint32)


def grams_of(words: WordHashes) -> Hashes:
    """The text values of all word 5-grams, in text order; a text of fewer words is one gram."""
    if 0 < len(words) < GRAM_WORDS:
        return short_grams(words, np.zeros(1, np.int64), np.array([len(words)]))
    runs = max(len(words) - GRAM_WORDS + 1, 0)
    mixed = words[:runs] * _GRAM[0]
    for n in range(1, GRAM_WORDS):
        mixed += words[n : n + runs] * _GRAM[n]
    return _finalised(mixed) & ~(_FACT_BIT | OPENING_BIT)


def short_grams(words: WordHashes, starts: Places, lengths: Places) -> Hashes:
    """The one gram of each piece of fewer than `GRAM_WORDS` words (and at least one)."""
    at = np.arange(GRAM_WORDS)
    padded = np.where(at < lengths[:, None], words[np.minimum(starts[:, None] + at, len(words) - 1)], np.uint64(0))
    return _finalised((padded * _GRAM).sum(axis=1)) & ~(_FACT_BIT | OPENING_BIT)


def facts_of(words: WordHashes, numbers: Places | None = None) -> Hashes:
    """The fact values of the numbers that have a word on both sides, in text order; of the numbers at these places, if given:
    beyond the text's ends is nothing."""
    at = np.flatnonzero(words[1:-1] & np.uint64(1)) + 1 if numbers is None else numbers
    if not len(at):
        return np.empty(0, np.uint32)
    before, after = words[at - 1] * _FACT[0], words[np.minimum(at + 1, len(words) - 1)] * _FACT[2]
    if at[0] == 0:
        before[0] = 0
    if at[-1] == len(words) - 1:
        after[-1] = 0
    before += words[at] * _FACT[1]
    before += after
    return (_finalised(before) & ~OPENING_BIT) | _FACT_BIT


def numbers_in(words: WordHashes) -> Places:
    """The places of the words with a number in them."""
    return (words & np.uint64(1)).nonzero()[0]


def is_text(values: Hashes) -> Mask:
    """Which of the values are of the text; the others are facts."""
    mask: Mask = (values & _FACT_BIT) == 0
    return mask


def is_sampled(values: Hashes) -> Mask:
    """Which of the text values are in the sample that a text of any length keeps."""
    mask: Mask = (values & _SAMPLE_BITS) == 0
    return mask


def is_opening(values: Hashes) -> Mask:
    """Which values stand in the opening."""
    mask: Mask = (values & OPENING_BIT) != 0
    return mask


def anywhere(values: Hashes) -> Hashes:
    """The values without the mark of the opening, as they compare with those of another text."""
    return values & ~OPENING_BIT


@dataclass(frozen=True)
class Words:
    """The words of a text as hashes, up to `MAX_WORDS`, and its paragraphs."""

    hashed: WordHashes
    paragraphs: list[tuple[int, int]]
    """Where each stands in the text (start, end); those without words are passed over."""
    bounds: list[int]
    """The words of paragraph `n` are `hashed[bounds[n] : bounds[n + 1]]`."""

    @classmethod
    def of(cls, text: str) -> Words:
        paragraphs = _paragraphs(text)
        words, _, breaks = cut([text[start:end] for start, end in paragraphs])
        bounds = [0]
        kept = []
        for paragraph, end in zip(paragraphs, [*breaks.tolist(), len(words)], strict=False):
            if end > bounds[-1]:
                kept.append(paragraph)
                bounds.append(min(end, MAX_WORDS))
            if end >= MAX_WORDS:
                break
        return cls(words[:MAX_WORDS], kept, bounds)

    @cached_property
    def grams(self) -> Hashes:
        """As `grams_of`."""
        return grams_of(self.hashed)

    @property
    def fingerprint(self) -> list[int]:
        """As `fingerprint`."""
        grams = self.grams
        end = min(OPENING_WORDS, -(-len(grams) // 3))
        if len(self.hashed) > SHORT_WORDS:
            at = is_sampled(grams).nonzero()[0]
            grams, end = grams[at], int(at.searchsorted(end))
        values = np.concatenate((grams, facts_of(self.hashed, numbers_in(self.hashed))))
        values[:end] |= OPENING_BIT
        values.sort()
        # Of what stands in the opening and elsewhere the marked one stays, which is the greater by its mark alone.
        is_last = np.ones(len(values), np.bool_)
        np.not_equal(anywhere(values[1:]), anywhere(values[:-1]), out=is_last[:-1])
        found: list[int] = values[is_last].tolist()
        return found


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of each paragraph; of each sentence where a text has lost its line breaks."""
    pattern = _LINE if any(end in text for end in _LINE_ENDS) else _LINE_OF_FEEDS
    found = []
    for line in pattern.finditer(text):
        if line.end() - line.start() > LONG_LINE:
            found += [(each.start(), each.start() + len(each[0].rstrip())) for each in _SENTENCE.finditer(text, *line.span())]
        else:
            found.append(line.span(1))
    return found


def fingerprint(text: str) -> list[int]:
    """The fingerprint of `text`: 32-bit values, ascending, each once; the same on every machine and in every release.

    None for a text without words. About 90 values for 600 words; linear in the length of the text.
    """
    return Words.of(text).fingerprint


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's values in text order, with what a fingerprint does not say of them."""

    grams: Hashes
    """The text values of all word 5-grams; the place of one is that of its first word."""
    is_quoted: Mask
    """Whether the gram lies wholly inside quotation marks."""
    facts: Hashes
    """The fact values."""
    numbers: Places
    """The places of their numbers."""


def read(text: str) -> Reading:
    """Read a text again for what its fingerprint does not hold. A straight quotation mark that is not closed ends with its line."""
    hashed, marks, places = cut(text.split("\n"), WITH_QUOTES)
    quoted = np.zeros(len(hashed) + 1, np.int64)
    """Of each word, after a first place, whether it is quoted."""
    inside, at = False, 0
    for mark, place in zip(marks.tolist(), places.tolist(), strict=True):
        if inside and place > at:
            quoted[at + 1 : place + 1] = 1
        at = place
        inside = mark == ord(OPEN) or (mark == ord(STRAIGHT) and not inside)
    if inside:
        quoted[at + 1 :] = 1
    hashed = hashed[:MAX_WORDS]
    quotes = np.cumsum(quoted[: len(hashed) + 1])
    grams, numbers = grams_of(hashed), numbers_in(hashed)
    width = min(GRAM_WORDS, len(hashed))
    is_quoted = (quotes[width:] - quotes[:-width] == width) if width else np.zeros(len(grams), np.bool_)
    return Reading(grams, is_quoted, facts_of(hashed, numbers), numbers)
