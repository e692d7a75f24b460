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
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]
WordHashes = npt.NDArray[np.uint64]

SHORT_WORDS = 128
"""A text of up to this many words keeps all its 5-grams: one in eight of them would be too few to judge by."""
MAX_WORDS = 65_536
"""What comes after is not read: a copy of so long a text is known by its beginning."""
OPENING_WORDS = 100
"""The opening of a text: so many words, but not more than a third."""

_REMEMBERED_WORDS = 65_536
LONG_LINE = 1200
"""A line of more characters is taken sentence by sentence."""

_FACT_BIT, _OPENING_BIT, _SAMPLE_BITS = np.uint32(1), np.uint32(2), np.uint32(0b11100)

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")  # scripts without spaces between words: a character is a word
_WORD_OR_QUOTE = re.compile(rf"{_WORD.pattern}|[\"“”„«»\n]")
_LINE = re.compile(r"[^\s][^\n\r\x0b\x0c\u2028\u2029]*")
_SENTENCE = re.compile(r"\S.*?(?:[.!?…][\"'”’»)]*(?=\s)|[。！？]|$)")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NOT_PLAIN = re.compile("[^\x00-\x7f“”—–]")
_APOSTROPHES = "'’‘ʼ`\u00ad\u200b"
_GRAM = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], np.uint64)
GRAM_WORDS = len(_GRAM)
_FACT = np.array([0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3], np.uint64)


def _normalised(text: str) -> str:
    """Case, accents, apostrophes and the width of characters do not matter; other punctuation falls out with the split in
    words."""
    text = text.casefold()
    for mark in _APOSTROPHES:
        text = text.replace(mark, "")
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)) if _NOT_PLAIN.search(text) else text


class _WordHashes(dict[str, int]):
    """The hash of a word, odd for one with a number in it; common ones are remembered (a dict is quicker than lru_cache)."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED_WORDS:
            self.clear()
        self[word] = value = crc32(word.encode("utf-8", "surrogatepass")) & ~1 | any(map(str.isdigit, word))
        return value


_word_hash = _WordHashes().__getitem__


def _hashed(words: list[str]) -> WordHashes:
    return np.fromiter(map(_word_hash, words), np.uint64, len(words))


def _mixed(words: WordHashes, factors: WordHashes) -> Hashes:
    """One 32-bit hash for each run of `len(factors)` words."""
    runs = max(len(words) - len(factors) + 1, 0)
    mixed = words[:runs] * factors[0]
    for n in range(1, len(factors)):
        mixed += words[n : n + runs] * factors[n]
    mixed ^= mixed >> np.uint64(31)  # the finaliser of splitmix64: every bit of the sum moves every bit of the result
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    hashes: Hashes = (mixed >> np.uint64(32)).astype(np.uint32)
    return hashes


def grams_of(words: WordHashes) -> Hashes:
    """The text values of all word 5-grams, in text order; a text of fewer words is one gram."""
    if 0 < len(words) < len(_GRAM):
        words = np.pad(words, (0, len(_GRAM) - len(words)))
    return _mixed(words, _GRAM) & ~(_FACT_BIT | _OPENING_BIT)


def facts_of(words: WordHashes) -> Hashes:
    """The fact values of the numbers that have a word on both sides, in text order."""
    values: Hashes = (_mixed(words, _FACT)[np.flatnonzero(words[1:-1] & np.uint64(1))] & ~_OPENING_BIT) | _FACT_BIT
    return values


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
    mask: Mask = (values & _OPENING_BIT) != 0
    return mask


def anywhere(values: Hashes) -> Hashes:
    """The values without the mark of the opening, as they compare with those of another text."""
    return values & ~_OPENING_BIT


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
        words: list[str] = []
        paragraphs, bounds = [], [0]
        for start, end in _paragraphs(text):
            words += _WORD.findall(_normalised(text[start:end]))
            if len(words) > bounds[-1]:
                paragraphs.append((start, end))
                bounds.append(min(len(words), MAX_WORDS))
            if len(words) >= MAX_WORDS:
                break
        return cls(_hashed(words[:MAX_WORDS]), paragraphs, bounds)

    @cached_property
    def grams(self) -> Hashes:
        """As `grams_of`."""
        return grams_of(self.hashed)

    @property
    def fingerprint(self) -> list[int]:
        """As `fingerprint`. Python's sets: for a hundred values they take a fraction of what numpy's set functions do."""
        grams = self.grams
        opening = grams[: min(OPENING_WORDS, -(-len(grams) // 3))]
        if len(self.hashed) > SHORT_WORDS:
            grams, opening = grams[is_sampled(grams)], opening[is_sampled(opening)]
        values = set(facts_of(np.pad(self.hashed, 1)).tolist())
        values.update(set(grams.tolist()).difference(opening.tolist()), (opening | _OPENING_BIT).tolist())
        return sorted(values)

    def paragraph(self, n: int) -> WordHashes:
        """The words of paragraph `n`."""
        return self.hashed[self.bounds[n] : self.bounds[n + 1]]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph; of each sentence where a text has lost its line breaks."""
    for line in _LINE.finditer(text):
        is_long = line.end() - line.start() > LONG_LINE
        for piece in _SENTENCE.finditer(text, *line.span()) if is_long else (line,):
            yield piece.start(), piece.start() + len(piece[0].rstrip())


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
    numbers: npt.NDArray[np.int64]
    """The places of their numbers."""


def read(text: str) -> Reading:
    """Read a text again for what its fingerprint does not hold. A straight quotation mark that is not closed ends with its line."""
    words: list[str] = []
    quoted: list[bool] = []
    inside = False
    for piece in _WORD_OR_QUOTE.findall(_normalised(text)):
        if piece in '"“”„«»\n':
            inside = piece in "“„«" or (piece == '"' and not inside)
        else:
            words.append(piece)
            quoted.append(inside)
    hashed = _hashed(words[:MAX_WORDS])
    grams = grams_of(hashed)
    quotes = np.concatenate(([0], np.cumsum(quoted[:MAX_WORDS])))
    width = min(len(_GRAM), len(quotes) - 1)
    is_quoted = (quotes[width:] - quotes[:-width] == width) if width else np.zeros(len(grams), np.bool_)
    return Reading(grams, is_quoted, facts_of(np.pad(hashed, 1)), np.flatnonzero(hashed & np.uint64(1)))


def title_words(title: str | None) -> tuple[int, ...]:
    """The words of a title that tell it from others (four letters or more, and numbers) as hashes, ascending, each once."""
    words = _WORD.findall(_normalised(title or ""))[:64]
    return tuple(sorted({_word_hash(word) for word in words if len(word) >= 4 or word[0].isdigit()}))
