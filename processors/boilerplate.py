"""What an outlet prints again and again: boilerplate that no rule knows, and the titles of its other articles.

A line is boilerplate when it stood in several of the outlet's last articles that are about different things. That is asked of their
titles: follow-ups of one story repeat whole paragraphs of it, and a daily table or forecast repeats its own lines. Copies and
versions of one article count once. `processors.cleaning.imprint` says of each line how many articles are enough.

It imports nothing that is dear: it runs where a stage settles, not where it works.
"""

from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from processors.dedupe import described
from processors.text import TextView, outside
from schemas import CleanArticle, Removed

ARTICLES = 128
"""Remembered of each outlet, the last ones."""
OUTLETS = 2_000
"""Remembered in each partition, those that were heard of last."""
_LARGEST_SHARE = 0.5
"""Lines with more of an article's words than this are what it is made of: nothing is removed."""
_SAME_TEXT_SHARE = 0.5
"""An article that holds more of this one's lines is a version or a copy of it."""
_MAX_SHARED_TITLE_WORDS = 1
"""Articles whose titles share more words are about one thing; so are those that share a third of the shorter title's."""

Changes = list[tuple[str, dict[str, Any] | None]]
"""State records to remember: (key, JSON value), None forgets the key."""
Hashes = npt.NDArray[np.uint32]


class ShownLine(NamedTuple):
    """One line of an article that may turn out to be boilerplate."""

    hash: int
    start: int
    end: int
    word_count: int
    enough: int
    """In so many articles about different things, this one counted, it is boilerplate; 0: it never is."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the memory is shown of an article."""

    outlet: str
    uri: int
    title: int
    """Hash of the title as a line; 0: it has none that can be told from other lines."""
    title_words: tuple[int, ...]
    lines: list[ShownLine]
    word_count: int
    """Of all lines that are in the clean text."""


def line_hash(plain: str) -> int:
    """32 bits of a line in its plain form (`processors.cleaning.lines.plain`); never 0."""
    return crc32(plain.encode("utf-8", "surrogatepass")) or 1


def without(article: CleanArticle, repeated: list[Removed]) -> CleanArticle:
    """The article with the lines that its outlet repeats removed too, and all that follows from that."""
    removed = sorted([*article.removed, *repeated], key=lambda range: range.start)
    repaired = outside(article.repaired, removed)
    fingerprint, paragraphs = described(TextView(article.body, removed, repaired))
    return article.model_copy(
        update={
            "removed": removed,
            "repaired": repaired,
            "marks": outside(article.marks, removed),
            "fingerprint": fingerprint,
            "paragraphs": paragraphs,
        }
    )


class _Seen:
    """One remembered article. Its hashes are packed, 32 bits each: there are many."""

    __slots__ = ("lines", "number", "title", "title_words", "uri")

    def __init__(self, number: int, uri: int, title: int, title_words: bytes, lines: bytes) -> None:
        self.number, self.uri, self.title, self.title_words, self.lines = number, uri, title, title_words, lines

    def to_json(self) -> dict[str, Any]:
        packed = {"title_words": b64encode(self.title_words).decode(), "lines": b64encode(self.lines).decode()}
        return {"number": self.number, "uri": self.uri, "title": self.title, **packed}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "_Seen":
        return cls(value["number"], value["uri"], value["title"], b64decode(value["title_words"]), b64decode(value["lines"]))


