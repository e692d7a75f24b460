"""What is remembered of the articles of one language, for how long, and as which state records."""

from __future__ import annotations

from base64 import b64encode
from binascii import a2b_base64
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import Any, Literal

import numpy as np

from processors.dedupe.fingerprint import Hashes
from processors.dedupe.index import Index, Numbers
from processors.dedupe.matching import Sizes
from schemas import Role

WINDOW_S = 72 * 3600
"""How long an article can be copied (seconds of event time)."""
MEMORY_S = 7 * 24 * 3600
"""How long the story of a uri is remembered where it does not follow from the uri (seconds of event time)."""
MOST_HOLDERS = 128
"""A hash is indexed for the first so many articles of the window that have it: the later ones of a story that all the world
carries find these, and a phrase that stands everywhere tells nothing."""


NEVER = -(2**62)
Clocks = tuple[int, int]
Timeline = Literal[0, 1]
"""Articles are held by the time that feeds state (0), or by arrival where they state none (1). Each has its clock: old articles
that are pushed now without a date do not end the window of those with one, nor the other way round."""


@dataclass(slots=True)
class Entry:
    """One article, in its latest version."""

    uri: str
    version: int
    role: Role
    outlet: str
    story: str | None
    """The uri of the story's first article, if that is another."""
    released: bool
    """Whether some version of it was usable."""
    sizes: Sizes | None
    """Of the fingerprint; none where the article cannot be copied: killed, withheld, without text, older than the window."""
    title: tuple[int, ...]
    """`title_words`, of short texts only."""
    opening: bytes
    """The values of the opening (little-endian, 32 bits each)."""
    outline: bytes
    """`paragraphs.packed`."""
    timeline: Timeline
    number: int = -1
    """Counts the decisions of the language; the window sets it."""
    clocks: Clocks = (NEVER, NEVER)
    """The window's clocks when it was decided (seconds since 1970); the window sets them."""

    @property
    def opening_hashes(self) -> Hashes:
        return np.frombuffer(self.opening, np.uint32)

    @property
    def outlives_window(self) -> bool:
        """Whether something is known of the uri that a stranger would not assume."""
        return self.story is not None or self.role == "kill"


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
        self._entries: dict[str, Entry] = {}
        self._copied: dict[int, Entry] = {}
        """What can be copied, by number."""
        self._current: tuple[deque[Entry], deque[Entry]] = (deque(), deque())
        """The entries of the window in order, a timeline each; one that a newer one of its uri replaced is passed over."""
        self._past: tuple[deque[Entry], deque[Entry]] = (deque(), deque())
        """The same of those remembered longer."""
        self._restored: dict[str, tuple[Entry, Hashes, bool]] = {}

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
        return self._copied[number]

    def holders(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """Every pair of a hash and an article that can be copied: (position in `hashes`, number)."""
        return self._index.hits(hashes)

    def advance(self, timeline: Timeline, instant: int) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """Move a clock to `instant` if that is later, and forget what is too old then. Gives (uri, its new state record)."""
        self.settle()
        stated, arrived = self._clocks
        self._clocks = (stated, max(arrived, instant)) if timeline else (max(stated, instant), arrived)
        for entry in self._older(self._current[timeline], WINDOW_S):
            self._unindex(entry)
            if entry.outlives_window:
                self._past[timeline].append(entry)
                yield entry.uri, _record(entry, np.empty(0, np.uint32), past=True)
            else:
                del self._entries[entry.uri]
                yield entry.uri, None
        for entry in self._older(self._past[timeline], MEMORY_S):
            del self._entries[entry.uri]
            yield entry.uri, None

    def remember(self, entry: Entry, hashes: Hashes) -> dict[str, Any]:
        """Put the entry in place of an earlier one of its uri, numbered and dated by the window. `hashes` are what it can be
        found by."""
        earlier = self._entries.get(entry.uri)
        if earlier is not None:
            self._unindex(earlier)
        entry.number, entry.clocks = self._next, self._clocks
        self._place(entry, hashes)
        self._current[entry.timeline].append(entry)
        return _record(entry, hashes)

    def restore(self, uri: str, record: dict[str, Any] | None) -> None:
        """Take back a state record; the later of a uri wins."""
        if record is None:
            self._restored.pop(uri, None)
        else:
            self._restored[uri] = _entry(uri, record)

    def _older(self, entries: deque[Entry], seconds: int) -> Iterator[Entry]:
        """Take out what is older than so long and still the latest of its uri."""
        while entries and entries[0].clocks[entries[0].timeline] < self._clocks[entries[0].timeline] - seconds:
            entry = entries.popleft()
            if self._entries.get(entry.uri) is entry:
                yield entry

    def settle(self) -> None:
        """Put restored entries in their order. Only the last of a log's records counts, so this waits until the first
        question."""
        if not self._restored:
            return
        assert not self._entries, "state is restored before the first decision"
        restored = sorted(self._restored.values(), key=lambda restored: restored[0].number)
        for entry, _, past in restored:
            self._entries[entry.uri] = entry
            if entry.sizes is not None:
                self._copied[entry.number] = entry
            (self._past if past else self._current)[entry.timeline].append(entry)
        last, _, _ = restored[-1]  # the last decision is always held, and knows both clocks
        self._next, self._clocks = last.number + 1, last.clocks
        self._index.fill([(entry.number, hashes) for entry, hashes, _ in restored if entry.sizes is not None])
        self._restored = {}

    def _place(self, entry: Entry, hashes: Hashes) -> None:
        self._next = entry.number + 1
        self._entries[entry.uri] = entry
        if entry.sizes is not None:
            self._copied[entry.number] = entry
            self._index.add(entry.number, hashes)

    def _unindex(self, entry: Entry) -> None:
        if entry.sizes is not None:
            self._index.discard(entry.number)
            del self._copied[entry.number]
            entry.sizes, entry.opening, entry.outline, entry.title = None, b"", b"", ()


def _record(entry: Entry, hashes: Hashes, *, past: bool = False) -> dict[str, Any]:
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
        "past": past or None,
    }
    return {name: value for name, value in record.items() if value is not None}


def _entry(uri: str, record: dict[str, Any]) -> tuple[Entry, Hashes, bool]:
    """Back from `_record`: the entry, its hashes, and whether it is older than the window."""
    entry = Entry(
        uri=uri,
        number=record["number"],
        clocks=tuple(record["clocks"]),
        timeline=record.get("timeline", 0),
        version=record["version"],
        role=record["role"],
        outlet=intern(record["outlet"]),
        story=record.get("story"),
        released=record.get("released", False),
        sizes=Sizes(*record["sizes"]) if "sizes" in record else None,
        title=tuple(record.get("title", ())),
        opening=a2b_base64(record.get("opening", "")),
        outline=a2b_base64(record.get("outline", "")),
    )
    return entry, np.frombuffer(a2b_base64(record.get("hashes", "")), np.uint32), record.get("past", False)
