"""What is remembered of each article of a window, packed: about 400 bytes an article and not a kilobyte of Python's objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import Struct
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from processors.dedupe.fingerprint import Hashes
from processors.dedupe.matching import Sizes
from schemas import Role

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
    past: bool = False
    """Whether it is older than the window."""
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

    def age(self) -> None:
        """Keep what is known of the uri, and no text: it can be copied no more."""
        self.sizes, self.opening, self.outline, self.title, self.past = None, b"", b"", (), True


_HEADER = Struct("<qqIIIIIIHHHB")
"""Clocks, sizes (three), lengths of uri, outlet, story, version, title and opening, flags. The outline ends a packed entry."""
_ROLES: tuple[Role, ...] = get_args(Role)
_KEY = (1 << 64) - 1
_RELEASED, _HAS_SIZES, _UNDATED, _PAST, _HAS_STORY = 4, 8, 16, 32, 64
_IN_CHUNK = 10
"""Numbers in a chunk (2 to the power of this): an empty chunk is dropped."""


class Entries:
    """The entries of a window by number and by uri."""

    def __init__(self) -> None:
        self._chunks: dict[int, list[bytes | None]] = {}
        self._numbers = _Numbers()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def at(self, number: int) -> Entry:
        """The entry of a number that is held."""
        packed = self._chunks[number >> _IN_CHUNK][number & (1 << _IN_CHUNK) - 1]
        assert packed is not None
        return _unpacked(number, packed)

    def get(self, uri: str) -> Entry | None:
        """The entry of a uri."""
        encoded = uri.encode("utf-8", "surrogatepass")
        for number in self._numbers.of(hash(uri)):
            packed = self._chunks[number >> _IN_CHUNK][number & (1 << _IN_CHUNK) - 1]
            if packed is not None and packed.startswith(encoded, _HEADER.size):
                entry = _unpacked(number, packed)
                if entry.uri == uri:
                    return entry
        return None

    def put(self, entry: Entry) -> None:
        """Hold an entry under its number, which is new or its own. Another one of its uri was dropped before."""
        chunk = self._chunks.setdefault(entry.number >> _IN_CHUNK, [None] * (1 << _IN_CHUNK))
        at = entry.number & (1 << _IN_CHUNK) - 1
        if chunk[at] is None:
            self._count += 1
            self._numbers.add(hash(entry.uri), entry.number)
        chunk[at] = _packed(entry)

    def drop(self, entry: Entry) -> None:
        """Hold the entry no more."""
        key = entry.number >> _IN_CHUNK
        chunk = self._chunks[key]
        chunk[entry.number & (1 << _IN_CHUNK) - 1] = None
        self._count -= 1
        self._numbers.remove(hash(entry.uri), entry.number)
        if not any(chunk):
            del self._chunks[key]

    def older(self, start: int, end: int, timeline: Timeline, instant: int, *, past: bool) -> Iterator[tuple[int, Entry | None]]:
        """Walk from number `start` on, while the timeline's entries are older than `instant`: (the next number, an entry of it
        that is `past` or not, or None)."""
        number = start
        while number < end:
            chunk = self._chunks.get(number >> _IN_CHUNK)
            if chunk is None:
                number = min((number >> _IN_CHUNK) + 1 << _IN_CHUNK, end)
                yield number, None
                continue
            packed = chunk[number & (1 << _IN_CHUNK) - 1]
            number += 1
            if packed is None:
                yield number, None
                continue
            stated, arrived, *_, flags = _HEADER.unpack_from(packed)
            is_past = bool(flags & _PAST)
            if bool(flags & _UNDATED) != bool(timeline) or (is_past and not past):
                yield number, None
                continue
            if (arrived if timeline else stated) >= instant or is_past != past:
                return
            yield number, _unpacked(number - 1, packed)


def _packed(entry: Entry) -> bytes:
    sizes = entry.sizes or Sizes(0, 0, 0)
    flags = (
        _ROLES.index(entry.role)
        | _RELEASED * entry.released
        | _HAS_SIZES * (entry.sizes is not None)
        | _UNDATED * entry.timeline
        | _PAST * entry.past
        | _HAS_STORY * (entry.story is not None)
    )
    parts = [
        *(name.encode("utf-8", "surrogatepass") for name in (entry.uri, entry.outlet, entry.story or "")),
        entry.version.to_bytes((entry.version.bit_length() + 7) // 8, "little"),
        np.array(entry.title, np.uint32).tobytes(),
        entry.opening,
    ]
    header = _HEADER.pack(*entry.clocks, sizes.text, sizes.sampled, sizes.facts, *map(len, parts), flags)
    return b"".join((header, *parts, entry.outline))


def _unpacked(number: int, packed: bytes) -> Entry:
    stated, arrived, text, sampled, facts, *lengths, flags = _HEADER.unpack_from(packed)
    ends = list(accumulate(lengths, initial=_HEADER.size))
    uri, outlet, story, version, title, opening = (packed[start:end] for start, end in pairwise(ends))
    return Entry(
        uri=uri.decode("utf-8", "surrogatepass"),
        version=int.from_bytes(version, "little"),
        role=_ROLES[flags & 3],
        outlet=outlet.decode("utf-8", "surrogatepass"),
        story=story.decode("utf-8", "surrogatepass") if flags & _HAS_STORY else None,
        released=bool(flags & _RELEASED),
        sizes=Sizes(text, sampled, facts) if flags & _HAS_SIZES else None,
        title=tuple(np.frombuffer(title, np.uint32).tolist()),
        opening=opening,
        outline=packed[ends[-1] :],
        timeline=1 if flags & _UNDATED else 0,
        past=bool(flags & _PAST),
        number=number,
        clocks=(stated, arrived),
    )


class _Numbers:
    """Numbers by the hash of their uri: an open-addressing table of 16 bytes a slot, a third of what a dict takes. Hashes may
    clash; who asks looks at the uri."""

    _EMPTY, _REMOVED = -1, -2

    def __init__(self) -> None:
        self._rebuild(np.empty(0, np.uint64), np.empty(0, np.int64))

    def of(self, key: int) -> list[int]:
        """The numbers that may be of this hash."""
        key &= _KEY
        return [self._values[at] for at in self._run(key) if self._keys[at] == key and self._values[at] >= 0]

    def add(self, key: int, number: int) -> None:
        """Take in a number that is not held."""
        key &= _KEY
        if self._free == 0:
            values = np.frombuffer(self._values, np.int64)
            self._rebuild(np.frombuffer(self._keys, np.uint64)[values >= 0], values[values >= 0])
        run = self._run(key)
        at = next((at for at in run if self._values[at] == self._REMOVED), run.stop)
        if at == len(self._values):
            self._keys.append(0)
            self._values.append(self._EMPTY)
        self._free -= self._values[at] == self._EMPTY
        self._keys[at], self._values[at] = key, number

    def remove(self, key: int, number: int) -> None:
        """Give up a number that is held."""
        at = next(at for at in self._run(key & _KEY) if self._values[at] == number)
        self._values[at] = self._REMOVED

    def _run(self, key: int) -> range:
        """The slots from the hash's own to the next empty one."""
        start = end = key >> self._shift
        while end < len(self._values) and self._values[end] != self._EMPTY:
            end += 1
        return range(start, end)

    def _rebuild(self, keys: npt.NDArray[np.uint64], values: npt.NDArray[np.int64]) -> None:
        """A table of twice to four times as many slots as there are numbers."""
        bits = max(6, (2 * len(values)).bit_length())
        self._shift = 64 - bits
        self._free = (1 << bits) * 7 // 10 - len(values)
        order = np.argsort(keys)
        count = np.arange(len(values))
        slots = np.maximum.accumulate((keys[order] >> np.uint64(self._shift)).astype(np.int64) - count) + count
        length = max(1 << bits, int(slots[-1]) + 1 if len(slots) else 0)
        table_keys, table_values = np.zeros(length, np.uint64), np.full(length, self._EMPTY, np.int64)
        table_keys[slots], table_values[slots] = keys[order], values[order]
        self._keys, self._values = array("Q", table_keys.tobytes()), array("q", table_values.tobytes())