class Memory:
    """The last articles of each outlet of a partition. A function of what it was shown, in that order; restored from its changes.

    An article has one of its outlet's slots, whose number is in the key of its state record: the record of the article that takes
    the slot over replaces it, so the state topic is bounded as the memory is.
    """

    def __init__(self) -> None:
        self._outlets: dict[str, dict[int, _Seen]] = {}
        """By slot; the outlet that was heard of last comes last."""
        self._number = 0
        """Of articles shown so far."""

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record; the later of a key wins. `restored` follows."""
        slot, _, outlet = key.partition("/")
        if value is not None:
            self._outlets.setdefault(outlet, {})[int(slot)] = _Seen.from_json(value)
        elif (slots := self._outlets.get(outlet)) and slots.pop(int(slot), None) and not slots:
            del self._outlets[outlet]

    def restored(self) -> None:
        """All state records were taken back."""
        newest = {outlet: max(seen.number for seen in slots.values()) for outlet, slots in self._outlets.items()}
        self._outlets = {outlet: self._outlets[outlet] for outlet in sorted(newest, key=newest.__getitem__)}
        self._number = max(newest.values(), default=0)

    def recall(self, article: Imprint) -> tuple[list[Removed], Changes]:
        """What in the article its outlet repeats, sorted; the article is remembered."""
        slots = self._outlets.pop(article.outlet, {})
        removed = _repeated(article, [seen for seen in slots.values() if seen.uri != article.uri])
        self._outlets[article.outlet] = slots
        return removed, [*self._remember(article, slots), *self._forget()]

    def _remember(self, article: Imprint, slots: dict[int, _Seen]) -> Iterator[tuple[str, dict[str, Any]]]:
        slot = next((slot for slot, seen in slots.items() if seen.uri == article.uri), len(slots))
        if slot == ARTICLES:
            slot = min(slots, key=lambda slot: slots[slot].number)
        self._number += 1
        lines = array("I", (line.hash for line in article.lines)).tobytes()
        seen = _Seen(self._number, article.uri, article.title, array("I", article.title_words).tobytes(), lines)
        slots[slot] = seen
        yield f"{slot}/{article.outlet}", seen.to_json()

    def _forget(self) -> Changes:
        """The outlet that was not heard of for longest, where there are too many."""
        if len(self._outlets) <= OUTLETS:
            return []
        outlet = next(iter(self._outlets))
        return [(f"{slot}/{outlet}", None) for slot in sorted(self._outlets.pop(outlet))]


def _repeated(article: Imprint, others: list[_Seen]) -> list[Removed]:
    if not article.lines or not others:
        return []
    titles = {seen.title for seen in others} - {article.title, 0}
    holders = _holders(np.array([line.hash for line in article.lines], np.uint32), others)
    found = []
    for line in article.lines:
        if line.hash in titles:
            found.append((line, "promo"))
        elif 1 < line.enough <= len(holders.get(line.hash, ())) + 1 and _is_spread(article, line, holders[line.hash]):
            found.append((line, "boilerplate"))
    if sum(line.word_count for line, _ in found) > _LARGEST_SHARE * article.word_count:
        return []
    return [Removed.model_validate({"start": line.start, "end": line.end, "reason": reason}) for line, reason in found]


def _holders(mine: Hashes, others: list[_Seen]) -> dict[int, list[_Seen]]:
    """By the hash of a line: the other articles that have it, versions and copies of this one left out; the last ones first."""
    sought = np.unique(mine)
    theirs = np.frombuffer(b"".join([seen.lines for seen in others]), np.uint32)
    at = np.flatnonzero(sought[np.minimum(np.searchsorted(sought, theirs), len(sought) - 1)] == theirs)
    if not len(at):
        return {}
    ends = np.cumsum([len(seen.lines) // 4 for seen in others])
    shared: dict[int, set[int]] = {}
    for n, value in zip(np.searchsorted(ends, at, side="right").tolist(), theirs[at].tolist(), strict=True):
        shared.setdefault(n, set()).add(value)
    holders: dict[int, list[_Seen]] = {}
    for n in sorted(shared, key=lambda n: -others[n].number):
        if len(shared[n]) <= _SAME_TEXT_SHARE * len(sought):
            for value in shared[n]:
                holders.setdefault(value, []).append(others[n])
    return holders


def _is_spread(article: Imprint, line: ShownLine, holders: list[_Seen]) -> bool:
    """Whether enough of the articles that have the line are about different things."""
    titles = [frozenset(article.title_words)]
    for seen in holders:
        words = frozenset(np.frombuffer(seen.title_words, np.uint32).tolist())
        if all(_unlike(words, other) for other in titles):
            titles.append(words)
            if len(titles) == line.enough:
                return True
    return False


def _unlike(words: frozenset[int], other: frozenset[int]) -> bool:
    """Two titles are of different things; one without words says nothing, and is of the same."""
    shared = len(words & other)
    return bool(words and other) and shared <= _MAX_SHARED_TITLE_WORDS and 3 * shared < min(len(words), len(other))
