"""What a text adds to another one and what it leaves out, paragraph by paragraph, although nobody keeps the other text.

Of each paragraph an article's *outline* keeps where it stands and a *sketch*, in 16 bits each: a hash of all its words, and word
5-grams of it at even distances. What two sketches do not tell is told by the text of the later article, which is there.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from struct import Struct
from typing import NamedTuple
from zlib import crc32

import numpy as np
from pydantic import TypeAdapter

from processors.dedupe.fingerprint import GRAM_WORDS, Words, facts_of, grams_of, is_sampled, short_grams
from processors.dedupe.matching import Match, stand_in
from processors.dedupe.words import words_of
from processors.text import TextView
from schemas import CleanArticle, Difference, Paragraph, Range

EVERY = 128
"""Characters of the body for each 5-gram of a sketch, after the first two: one changed word does not hide a paragraph."""
MOST_PARAGRAPHS = 512
"""What comes after is neither added nor left out: bounds what is remembered and what a decision takes."""
_HALF_A_HASH = np.uint32(16)
_PARAGRAPHS = TypeAdapter(list[Paragraph])
_OUTLINE = Struct("<cI")
HALF = 0.5
"""A paragraph stands in the other text where at least so much of what is known of it does."""


class _Sketched(NamedTuple):
    start: int
    end: int
    whole: int
    grams: list[int]


def described(view: TextView) -> tuple[list[int], list[Paragraph]]:
    """The fingerprint of a clean text, and its paragraphs as they stand in the body."""
    words = Words.of(view.text)
    ranges = [view.range(start, end) for start, end in words.paragraphs[:MOST_PARAGRAPHS]]
    lengths = [_sketch_length(end - start) for start, end in ranges]
    packed_words, spread = words.hashed.tobytes(), _spread(words, lengths)
    paragraphs = []
    at = 0
    for (start, end), length, first, last in zip(ranges, lengths, words.bounds, words.bounds[1:], strict=False):
        whole = crc32(packed_words[8 * first : 8 * last]) & 0xFFFF
        paragraphs.append({"start": start, "end": end, "sketch": [whole, *spread[at : at + length - 1]]})
        at += length - 1
    return words.fingerprint, _PARAGRAPHS.validate_python(paragraphs)


def _spread(words: Words, lengths: list[int]) -> list[int]:
    """The 5-grams of the sketches, of all paragraphs: at even distances in each."""
    if not lengths:
        return []
    bounds = np.array(words.bounds[: len(lengths) + 1])
    firsts, counts = bounds[:-1], np.array(lengths) - 1
    grams, choice = words.grams, np.diff(bounds) - GRAM_WORDS + 1
    short = np.flatnonzero(choice < 1)
    if len(short):  # they have one gram, which is not of the text's
        grams = np.concatenate((grams, short_grams(words.hashed, firsts[short], choice[short] + GRAM_WORDS - 1)))
        firsts[short] = len(grams) - len(short) + np.arange(len(short))
        choice[short] = 1
    nth = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    counts_of, choices = np.repeat(counts, counts), np.repeat(choice, counts)
    at = np.repeat(firsts, counts) + (2 * nth + 1) * choices // (2 * counts_of)
    values: list[int] = (grams[at] >> _HALF_A_HASH).tolist()
    return values


def _sketch_length(chars: int) -> int:
    return 3 + chars // EVERY


def packed(paragraphs: Iterable[Paragraph]) -> bytes:
    """The outline to remember: about 12 bytes a paragraph. Paragraphs that another release sketched are left out.

    Of each paragraph its length, doubled, plus one where the gap before it is not that before the last one and follows; then all
    sketches. A number has 16 bits, or 32 where one is greater.
    """
    numbers: list[int] = []
    sketches: list[int] = []
    at = usual_gap = 0
    for paragraph in paragraphs:
        start, end, sketch = paragraph.start, paragraph.end, paragraph.sketch
        gap, length = start - at, end - start
        if gap < 0 or len(sketch) != _sketch_length(length):
            continue
        if gap == usual_gap:
            numbers.append(2 * length)
        else:
            numbers += (2 * length + 1, gap)
        sketches += sketch
        at, usual_gap = end, gap
    if not numbers:
        return b""
    kind = "H" if max(numbers) <= 0xFFFF else "I"
    return _OUTLINE.pack(kind.encode(), len(numbers)) + array(kind, numbers).tobytes() + array("H", sketches).tobytes()


def _unpacked(outline: bytes) -> list[_Sketched]:
    if not outline:
        return []
    kind, count = _OUTLINE.unpack_from(outline)
    numbers = array(kind.decode())
    split = _OUTLINE.size + count * numbers.itemsize
    numbers.frombytes(outline[_OUTLINE.size : split])
    sketches = array("H", outline[split:]).tolist()
    paragraphs: list[_Sketched] = []
    end = gap = at = 0
    rest = iter(numbers)
    for number in rest:
        gap = next(rest) if number & 1 else gap
        start, length = end + gap, number >> 1
        end = start + length
        size = _sketch_length(length)
        paragraphs.append(_Sketched(start, end, sketches[at], sketches[at + 1 : at + size]))
        at += size
    return paragraphs


class Compared(NamedTuple):
    """Two texts by their paragraphs."""

    difference: Difference
    in_other: float
    """Share of the characters of this one's paragraphs that stand in the other one; of no paragraphs, all."""
    of_other: float
    """The same of the other one's in this one."""


def compared(article: CleanArticle, match: Match, uri: str, version: int, outline: bytes) -> Compared:
    """The paragraphs of `article` against those of the text that it was matched with, whose outline this is.

    Only paragraphs that are not word for word in both are read again. Such a one is changed unless all that is known of it (its
    sampled 5-grams and its numbers) stands in the other text: its paragraphs were then cut elsewhere.
    """
    theirs = _unpacked(outline)
    my_wholes, their_wholes = {one.sketch[0] for one in article.paragraphs}, {one.whole for one in theirs}
    edited = [one for one in article.paragraphs if one.sketch[0] not in their_wholes]
    their_grams = {gram for one in theirs for gram in one.grams} if edited else set[int]()
    view = TextView(article.body, article.removed, article.repaired) if edited else TextView("")
    added, changed, grams_of_edited = [], [], set[int]()
    for one in edited:
        hashed = words_of(view.reading(one.start, one.end))
        grams = grams_of(hashed)
        halves = set((grams >> _HALF_A_HASH).tolist())
        grams_of_edited |= halves
        known = stand_in(grams if match.both_whole else grams[is_sampled(grams)], match.text)
        sketched = len(one.sketch) - 1
        found = int(np.count_nonzero(known)) + min(len(halves & their_grams), sketched)
        if found < HALF * (len(known) + sketched):
            added.append(Range(start=one.start, end=one.end))
        elif not len(known) or not known.all() or not stand_in(facts_of(hashed), match.shared).all():
            changed.append(Range(start=one.start, end=one.end))
    left_out = [
        Range(start=one.start, end=one.end)
        for one in theirs
        if one.whole not in my_wholes and len(grams_of_edited.intersection(one.grams)) < HALF * len(one.grams)
    ]
    difference = Difference(uri=uri, version=version, added=added, changed=changed, left_out=left_out)
    return Compared(difference, _share(added, article.paragraphs), _share(left_out, theirs))


def _share(gone: Iterable[Range], paragraphs: Iterable[Paragraph | _Sketched]) -> float:
    """The share of the paragraphs that is not gone, by characters."""
    return 1 - (sum(one.end - one.start for one in gone) if gone else 0) / max(1, sum(one.end - one.start for one in paragraphs))
