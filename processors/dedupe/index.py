"""Which articles hold a given hash: compact, in memory, exact.

The newest articles are in a dict; every `_FRESH` of them become a *segment*, sorted and packed at 4 bytes a hash; neighbouring
segments of like size are merged (a log-structured merge tree, O'Neil et al. 1996), a part at each article that comes, so that no
article waits for a merge. The greatest have a share of the articles each: they grow old whole and are dropped whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
import numpy.typing as npt

from processors.dedupe.fingerprint import OPENING_BIT, Hashes, anywhere, is_opening
from processors.dedupe.segments import Fresh, Merge, Numbers, Segment

__all__ = ["Index", "Numbers"]

_FRESH = 512
_LARGEST = 32_768
"""Articles in a segment at most, or if that is more:"""
_LARGEST_SHARE = 8
"""this part of all. Bounds the number of segments, and what is kept of articles that have expired."""
_PIECE = 4096
"""Articles that `fill` takes at once: bounds the memory that it needs."""
_COPIES = 16
"""Hashes that merges copy for each that comes: twice the merges that it goes through among a million articles."""

Hits = tuple[Numbers, Numbers, npt.NDArray[np.bool_]]
"""Pairs of a hash and an article that holds it: (position of the hash, number of the article, whether in the article's opening)."""


class Index:
    """Hashes of articles that are known by a number. Numbers are given in ascending order.

    A hash may carry the mark of the opening, which is remembered and does not tell hashes apart.
    """

    def __init__(self) -> None:
        self._fresh: dict[int, int] = {}
        """The first of the newest articles that holds the hash; the others are in `_more`."""
        self._more: dict[int, list[int]] = {}
        self._fresh_hashes: dict[int, Hashes] = {}
        """The newest articles."""
        self._openings: dict[int, set[int]] = {}
        """The marked hashes of those of them that were found."""
        self._segments: list[Segment] = []
        self._merges: list[Merge] = []
        self._owed = 0
        """Hashes that merges are to copy."""
        self._first = 0
        self._live = np.zeros(1024, np.bool_)
        """Whether number `_first + n` is held."""
        self._arrange()

    def __len__(self) -> int:
        return int(np.count_nonzero(self._live))

    @property
    def size_bytes(self) -> int:
        """Memory of the segments and the table of numbers, without the newest few articles and unfinished merges."""
        return self._live.nbytes + sum(segment.size_bytes for segment in self._segments)

    def add(self, number: int, hashes: Hashes) -> None:
        """Hold an article. Its `number` is greater than all before."""
        if not self._fresh_hashes and not self._segments:
            self._first = number
        self._reach(number)
        self._live[number - self._first] = True
        self._fresh_hashes[number] = hashes
        new = dict.fromkeys(anywhere(hashes).tolist(), number)
        if again := self._fresh.keys() & new.keys():
            for value in again:
                self._more.setdefault(value, []).append(number)
                del new[value]
        self._fresh.update(new)
        if len(self._fresh_hashes) == _FRESH:
            self._settle()
        self._owed += _COPIES * len(hashes)
        while self._merges and self._owed > 0:
            self._merge()
        self._owed = min(self._owed, 0)

    def fill(self, count: int, articles: Iterator[tuple[int, Hashes]]) -> None:
        """Hold many articles, about `count`, in ascending order, in an index that is empty: as `add`, ten times as fast."""
        assert not self._segments
        assert not self._fresh_hashes
        in_segment = max(_LARGEST, count // _LARGEST_SHARE)
        pieces: list[Fresh] = []
        while piece := dict(islice(articles, _PIECE)):
            numbers = np.array(list(piece))
            if not pieces and not self._segments:
                self._first = int(numbers[0])
            self._reach(int(numbers[-1]))
            self._live[numbers - self._first] = True
            pieces.append(Fresh(piece))
            if len(pieces) * _PIECE >= in_segment:
                self._segments.append(self._written(Merge(pieces)))
                pieces = []
        if pieces:
            self._segments.append(self._written(Merge(pieces)))
        self._begin_merges()
        self._arrange()

    def discard(self, number: int) -> None:
        """Hold the article no more. Its memory is given back when its segment is next written or dropped."""
        at = number - self._first
        if 0 <= at < len(self._live):
            self._live[at] = False

    def hits(self, hashes: Hashes) -> Hits:
        """Every pair of a hash (given without a mark) and an article that holds it."""
        found = []
        if self._segments and len(hashes) and (in_segments := self._in_segments(hashes)) is not None:
            found.append(in_segments)
        values = hashes.tolist()
        if fresh := self._fresh.keys() & values:
            found.append(self._in_fresh(values, fresh))
        if not found:
            return _NO_HITS
        positions, numbers, marks = found[0] if len(found) == 1 else map(np.concatenate, zip(*found, strict=True))
        held = self._live[numbers - self._first]
        return positions[held], numbers[held], marks[held]

    def _in_fresh(self, values: list[int], fresh: set[int]) -> Hits:
        found = [(at, self._fresh[value]) for at, value in enumerate(values) if value in fresh]
        found += [(at, number) for at, value in enumerate(values) if value in fresh for number in self._more.get(value, ())]
        for number in {number for _, number in found} - self._openings.keys():
            hashes = self._fresh_hashes[number]
            self._openings[number] = set(anywhere(hashes[is_opening(hashes)]).tolist())
        marks = [values[at] in self._openings[number] for at, number in found]
        pairs = np.array(found, np.int64)
        return pairs[:, 0], pairs[:, 1], np.array(marks, np.bool_)

    def _in_segments(self, hashes: Hashes) -> Hits | None:
        """Each step takes all segments at once: what it costs hardly depends on how much it does."""
        width = len(hashes)
        asked = (hashes.astype(np.int64) >> self._shifts) + _BOTH_ENDS
        bounds = np.empty(asked.shape, self._starts_type)
        for segment, buckets, found in zip(self._segments, asked, bounds, strict=True):
            found[:] = segment.starts.take(buckets, mode="clip")
        asked >>= self._in_part
        asked += self._first_parts
        starts, stops = (self._part_starts.take(asked) + bounds).swapaxes(0, 1).reshape(2, -1)
        lengths = stops - starts
        ends = lengths.cumsum()
        cuts = ends[width - 1 :: width]
        # Where each candidate lies: the buckets' ranges one after the other.
        starts -= ends
        starts += lengths
        places = starts.repeat(lengths)
        places += np.arange(len(places))
        packed, left = np.empty(len(places), np.uint32), (hashes << self._bits).ravel().repeat(lengths)
        at = 0
        for segment, end in zip(self._segments, cuts.tolist(), strict=True):
            segment.packed.take(places[at:end], out=packed[at:end], mode="clip")
            at = end
        packed ^= left  # what is left of the hash is zero where it is equal
        left = self._hash_bits.ravel().repeat(lengths.reshape(-1, width).sum(axis=1))
        left &= packed
        equal = (left == 0).nonzero()[0]
        if not len(equal):
            return None
        in_segment = cuts.searchsorted(equal, side="right")
        packed, bits = packed[equal], self._bits[in_segment, 0]
        offsets = packed & ((np.uint32(1) << bits) - np.uint32(1))
        return ends.searchsorted(equal, side="right") % width, offsets + self._firsts[in_segment], packed >> bits != 0

    def _arrange(self) -> None:
        """What `_in_segments` needs to know of the segments."""
        self._bits = np.array([[segment.bits] for segment in self._segments], np.uint32).reshape(-1, 1)
        self._hash_bits = ~(((np.uint32(1) << self._bits) - np.uint32(1)) | (OPENING_BIT << self._bits))
        self._shifts = 32 - self._bits.astype(np.int64)[:, np.newaxis]
        self._firsts = np.array([segment.first for segment in self._segments], np.int64)
        self._starts_type = np.result_type(np.uint16, *(segment.starts for segment in self._segments))
        self._in_part = np.array([segment.bits - segment.part_bits for segment in self._segments]).reshape(-1, 1, 1)
        parts = [segment.part_starts for segment in self._segments]
        self._first_parts = np.cumsum([0, *map(len, parts)])[:-1].reshape(-1, 1, 1)
        self._part_starts = np.concatenate([_NO_HITS[0], *parts])

    def _reach(self, number: int) -> None:
        """Have room to say whether the number is held."""
        at = number - self._first
        if at >= len(self._live):
            self._live = np.concatenate((self._live, np.zeros(max(at + 1 - len(self._live), len(self._live)), np.bool_)))

    @property
    def _largest(self) -> int:
        return max(_LARGEST, int(np.count_nonzero(self._live)) // _LARGEST_SHARE)

    def _held(self, source: Segment | Merge) -> npt.NDArray[np.bool_]:
        return self._live[source.first - self._first : source.last + 1 - self._first]

    def _written(self, merge: Merge) -> Segment:
        while (segment := merge.step(self._held(merge))) is None:
            pass
        return segment

    def _settle(self) -> None:
        """Make a segment of the newest articles, drop what is held no more, begin the merges that are due."""
        self._segments.append(self._written(Merge([Fresh(self._fresh_hashes)])))
        self._fresh, self._more, self._fresh_hashes, self._openings = {}, {}, {}, {}
        merging = {segment for merge in self._merges for segment in merge.sources}
        self._segments = [each for each in self._segments if each in merging or self._held(each).any()]
        self._begin_merges()
        self._arrange()
        gone = (self._segments[0].first if self._segments else self._first) - self._first
        if gone > len(self._live) // 2:
            self._live = self._live[gone:].copy()
            self._first += gone

    def _begin_merges(self) -> None:
        merging = {segment for merge in self._merges for segment in merge.sources}
        for sources in self._due(self._largest):
            if merging.isdisjoint(sources):
                self._merges.append(Merge(sources))
                merging.update(sources)
        self._merges.sort(key=lambda merge: merge.first)

    def _due(self, largest: int) -> Iterator[list[Segment]]:
        """Neighbours of like size, so that each posting is copied a logarithm of times; and segments that have lost most."""
        for n in range(len(self._segments) - 1, -1, -1):
            right = self._segments[n]
            if n and self._segments[n - 1].articles <= right.articles <= largest - self._segments[n - 1].articles:
                yield [self._segments[n - 1], right]
            elif 2 * int(np.count_nonzero(self._held(right))) < right.articles:
                yield [right]

    def _merge(self) -> None:
        """Go on with the merge of the newest articles: the small ones come often."""
        merge = self._merges[-1]
        self._owed -= merge.in_step
        if (segment := merge.step(self._held(merge))) is not None:
            self._merges.pop()
            others = (each for each in self._segments if each not in merge.sources)
            self._segments = sorted((*others, *([segment] if segment.articles else [])), key=lambda each: each.first)
            self._begin_merges()
            self._arrange()


_BOTH_ENDS = np.array([[0], [1]])
"""A bucket ends where the next one begins."""
_NO_HITS: Hits = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_)
