"""Which articles hold a given hash: compact, in memory, exact.

The newest articles are in a dict; every `_FRESH` of them become a *segment*, sorted and packed at 4 bytes a hash; neighbouring
segments of like size are merged, so that there are few of them (a log-structured merge tree, O'Neil et al. 1996).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from processors.dedupe.fingerprint import Hashes

Numbers = npt.NDArray[np.int64]
Postings = npt.NDArray[np.uint64]
"""Pairs of a hash (upper 32 bits) and an article's offset (lower 32 bits)."""

_FRESH = 512
_LARGEST = 131_072
"""Articles in a segment at most: bounds the memory and the pause of a merge."""
_PIECE = 4096
"""Articles that `fill` takes at once: bounds the memory that it needs."""
_IN_BUCKET = 8
"""Hashes in a bucket at most, on average: what a look-up reads for each hash and segment."""
_PART_BITS = 4
"""A segment is written in so many parts (2 to the power of this), by the first bits of the hash."""
_OFFSET = np.uint64(0xFFFFFFFF)


class Index:
    """Hashes of articles that are known by a number. Numbers are given in ascending order."""

    def __init__(self) -> None:
        self._fresh: dict[int, int] = {}
        """The first of the newest articles that holds the hash; the others are in `_more`."""
        self._more: dict[int, list[int]] = {}
        self._fresh_numbers: list[int] = []
        self._fresh_hashes: list[Hashes] = []
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

    def add(self, number: int, hashes: Hashes) -> None:
        """Hold an article. Its `number` is greater than all before."""
        if not self._fresh_numbers and not self._segments:
            self._first = number
        at = number - self._first
        if at >= len(self._live):
            self._live = np.concatenate((self._live, np.zeros(max(at + 1, len(self._live)), np.bool_)))
        self._live[at] = True
        self._fresh_numbers.append(number)
        self._fresh_hashes.append(hashes)
        values = hashes.tolist()
        again = self._fresh.keys() & values
        self._fresh.update(dict.fromkeys((value for value in values if value not in again) if again else values, number))
        for value in again:
            self._more.setdefault(value, []).append(number)
        if len(self._fresh_numbers) == _FRESH:
            self._settle()

    def fill(self, articles: Sequence[tuple[int, Hashes]]) -> None:
        """Hold many articles, in ascending order, in an index that is empty: the same as `add`, ten times as fast."""
        assert not self._segments
        assert not self._fresh_numbers
        packed = len(articles) - len(articles) % _FRESH
        if packed:
            self._first = articles[0][0]
            self._live = np.zeros(articles[packed - 1][0] - self._first + 1, np.bool_)
            self._live[[number - self._first for number, _ in articles[:packed]]] = True
        for start in range(0, packed, _LARGEST):
            end = min(start + _LARGEST, packed)
            pieces = [articles[at : min(at + _PIECE, end)] for at in range(start, end, _PIECE)]
            sources = [_Fresh([number for number, _ in piece], [hashes for _, hashes in piece]) for piece in pieces]
            self._segments.append(self._written(sources))
        for number, hashes in articles[packed:]:
            self.add(number, hashes)

    def discard(self, number: int) -> None:
        """Hold the article no more. Its memory is given back when its segment is next written or dropped."""
        at = number - self._first
        if 0 <= at < len(self._live):
            self._live[at] = False

    def hits(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """Every pair of a hash and an article that holds it: (position in `hashes`, number of the article)."""
        positions: list[Numbers] = []
        numbers: list[Numbers] = []
        values = hashes.tolist()
        fresh = [(at, self._fresh[value]) for at, value in enumerate(values) if value in self._fresh]
        fresh += [(at, number) for at, value in enumerate(values) if value in self._more for number in self._more[value]]
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
        self._segments.append(self._written([_Fresh(self._fresh_numbers, self._fresh_hashes)]))
        self._fresh, self._more, self._fresh_numbers, self._fresh_hashes = {}, {}, [], []
        kept: list[_Segment] = []
        for segment in self._segments:
            held = int(np.count_nonzero(self._live[segment.first - self._first : segment.last + 1 - self._first]))
            if 0 < held < segment.articles // 2:
                kept.append(self._written([segment]))
            elif held:
                kept.append(segment)
            while len(kept) > 1 and _are_alike(kept[-2], kept[-1]):
                kept[-2:] = [self._written(kept[-2:])]
        self._segments = kept
        gone = (kept[0].first if kept else self._first) - self._first
        if gone > len(self._live) // 2:
            self._live = self._live[gone:].copy()
            self._first += gone

    def _written(self, sources: Sequence[_Fresh | _Segment]) -> _Segment:
        """A segment of what is still held of neighbouring sources."""
        return _Segment(sources, self._live[sources[0].first - self._first : sources[-1].last + 1 - self._first])


def _are_alike(left: _Segment, right: _Segment) -> bool:
    """Whether the two are to be merged: each posting is then copied a logarithm of times."""
    return left.articles <= right.articles <= _LARGEST - left.articles


class _Fresh:
    """The newest articles as the source of a segment."""

    def __init__(self, numbers: list[int], hashes: list[Hashes]) -> None:
        self.first, self.last = numbers[0], numbers[-1]
        offsets = np.repeat(np.array(numbers, np.uint64) - np.uint64(self.first), [len(each) for each in hashes])
        self._postings: Postings = (np.concatenate(hashes).astype(np.uint64) << np.uint64(32)) | offsets

    def __len__(self) -> int:
        return len(self._postings)

    def postings(self, part: int) -> Postings:
        """As `_Segment.postings`, in any order."""
        postings: Postings = self._postings[self._postings >> np.uint64(64 - _PART_BITS) == part]
        return postings


class _Segment:
    """Hashes of the articles `first` to `last`, immutable.

    A hash's upper `bits` bits name its bucket, whose start `_starts` gives; what remains of the hash and the article's offset
    from `first` share 32 bits, ascending within the bucket.
    """

    def __init__(self, sources: Sequence[_Fresh | _Segment], live: npt.NDArray[np.bool_]) -> None:
        """Of the sources, whose articles follow each other, what is live: `live[n]` says whether article `first + n` is held.

        Written part by part: the work needs a fraction of the memory of the result.
        """
        self.first: int = sources[0].first
        self.last: int = sources[-1].last
        self.articles = int(np.count_nonzero(live))
        size = sum(map(len, sources))
        self._bits = min(max((size // _IN_BUCKET).bit_length(), (self.last - self.first).bit_length(), _PART_BITS), 31)
        packed = np.empty(size, np.uint32)
        starts = np.empty((1 << self._bits) + 1, np.uint32)
        buckets = 1 << (self._bits - _PART_BITS)
        end = 0
        for part in range(1 << _PART_BITS):
            postings = np.concatenate([each.postings(part) + np.uint64(each.first - self.first) for each in sources])
            postings = postings[live[(postings & _OFFSET).astype(np.int64)]]
            postings.sort()
            bounds = np.arange(part * buckets, (part + 1) * buckets, dtype=np.uint64) << np.uint64(64 - self._bits)
            starts[part * buckets : (part + 1) * buckets] = np.searchsorted(postings, bounds) + end
            packed[end : end + len(postings)] = (postings >> np.uint64(32) << np.uint64(self._bits)) | (postings & _OFFSET)
            end += len(postings)
        starts[-1] = end
        self._starts, self._packed = starts, packed if end == size else packed[:end].copy()

    def __len__(self) -> int:
        return len(self._packed)

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

    def postings(self, part: int) -> Postings:
        """The pairs of the hashes that begin with the bits `part`: hash in the upper, offset in the lower 32 bits; ascending."""
        buckets = np.arange(1 << (self._bits - _PART_BITS), dtype=np.uint64) + np.uint64(part << (self._bits - _PART_BITS))
        starts = self._starts[int(buckets[0]) : int(buckets[-1]) + 2]
        packed = self._packed[starts[0] : starts[-1]].astype(np.uint64)
        bits = np.uint64(self._bits)
        upper = np.repeat(buckets, starts[1:] - starts[:-1]) << (np.uint64(64) - bits)
        postings: Postings = upper | (packed >> bits << np.uint64(32)) | (packed & ((np.uint64(1) << bits) - np.uint64(1)))
        return postings
