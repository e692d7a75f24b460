"""A sorted, packed, immutable piece of the index, and how it is written from others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from processors.dedupe.fingerprint import Hashes

Numbers = npt.NDArray[np.int64]
Postings = npt.NDArray[np.uint64]
"""Pairs of a hash (upper 32 bits) and an article's offset (lower 32 bits)."""

_IN_BUCKET = 16
"""Hashes in a bucket at most, on average: what a look-up reads for each hash and segment."""
_IN_PART = 32_768
"""Hashes that a step writes at most, on average: about a millisecond."""
_MOST_BITS = 30
_OFFSET = np.uint64(0xFFFFFFFF)


class Fresh:
    """The newest articles as the source of a segment."""

    bits = 32

    def __init__(self, articles: dict[int, Hashes]) -> None:
        numbers = np.array(list(articles), np.uint64)
        self.first, self.last = int(numbers[0]), int(numbers[-1])
        offsets = np.repeat(numbers - numbers[0], [len(each) for each in articles.values()])
        self._postings: Postings = (np.concatenate(list(articles.values())).astype(np.uint64) << np.uint64(32)) | offsets
        self._postings.sort()

    def __len__(self) -> int:
        return len(self._postings)

    def postings(self, part: int, bits: int) -> Postings:
        """As `Segment.postings`."""
        bounds = [np.uint64(n << (64 - bits)) for n in (part, part + 1) if n < 1 << bits]
        start, *end = np.searchsorted(self._postings, np.array(bounds, np.uint64)).tolist()
        return self._postings[start : end[0] if end else None]


class Segment:
    """Hashes of the articles `first` to `last`.

    A hash's upper `bits` bits name its bucket, whose start in `packed` `starts` gives; what remains of the hash and the article's
    offset from `first` share 32 bits, ascending within the bucket.
    """

    def __init__(
        self, first: int, last: int, articles: int, bits: int, starts: npt.NDArray[np.uint32], packed: npt.NDArray[np.uint32]
    ) -> None:
        self.first, self.last, self.articles, self.bits, self.starts, self.packed = first, last, articles, bits, starts, packed

    def __len__(self) -> int:
        return len(self.packed)

    @property
    def size_bytes(self) -> int:
        return self.starts.nbytes + self.packed.nbytes

    def postings(self, part: int, bits: int) -> Postings:
        """The pairs of the hashes whose first `bits` bits are `part`, ascending."""
        buckets = np.arange(part << (self.bits - bits), (part + 1) << (self.bits - bits), dtype=np.uint64)
        starts = self.starts[int(buckets[0]) : int(buckets[-1]) + 2]
        packed = self.packed[starts[0] : starts[-1]].astype(np.uint64)
        own = np.uint64(self.bits)
        upper = np.repeat(buckets, starts[1:] - starts[:-1]) << (np.uint64(64) - own)
        postings: Postings = upper | (packed >> own << np.uint64(32)) | (packed & ((np.uint64(1) << own) - np.uint64(1)))
        return postings


class Merge:
    """Writes a segment of what is held of neighbouring sources, step by step."""

    def __init__(self, sources: Sequence[Fresh | Segment]) -> None:
        self.sources = sources
        self.first, self.last = sources[0].first, sources[-1].last
        size = sum(map(len, sources))
        bits = max((size // _IN_BUCKET).bit_length(), (self.last - self.first).bit_length())
        self._part_bits = min((size // _IN_PART).bit_length(), *(source.bits for source in sources))
        self._bits = min(max(bits, self._part_bits), _MOST_BITS)
        self.in_step = max(size >> self._part_bits, 1)
        """Hashes that a step copies, on average."""
        self._packed = np.empty(size, np.uint32)
        self._starts = np.empty((1 << self._bits) + 1, np.uint32)
        self._starts[0] = 0
        self._part = self._end = 0

    def step(self, live: npt.NDArray[np.bool_]) -> Segment | None:
        """Write the next part: the segment when it was the last. `live[n]`: whether article `first + n` is held."""
        parts = [each.postings(self._part, self._part_bits) + np.uint64(each.first - self.first) for each in self.sources]
        postings = np.concatenate(parts)
        postings = postings[live[(postings & _OFFSET).astype(np.int64)]]
        postings.sort()
        bits, end = np.uint64(self._bits), self._end + len(postings)
        self._packed[self._end : end] = (postings >> np.uint64(32) << bits) | (postings & _OFFSET)
        buckets = 1 << (self._bits - self._part_bits)
        at = self._part * buckets
        counts = np.bincount((postings >> (np.uint64(64) - bits)).astype(np.int64) - at, minlength=buckets)
        self._starts[at + 1 : at + buckets + 1] = np.cumsum(counts) + self._end
        self._part, self._end = self._part + 1, end
        if self._part < 1 << self._part_bits:
            return None
        self._packed.resize(end, refcheck=False)  # in place: nothing is copied
        return Segment(self.first, self.last, int(np.count_nonzero(live)), self._bits, self._starts, self._packed)
