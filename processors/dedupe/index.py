"""Which articles hold a given hash: compact, in memory, exact.

The newest articles are in a dict; every `_FRESH` of them become a *segment*, sorted and packed at 4 bytes a hash; neighbouring
segments of like size are merged, so that there are few of them (a log-structured merge tree, O'Neil et al. 1996).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from processors.dedupe.fingerprint import Hashes

Numbers = npt.NDArray[np.int64]

_FRESH = 512
_LARGEST = 131_072
"""Articles in a segment at most: bounds the memory and the pause of a merge."""
_IN_BUCKET = 4
"""Hashes in a bucket on average: what a look-up reads for each hash and segment."""


class Index:
    """Hashes of articles that are known by a number. Numbers are given in ascending order."""

    def __init__(self) -> None:
        self._fresh: dict[int, list[int]] = {}
        self._fresh_numbers: list[int] = []
        self._segments: list[_Segment] = []
        self._first = 0
        self._live = np.zeros(1024, np.bool_)
        """Whether number `_first + n` is held."""

    def __len__(self) -> int:
        return int(np.count_nonzero(self._live))

    @property
    def size_bytes(self) -> int:
        """Memory of the segments and the table of numbers, without the newest few articles."""
        return self._live.nbytes + sum(segment.size_bytes for segment in self._segments)

    def add(self, number: int, hashes: Iterable[int]) -> None:
        """Hold an article. Its `number` is greater than all before."""
        if not self._fresh_numbers and not self._segments:
            self._first = number
        at = number - self._first
        if at >= len(self._live):
            self._live = np.concatenate((self._live, np.zeros(max(at + 1, len(self._live)), np.bool_)))
        self._live[at] = True
        self._fresh_numbers.append(number)
        for value in hashes:
            self._fresh.setdefault(value, []).append(number)
        if len(self._fresh_numbers) == _FRESH:
            self._settle()

    def discard(self, number: int) -> None:
        """Hold the article no more. Its memory is given back when its segment is next written or dropped."""
        at = number - self._first
        if 0 <= at < len(self._live):
            self._live[at] = False

    def hits(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """Every pair of a hash and an article that holds it: (position in `hashes`, number of the article)."""
        positions: list[Numbers] = []
        numbers: list[Numbers] = []
        fresh = [(at, number) for at, value in enumerate(hashes.tolist()) for number in self._fresh.get(value, ())]
        if fresh:
            pairs = np.array(fresh, np.int64)
            positions.append(pairs[:, 0])
            numbers.append(pairs[:, 1])
        for segment in self._segments:
            at, found = segment.hits(hashes)
            if len(found):
                positions.append(at)
                numbers.append(found)
        if not numbers:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        at, found = np.concatenate(positions), np.concatenate(numbers)
        held = self._live[found - self._first]
        return at[held], found[held]

    def _settle(self) -> None:
        """Make a segment of the newest articles, drop what is held no more, merge what is of like size."""
        keys = np.fromiter((value for value, found in self._fresh.items() for _ in found), np.uint64)
        numbers = np.fromiter((number for found in self._fresh.values() for number in found), np.int64, len(keys))
        self._segments.append(self._written([(keys, numbers)], self._fresh_numbers[0], self._fresh_numbers[-1]))
        self._fresh, self._fresh_numbers = {}, []
        kept: list[_Segment] = []
        for segment in self._segments:
            held = int(np.count_nonzero(self._live[segment.first - self._first : segment.last + 1 - self._first]))
            if 0 < held < segment.articles // 2:
                kept.append(self._written([segment.postings()], segment.first, segment.last))
            elif held:
                kept.append(segment)
            while len(kept) > 1 and _are_alike(kept[-2], kept[-1]):
                right, left = kept.pop(), kept.pop()
                kept.append(self._written([left.postings(), right.postings()], left.first, right.last))
        self._segments = kept
        gone = (kept[0].first if kept else self._first) - self._first
        if gone > len(self._live) // 2:
            self._live = self._live[gone:].copy()
            self._first += gone

    def _written(self, parts: list[tuple[npt.NDArray[np.uint64], Numbers]], first: int, last: int) -> _Segment:
        """A segment of what is still held of the parts."""
        combined = np.concatenate([(keys << np.uint64(32)) | (numbers - first).astype(np.uint64) for keys, numbers in parts])
        offsets = (combined & np.uint64(0xFFFFFFFF)).astype(np.int64)
        combined = combined[self._live[offsets + (first - self._first)]]
        combined.sort()
        held = int(np.count_nonzero(self._live[first - self._first : last + 1 - self._first]))
        return _Segment(combined, first, last, held)


def _are_alike(left: _Segment, right: _Segment) -> bool:
    """Whether the two are to be merged: each posting is then copied a logarithm of times."""
    return left.articles <= right.articles <= _LARGEST - left.articles


class _Segment:
    """Hashes of the articles `first` to `last`, immutable.

    A hash's upper `bits` bits name its bucket, whose start `_starts` gives; what remains of the hash and the article's offset
    from `first` share 32 bits, ascending within the bucket.
    """

    def __init__(self, combined: npt.NDArray[np.uint64], first: int, last: int, articles: int) -> None:
        """`combined`: hash in the upper, offset in the lower 32 bits; ascending. `articles`: how many are held."""
        self.first, self.last, self.articles = first, last, articles
        self._bits = min(max((len(combined) // _IN_BUCKET).bit_length(), (last - first).bit_length(), 1), 31)
        keys = (combined >> np.uint64(32)).astype(np.uint32)
        ends = np.arange(1 << self._bits, dtype=np.uint64) << np.uint64(64 - self._bits)
        self._starts = np.append(np.searchsorted(combined, ends), len(combined)).astype(np.uint32)
        self._packed = (keys << np.uint32(self._bits)) | combined.astype(np.uint32)

    @property
    def size_bytes(self) -> int:
        return self._starts.nbytes + self._packed.nbytes

    def hits(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """As `Index.hits`."""
        bits = np.uint32(self._bits)
        buckets = hashes >> (np.uint32(32) - bits)
        starts = self._starts[buckets].astype(np.int64)
        lengths = self._starts[buckets + np.uint32(1)] - starts
        positions = np.repeat(np.arange(len(hashes)), lengths)
        # Where each candidate lies: the buckets' ranges one after the other.
        packed = self._packed[np.arange(len(positions)) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)]
        equal = np.flatnonzero(((packed >> bits) << bits) == (hashes << bits)[positions])
        return positions[equal], (packed[equal] & ((np.uint32(1) << bits) - np.uint32(1))).astype(np.int64) + self.first

    def postings(self) -> tuple[npt.NDArray[np.uint64], Numbers]:
        """All pairs: (hash, number of the article)."""
        upper = np.repeat(np.arange(1 << self._bits, dtype=np.uint64), self._starts[1:] - self._starts[:-1])
        keys = (upper << np.uint64(32 - self._bits)) | (self._packed >> np.uint32(self._bits)).astype(np.uint64)
        return keys, (self._packed & np.uint32((1 << self._bits) - 1)).astype(np.int64) + self.first
