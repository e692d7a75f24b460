"""What is remembered of the articles of one language, for how long, and as which state records."""

from __future__ import annotations

from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Iterator
from typing import Any

import numpy as np

from processors.dedupe.entries import NEVER, Clocks, Entries, Entry, Timeline
from processors.dedupe.fingerprint import Hashes
from processors.dedupe.index import Index, Numbers
from processors.dedupe.matching import Sizes

WINDOW_S = 72 * 3600
"""How long an article can be copied (seconds of event time)."""
MEMORY_S = 7 * 24 * 3600
"""How long the story of a uri is remembered where it does not follow from the uri (seconds of event time)."""
MOST_HOLDERS = 128
"""A hash is indexed for the first so many articles of the window that have it: the later ones of a story that all the world
carries find these, and a phrase that stands everywhere tells nothing."""


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
        self._restored: dict[str, tuple[Entry, Hashes]] = {}

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

    def holders(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """Every pair of a hash and an article that can be copied: (position in `hashes`, number)."""
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
        if record is None:
            self._restored.pop(uri, None)
        else:
            self._restored[uri] = _entry(uri, record)

    def settle(self) -> None:
        """Put restored entries in their order. Only the last of a log's records counts, so this waits until the first
        question."""
        if not self._restored:
            return
        assert not self._entries, "state is restored before the first decision"
        restored = sorted(self._restored.values(), key=lambda restored: restored[0].number)
        for entry, _ in restored:
            self._entries.put(entry)
        last, _ = restored[-1]  # the last decision is always held, and knows both clocks
        self._next, self._clocks = last.number + 1, last.clocks
        self._window_starts, self._memory_starts = ([restored[0][0].number] * 2 for _ in range(2))
        self._index.fill([(entry.number, hashes) for entry, hashes in restored if entry.sizes is not None])
        self._restored = {}

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
        "sizes": [entry.sizes.text, entry.sizes.sampled, entry.sizes.facts] if entry.sizes else None,
        "title": entry.title or None,
        "opening": b64encode(entry.opening).decode() or None,
        "outline": b64encode(entry.outline).decode() or None,
        "hashes": b64encode(hashes.tobytes()).decode() or None,
        "past": entry.past or None,
    }
    return {name: value for name, value in record.items() if value is not None}


def _entry(uri: str, record: dict[str, Any]) -> tuple[Entry, Hashes]:
    """Back from `_record`."""
    entry = Entry(
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
        opening=a2b_base64(record.get("opening", "")),
        outline=a2b_base64(record.get("outline", "")),
    )
    return entry, np.frombuffer(a2b_base64(record.get("hashes", "")), np.uint32)
