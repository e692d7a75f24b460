"""What a text adds to another one and what it leaves out, paragraph by paragraph, although nobody keeps the other text.

Of each paragraph an article's *outline* keeps where it stands and a *sketch*, in 16 bits each: a hash of all its words, and word
5-grams of it at even distances. What two sketches do not tell is told by the text of the later article, which is there.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

import numpy as np

from processors.dedupe.fingerprint import GRAM_WORDS, Words, facts_of, grams_of, is_sampled
from processors.dedupe.matching import Match, stand_in
from processors.text import TextView
from schemas import CleanArticle, Difference, Paragraph, Range

EVERY = 128
"""Characters of the body for each 5-gram of a sketch, after the first two: one changed word does not hide a paragraph."""
MOST_PARAGRAPHS = 512
"""What comes after is neither added nor left out: bounds what is remembered and what a decision takes."""
_HALF_A_HASH = np.uint32(16)
HALF = 0.5
"""A paragraph stands in the other text where at least so much of what is known of it does."""


class _Sketched(NamedTuple):
    start: int
    end: int
    sketch: list[int]

    @property
    def whole(self) -> int:
        return self.sketch[0]

    @property
    def grams(self) -> list[int]:
        return self.sketch[1:]


def described(view: TextView) -> tuple[list[int], list[Paragraph]]:
    """The fingerprint of a clean text, and its paragraphs as they stand in the body."""
    words = Words.of(view.text)
    halves = (words.grams >> _HALF_A_HASH).tolist()
    paragraphs = []
    for n, (start, end) in enumerate(words.paragraphs[:MOST_PARAGRAPHS]):
        start, end = view.range(start, end)
        hashed = words.paragraph(n)
        own = halves[words.bounds[n] : max(0, words.bounds[n + 1] - GRAM_WORDS + 1)] or (grams_of(hashed) >> _HALF_A_HASH).tolist()
        count = _sketch_length(end - start) - 1
        spread = (own[(2 * at + 1) * len(own) // (2 * count)] for at in range(count))
        whole = crc32(hashed.tobytes()) & 0xFFFF
        paragraphs.append(Paragraph(start=start, end=end, sketch=[whole, *spread]))
    return words.fingerprint, paragraphs


def _sketch_length(chars: int) -> int:
    return 3 + chars // EVERY


def packed(paragraphs: Iterable[Paragraph]) -> bytes:
    """The outline to remember: about 12 bytes a paragraph. Paragraphs that another release sketched are left out."""
    outline, at = bytearray(), 0
    for paragraph in paragraphs:
        length = paragraph.end - paragraph.start
        if paragraph.start < at or len(paragraph.sketch) != _sketch_length(length):
            continue
        for number in (paragraph.start - at, length):
            while number > 0x7F:
                outline.append(number & 0x7F | 0x80)
                number >>= 7
            outline.append(number)
        outline += array("H", paragraph.sketch).tobytes()
        at = paragraph.end
    return bytes(outline)


def _unpacked(outline: bytes) -> Iterator[_Sketched]:
    at = end = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = outline[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte <= 0x7F:
                return value

    while at < len(outline):
        start = end + number()
        end = start + number()
        size = 2 * _sketch_length(end - start)
        yield _Sketched(start, end, array("H", outline[at : at + size]).tolist())
        at += size


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
    theirs = list(_unpacked(outline))
    my_wholes, their_wholes = {one.sketch[0] for one in article.paragraphs}, {one.whole for one in theirs}
    their_grams = {gram for one in theirs for gram in one.grams}
    edited = [one for one in article.paragraphs if one.sketch[0] not in their_wholes]
    view = TextView(article.body, article.removed, article.repaired)
    added, changed, grams_of_edited = [], [], set[int]()
    for one in edited:
        hashed = Words.of(view.reading(one.start, one.end)).hashed
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
    return 1 - sum(one.end - one.start for one in gone) / max(1, sum(one.end - one.start for one in paragraphs))
