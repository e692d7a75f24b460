"""Many words looked for in a text at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")

_GRAM = 4
"""Characters of a hint that are looked up: as many as are one number."""
_FACTOR, _SHIFT = np.uint32(2654435761), np.uint32(16)
"""Knuth's multiplicative hash, 16 bits of it."""
_BLOCK_CHARS = 1 << 12
"""So much of a text is looked up at a time: what stays in the processor's cache is quick."""
_COMMON = " etaoinsrhldcumfpgwybvkxjqz"
"""By how common the letters are in English: of a hint those are looked up that are least so."""


class Hints(Generic[T]):
    """Values by the hints (strings) that are asked of a text.

    To look for each of a hundred strings costs a hundred passes over the text. Here every four characters of it are looked up in
    a table of what the hints hold, in one pass.
    """

    def __init__(self, hinted: Iterable[tuple[str, T]]) -> None:
        self._table = np.zeros(1 << 16, np.uint8)
        """By hash: which of the lists that follow to look at."""
        self._looked_up: list[list[tuple[str, int, list[T]]]] = [[]]
        """Hint, where in it stands what is looked up, values."""
        self._short: dict[str, list[T]] = {}
        by_hint: dict[str, list[T]] = {}
        for hint, value in hinted:
            by_hint.setdefault(hint, []).append(value)
        for hint, values in by_hint.items():
            if len(hint) < _GRAM or not hint.isascii():
                self._short[hint] = values
                continue
            offset = max(range(len(hint) - _GRAM + 1), key=lambda at: _rarity(hint[at : at + _GRAM]))
            gram = int.from_bytes(hint[offset : offset + _GRAM].encode(), "little")
            slot = (gram * int(_FACTOR) & 0xFFFFFFFF) >> int(_SHIFT)
            if not self._table[slot]:
                self._table[slot] = len(self._looked_up)
                self._looked_up.append([])
            self._looked_up[self._table[slot]].append((hint, offset, values))

    def find(self, text: str) -> Iterator[tuple[int, Sequence[T]]]:
        """Where in `text` the hints stand (or, of each, a character of it), and their values; in no order."""
        raw = text.encode("ascii", "replace")
        for start in range(0, len(raw) - _GRAM + 1, _BLOCK_CHARS):
            count = min(_BLOCK_CHARS, len(raw) - _GRAM + 1 - start)
            grams: np.ndarray[tuple[int], np.dtype[np.uint32]] = np.ndarray((count,), "<u4", raw, start, (1,))
            slots = self._table.take((grams * _FACTOR) >> _SHIFT, mode="clip")
            for at in slots.nonzero()[0].tolist():
                for hint, offset, values in self._looked_up[slots[at]]:
                    if text.startswith(hint, max(0, start + at - offset)):
                        yield start + at, values
        for hint, values in self._short.items():
            at = text.find(hint)
            while at >= 0:
                yield at, values
                at = text.find(hint, at + 1)


def _rarity(gram: str) -> int:
    return sum(_COMMON.find(letter) if letter in _COMMON else len(_COMMON) for letter in gram)
