"""What is remembered of the articles of one language, for how long, and as which state records."""

from __future__ import annotations

from array import array
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from processors.dedupe.entries import NEVER, Clocks, Entries, Entry, Timeline
from processors.dedupe.fingerprint import Hashes
from processors.dedupe.index import Hits, Index
from processors.dedupe.matching import Sizes

WINDOW_S = 72 * 3600
"""How long an article can be copied (seconds of event time)."""
MEMORY_S = 7 * 24 * 3600
"""How long the story of a uri is remembered where it does not follow from the uri (seconds of event time)."""
MOST_HOLDERS = 128
"""A hash is indexed for the first so many articles of the window that have it: the later ones of a story that all the world
carries find these, and a phrase that stands everywhere tells nothing."""


_IN_CHUNK = 1 << 22
"""Restored hashes that are kept together: 16 MB."""
_NOBODY = Entry("", 0, "original", "", None, released=False, sizes=None, title=(), outline=b"", timeline=0)


class Window:
    """The articles of one language that can be copied, and the stories of some older ones.

    A timeline's clock is the greatest event time seen. An article stays for `WINDOW_S` after the clock at which it arrived: its
    own event time if it was in order, and the full time even if it came late. So what is held is a function of the articles in
    their order.
    """

    def __init__(self) -> None:
        self._clocks: Clocks = (NEVER, NEVER)
        self._next = 0
        self._index = Index()
        self._entries = Entries()
        self._window_starts = [0, 0]
        """The first number that may be of the window, a timeline each."""
        self._memory_starts = [0, 0]
        """The same of those remembered longer."""
        self._restored: RestoredHashes | None = None
        self._last = _NOBODY
        """The restored entry with the greatest number."""

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size_bytes(self) -> int:
        """Memory of the index."""
        return self._index.size_bytes

    def get(self, uri: str) -> Entry | None:
        """What is known of the uri."""
        self.settle()
        return self._entries.get(uri)

    def at(self, number: int) -> Entry:
        """The article of a number that `holders` gave."""
        return self._entries.at(number)

    def sizes(self, number: int) -> Sizes:
        """The sizes of the article of a number that `holders` gave."""
        return self._entries.sizes(number)

    def holders(self, hashes: Hashes) -> Hits:
        """Every pair of a hash and an article that can be copied."""
        return self._index.hits(hashes)

    def advance(self, timeline: Timeline, instant: int) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """Move a clock to `instant` if that is later, and forget what is too old then. Gives (uri, its new state record)."""
        self.settle()
        stated, arrived = self._clocks
        self._clocks = (stated, max(arrived, instant)) if timeline else (max(stated, instant), arrived)
        limit = self._clocks[timeline]
        for entry in self._passed(self._window_starts, timeline, limit - WINDOW_S, past=False):
            self._unindex(entry)
            if entry.outlives_window:
                entry.age()
                self._entries.put(entry)
                yield entry.uri, _record(entry, np.empty(0, np.uint32))
            else:
                self._entries.drop(entry)
                yield entry.uri, None
        for entry in self._passed(self._memory_starts, timeline, limit - MEMORY_S, past=True):
            self._entries.drop(entry)
            yield entry.uri, None

    def _passed(self, starts: list[int], timeline: Timeline, instant: int, *, past: bool) -> Iterator[Entry]:
        """Walk on from where the last walk of these ended."""
        for number, entry in self._entries.older(starts[timeline], self._next, timeline, instant, past=past):
            starts[timeline] = number
            if entry is not None:
                yield entry

    def remember(self, entry: Entry, hashes: Hashes) -> dict[str, Any]:
        """Put the entry in place of an earlier one of its uri, numbered and dated by the window. `hashes` are what it can be
        found by."""
        earlier = self._entries.get(entry.uri)
        if earlier is not None:
            self._unindex(earlier)
            self._entries.drop(earlier)
        entry.number, entry.clocks = self._next, self._clocks
        self._next += 1
        self._entries.put(entry)
        if entry.sizes is not None:
            self._index.add(entry.number, hashes)
        return _record(entry, hashes)

    def restore(self, uri: str, record: dict[str, Any] | None) -> None:
        """Take back a state record; the later of a uri wins."""
        assert not self._next, "state is restored before the first decision"
        earlier = self._entries.get(uri)
        if earlier is not None:
            self._entries.drop(earlier)
        if record is None:
            return
        if self._restored is None:
            self._restored = RestoredHashes()
        entry = _entry(uri, record)
        self._entries.put(entry)
        if entry.number >= self._last.number:  # the last decision is always held, and knows both clocks
            self._last = entry
        if entry.sizes is not None:
            self._restored.append(entry.number, a2b_base64(record.get("hashes", "")))

    def settle(self) -> None:
        """Index what was restored. Only the last of a log's records counts, so this waits until the first question."""
        if self._restored is None:
            return
        restored, self._restored = self._restored, None
        self._next, self._clocks = self._last.number + 1, self._last.clocks
        self._window_starts, self._memory_starts = ([self._entries.start] * 2 for _ in range(2))
        self._index.fill(len(self._entries), restored.ascending(self._entries.can_be_copied))

    def _unindex(self, entry: Entry) -> None:
        if entry.sizes is not None:
            self._index.discard(entry.number)


