"""A sorted, packed, immutable piece of the index, and how it is written from others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from processors.dedupe.fingerprint import Hashes

Numbers = npt.NDArray[np.int64]
Starts = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Postings = npt.NDArray[np.uint64]
"""Pairs of a hash (upper 32 bits) and an article's offset (lower 32 bits)."""

_IN_BUCKET = 4
"""Hashes in a bucket at most, on average: what a look-up reads for each hash and segment."""
_IN_PART = 32_768
"""Hashes that a step writes at most, on average: about a millisecond. Less than 16 bits can count."""
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
        self._postings.sort(kind="stable")

    def __len__(self) -> int:
        return len(self._postings)

    def postings(self, part: int, bits: int) -> Postings:
        """As `Segment.postings`."""
        bounds = [np.uint64(n << (64 - bits)) for n in (part, part + 1) if n < 1 << bits]
        start, *end = np.searchsorted(self._postings, np.array(bounds, np.uint64)).tolist()
        return self._postings[start : end[0] if end else None]


class Segment:
    """Hashes of the articles `first` to `last`.

    A hash's upper `bits` bits name its bucket, and their upper `part_bits` bits its part. Where a bucket begins in `packed` is said
    from where its part begins (`starts`; `part_starts`), in 16 bits where they suffice. What remains of the hash and the article's
    offset from `first` share 32 bits, ascending within the bucket.
    """

    def __init__(self, merge: Merge, articles: int) -> None:
        self.first, self.last, self.articles = merge.first, merge.last, articles
        self.bits, self.part_bits = merge.bits, merge.part_bits
        self.part_starts, self.starts, self.packed = merge.part_starts, merge.starts, merge.packed

    def __len__(self) -> int:
        return len(self.packed)

    @property
    def size_bytes(self) -> int:
        return self.part_starts.nbytes + self.starts.nbytes + self.packed.nbytes

    def postings(self, part: int, bits: int) -> Postings:
        """The pairs of the hashes whose first `bits` bits are `part`, ascending."""
        first, end = (n << (self.bits - bits) for n in (part, part + 1))
        buckets = np.arange(first, end + 1)
        starts = self.part_starts[buckets >> (self.bits - self.part_bits)] + self.starts[first : end + 1]
        packed = self.packed[starts[0] : starts[-1]].astype(np.uint64)
        own = np.uint64(self.bits)
        upper = buckets[:-1].astype(np.uint64).repeat(np.diff(starts)) << (np.uint64(64) - own)
        postings: Postings = upper | (packed >> own << np.uint64(32)) | (packed & ((np.uint64(1) << own) - np.uint64(1)))
        return postings


class Merge:
    """Writes a segment of what is held of neighbouring sources, step by step."""

    def __init__(self, sources: Sequence[Fresh | Segment]) -> None:
        self.sources = sources
        self.first: int = sources[0].first
        self.last: int = sources[-1].last
        size = sum(map(len, sources))
        bits = max((size // _IN_BUCKET).bit_length(), (self.last - self.first).bit_length())
        self.part_bits: int = min((size // _IN_PART).bit_length(), *(source.bits for source in sources))
        self.bits: int = min(max(bits, self.part_bits), _MOST_BITS)
        self.in_step = max(size >> self.part_bits, 1)
        """Hashes that a step copies, on average."""
        self.packed: npt.NDArray[np.uint32] = np.empty(size, np.uint32)
        self.part_starts: npt.NDArray[np.uint32] = np.zeros((1 << self.part_bits) + 1, np.uint32)
        self.starts: Starts = np.zeros((1 << self.bits) + 1, np.uint16)
        self.part = 0

    def step(self, live: npt.NDArray[np.bool_]) -> Segment | None:
        """Write the next part: the segment when it was the last. `live[n]`: whether article `first + n` is held."""
        parts = [each.postings(self.part, self.part_bits) + np.uint64(each.first - self.first) for each in self.sources]
        postings = np.concatenate(parts)
        postings = postings[live[(postings & _OFFSET).astype(np.int64)]]
        postings.sort(kind="stable")  # which merges what is in order already: a tenth of the time
        bits, start = np.uint64(self.bits), int(self.part_starts[self.part])
        end = start + len(postings)
        self.packed[start:end] = (postings >> np.uint64(32) << bits) | (postings & _OFFSET)
        buckets = 1 << (self.bits - self.part_bits)
        at = self.part * buckets
        counts = np.bincount((postings >> (np.uint64(64) - bits)).astype(np.int64) - at, minlength=buckets)
        if len(postings) > np.iinfo(self.starts.dtype).max:
            self.starts = self.starts.astype(np.uint32)
        counts[:-1].cumsum(out=self.starts[at + 1 : at + buckets])
        self.part += 1
        self.part_starts[self.part] = end
        if self.part < 1 << self.part_bits:
            return None
        self.packed.resize(end, refcheck=False)  # in place: nothing is copied
        return Segment(self, int(np.count_nonzero(live)))
