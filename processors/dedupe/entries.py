"""What is remembered of each article of a window, packed: about 400 bytes an article and not a kilobyte of Python's objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import Struct, error
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

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
    def outlives_window(self) -> bool:
        """Whether something is known of the uri that a stranger would not assume."""
        return self.story is not None or self.role == "kill"

    def age(self) -> None:
        """Keep what is known of the uri, and no text: it can be copied no more."""
        self.sizes, self.outline, self.title, self.past = None, b"", (), True


_HEADER, _WIDE_HEADER = Struct("<BHHHHHIIBBBBB"), Struct("<BIIIIIqqIIIHH")
"""Flags, sizes (five), clocks, lengths of uri, outlet, story, version and title: of most entries, and of those that it is too
narrow for. The outline ends a packed entry."""
_NO_SIZES = Sizes(0, 0, 0, 0, 0)
_ROLES: tuple[Role, ...] = get_args(Role)
_KEY = (1 << 32) - 1
_RELEASED, _HAS_SIZES, _UNDATED, _PAST, _HAS_STORY, _WIDE = 4, 8, 16, 32, 64, 128
_IN_CHUNK = 10
"""Numbers in a chunk (2 to the power of this): an empty chunk is dropped."""
_LAST = (1 << _IN_CHUNK) - 1


class Entries:
    """The entries of a window by number and by uri."""

    def __init__(self) -> None:
        self._chunks: dict[int, _Chunk] = {}
        self._numbers = _Numbers()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def at(self, number: int) -> Entry:
        """The entry of a number that is held."""
        packed = self._packed(number)
        assert packed is not None
        return _unpacked(number, packed)

    def _packed(self, number: int) -> bytes | None:
        chunk = self._chunks.get(number >> _IN_CHUNK)
        return chunk.get(number & _LAST) if chunk else None

    @property
    def start(self) -> int:
        """A number that none is below, and some entry is near."""
        return min(self._chunks, default=0) << _IN_CHUNK

    def can_be_copied(self, number: int) -> bool:
        """Whether the number is held, with sizes."""
        packed = self._packed(number)
        return packed is not None and bool(packed[0] & _HAS_SIZES)

    def sizes(self, number: int) -> Sizes:
        """The sizes of the entry of a number that is held and that has any: a tenth of the time of `at`."""
        packed = self._packed(number)
        assert packed is not None
        return Sizes(*_header(packed).unpack_from(packed)[1:6])

    def get(self, uri: str) -> Entry | None:
        """The entry of a uri."""
        encoded = uri.encode("utf-8", "surrogatepass")
        for number in self._numbers.of(hash(uri)):
            packed = self._packed(number)
            if packed is not None and packed.startswith(encoded, _header(packed).size):
                entry = _unpacked(number, packed)
                if entry.uri == uri:
                    return entry
        return None

    def put(self, entry: Entry) -> None:
        """Hold an entry under its number, which is new or its own. Another one of its uri was dropped before."""
        key = entry.number >> _IN_CHUNK
        chunk = self._chunks.get(key)
        if chunk is None:
            chunk = self._chunks[key] = _Chunk()
        if chunk.put(entry.number & _LAST, _packed(entry)):
            self._count += 1
            self._numbers.add(hash(entry.uri), entry.number)

    def drop(self, entry: Entry) -> None:
        """Hold the entry no more."""
        key = entry.number >> _IN_CHUNK
        chunk = self._chunks[key]
        chunk.drop(entry.number & _LAST)
        self._count -= 1
        self._numbers.remove(hash(entry.uri), entry.number)
        if not chunk.count:
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
            packed = chunk.get(number & _LAST)
            number += 1
            if packed is None:
                yield number, None
                continue
            is_past = bool(packed[0] & _PAST)
            if bool(packed[0] & _UNDATED) != bool(timeline) or (is_past and not past):
                yield number, None
                continue
            if _clocks(packed)[timeline] >= instant or is_past != past:
                return
            yield number, _unpacked(number - 1, packed)


class _Chunk:
    """Packed entries one after the other: 40 bytes less for each than as an object."""

    def __init__(self) -> None:
        self.count = 0
        self._data = bytearray()
        self._starts, self._lengths = (array("I", bytes(4 << _IN_CHUNK)) for _ in range(2))
        self._held_bytes = 0

    def get(self, at: int) -> bytes | None:
        length = self._lengths[at]
        start = self._starts[at]
        return bytes(self._data[start : start + length]) if length else None

    def put(self, at: int, packed: bytes) -> bool:
        """Whether there was none."""
        is_new = not self._lengths[at]
        self._held_bytes += len(packed) - self._lengths[at]
        self.count += is_new
        self._starts[at], self._lengths[at] = len(self._data), len(packed)
        self._data += packed
        if at == _LAST or len(self._data) > 2 * self._held_bytes:
            self._tidy()
        return is_new

    def drop(self, at: int) -> None:
        self._held_bytes -= self._lengths[at]
        self.count -= 1
        self._lengths[at] = 0
        if len(self._data) > 2 * self._held_bytes:
            self._tidy()

    def _tidy(self) -> None:
        """Give back what is held no more, and the room to grow."""
        held = [at for at, length in enumerate(self._lengths) if length]
        packed = [self.get(at) or b"" for at in held]
        self._data = bytearray(b"".join(packed))
        for at, end in zip(held, accumulate(map(len, packed)), strict=True):
            self._starts[at] = end - self._lengths[at]


def _packed(entry: Entry) -> bytes:
    sizes = entry.sizes or _NO_SIZES
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
    ]
    lengths = [len(part) for part in parts]
    try:  # 0 stands for NEVER, so a clock of 0 is made one that does not fit
        header = _HEADER.pack(flags, *sizes, *(0 if clock == NEVER else clock or -1 for clock in entry.clocks), *lengths)
    except error:
        header = _WIDE_HEADER.pack(flags | _WIDE, *sizes, *entry.clocks, *lengths)
    return b"".join((header, *parts, entry.outline))


def _header(packed: bytes) -> Struct:
    return _WIDE_HEADER if packed[0] & _WIDE else _HEADER


def _clocks(packed: bytes) -> Clocks:
    stated, arrived = _header(packed).unpack_from(packed)[6:8]
    return (stated, arrived) if packed[0] & _WIDE else (stated or NEVER, arrived or NEVER)


def _unpacked(number: int, packed: bytes) -> Entry:
    header = _header(packed)
    flags, *numbers = header.unpack_from(packed)
    ends = list(accumulate(numbers[7:], initial=header.size))
    uri, outlet, story, version, title = (packed[start:end] for start, end in pairwise(ends))
    return Entry(
        uri=uri.decode("utf-8", "surrogatepass"),
        version=int.from_bytes(version, "little"),
        role=_ROLES[flags & 3],
        outlet=outlet.decode("utf-8", "surrogatepass"),
        story=story.decode("utf-8", "surrogatepass") if flags & _HAS_STORY else None,
        released=bool(flags & _RELEASED),
        sizes=Sizes(*numbers[:5]) if flags & _HAS_SIZES else None,
        title=tuple(np.frombuffer(title, np.uint32).tolist()),
        outline=packed[ends[-1] :],
        timeline=1 if flags & _UNDATED else 0,
        past=bool(flags & _PAST),
        number=number,
        clocks=_clocks(packed),
    )


class _Numbers:
    """Numbers by the hash of their uri: an open-addressing table of 8 bytes a slot, a fifth of what a dict takes. Hashes may
    clash; who asks looks at the uri."""

    _EMPTY, _REMOVED = (1 << 32) - 1, (1 << 32) - 2

    def __init__(self) -> None:
        self._rebuild(np.empty(0, np.uint32), np.empty(0, np.int64), 0)

    def of(self, key: int) -> list[int]:
        """The numbers that may be of this hash."""
        key &= _KEY
        return [
            self._base + self._values[at] for at in self._run(key) if self._keys[at] == key and self._values[at] < self._REMOVED
        ]

    def add(self, key: int, number: int) -> None:
        """Take in a number that is not held."""
        key &= _KEY
        if self._free == 0 or not 0 <= number - self._base < self._REMOVED:
            values = np.frombuffer(self._values, np.uint32)
            held = values < self._REMOVED
            self._rebuild(np.frombuffer(self._keys, np.uint32)[held], values[held] + np.int64(self._base), number)
        run = self._run(key)
        at = next((at for at in run if self._values[at] == self._REMOVED), run.stop)
        if at == len(self._values):
            self._keys.append(0)
            self._values.append(self._EMPTY)
        self._free -= self._values[at] == self._EMPTY
        self._keys[at], self._values[at] = key, number - self._base

    def remove(self, key: int, number: int) -> None:
        """Give up a number that is held."""
        at = next(at for at in self._run(key & _KEY) if self._values[at] == number - self._base)
        self._values[at] = self._REMOVED

    def _run(self, key: int) -> range:
        """The slots from the hash's own to the next empty one."""
        start = end = key >> self._shift
        while end < len(self._values) and self._values[end] != self._EMPTY:
            end += 1
        return range(start, end)

    def _rebuild(self, keys: npt.NDArray[np.uint32], numbers: npt.NDArray[np.int64], number: int) -> None:
        """A table of twice to four times as many slots as there are numbers, with room below and above them and `number`."""
        self._base = max(0, min(number, int(numbers.min(initial=number))) - (1 << 31))
        bits = max(6, (2 * len(numbers)).bit_length())
        self._shift = 32 - bits
        self._free = (1 << bits) * 7 // 10 - len(numbers)
        order = np.argsort(keys)
        count = np.arange(len(numbers))
        slots = np.maximum.accumulate((keys[order] >> np.uint32(self._shift)).astype(np.int64) - count) + count
        length = max(1 << bits, int(slots[-1]) + 1 if len(slots) else 0)
        table_keys, table_values = np.zeros(length, np.uint32), np.full(length, self._EMPTY, np.uint32)
        table_keys[slots], table_values[slots] = keys[order], numbers[order] - self._base
        self._keys, self._values = array("I", table_keys.tobytes()), array("I", table_values.tobytes())