def _record(entry: Entry, hashes: Hashes) -> dict[str, Any]:
    """The entry as JSON; what is as usual is left out."""
    record = {
        "number": entry.number,
        "clocks": entry.clocks,
        "timeline": entry.timeline or None,
        "version": entry.version,
        "role": entry.role,
        "outlet": entry.outlet,
        "story": entry.story,
        "released": entry.released or None,
        "sizes": list(entry.sizes) if entry.sizes else None,
        "title": entry.title or None,
        "outline": b64encode(entry.outline).decode() or None,
        "hashes": b64encode(hashes.tobytes()).decode() or None,
        "past": entry.past or None,
    }
    return {name: value for name, value in record.items() if value is not None}


def _entry(uri: str, record: dict[str, Any]) -> Entry:
    """Back from `_record`."""
    return Entry(
        uri=uri,
        number=record["number"],
        clocks=tuple(record["clocks"]),
        timeline=record.get("timeline", 0),
        past=record.get("past", False),
        version=record["version"],
        role=record["role"],
        outlet=record["outlet"],
        story=record.get("story"),
        released=record.get("released", False),
        sizes=Sizes(*record["sizes"]) if "sizes" in record else None,
        title=tuple(record.get("title", ())),
        outline=a2b_base64(record.get("outline", "")),
    )


class RestoredHashes:
    """The hashes of restored articles in the order of their records, packed: as an object each they would take twice the memory."""

    def __init__(self) -> None:
        self._numbers, self._chunk_of = array("q"), array("q")
        self._starts, self._ends = array("q"), array("q")
        self._chunks: list[array[int] | None] = []

    def append(self, number: int, hashes: bytes) -> None:
        """Take the hashes of an article (little-endian, 32 bits each); the later of a number wins."""
        chunk = self._chunks[-1] if self._chunks else None
        if chunk is None or len(chunk) > _IN_CHUNK:
            self._chunks.append(chunk := array("I"))
        self._numbers.append(number)
        self._chunk_of.append(len(self._chunks) - 1)
        self._starts.append(len(chunk))
        chunk.frombytes(hashes)
        self._ends.append(len(chunk))

    def ascending(self, is_wanted: Callable[[int], bool]) -> Iterator[tuple[int, Hashes]]:
        """The articles by number, those that are wanted. Gives the memory back as it goes."""
        if not self._numbers:
            return
        order = np.argsort(np.frombuffer(self._numbers, np.int64), kind="stable")
        needed = np.minimum.accumulate(np.frombuffer(self._chunk_of, np.int64)[order][::-1])[::-1]
        freed = 0
        for at, following, first_needed in zip(order.tolist(), [*order[1:].tolist(), None], needed.tolist(), strict=True):
            while freed < first_needed:
                self._chunks[freed] = None
                freed += 1
            number = self._numbers[at]
            if (following is not None and self._numbers[following] == number) or not is_wanted(number):
                continue
            chunk = self._chunks[self._chunk_of[at]]
            assert chunk is not None
            yield number, np.frombuffer(chunk, np.uint32)[self._starts[at] : self._ends[at]]
