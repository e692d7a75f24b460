"""An article as its lines: what the cleaning steps look at, and where each line stands in the body."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from schemas import Repair
from schemas.article import RemovedReason

LONGEST_PATTERN_CHARS = 1_000
"""No phrase is looked for in a longer line: it is prose, and the bound keeps the cost of a line constant."""

MAX_LINES = 20_000
"""What comes after is not looked at, and stays: 4 MB of paragraphs have as many."""

_LINE_END = re.compile(r"[\n\r\x0b\x0c\u2028\u2029]\s*")
_NEWLINE = re.compile(r"\n\s*")
_OTHER_LINE_ENDS = "\r\x0b\x0c\u2028\u2029"
_LONG_WORD = re.compile(r"\w[\w'’.-]{3,}")
_ITEM = re.compile(r"[-–—•*|]|\d{1,3}[.)]")
_SENTENCE_END = re.compile(r"[.!?…。！？।]['\"”’»›)\]]*$")
_STOPS, _CLOSING = frozenset(".!?…。！？।"), frozenset("'\"'”’»›)]")
_NOTHING: frozenset[str] = frozenset()


_PROSE_WORDS = 8


class Break(NamedTuple):
    """White space between two lines: from the end of one to the start of the next."""

    start: int
    end: int
    single: bool
    """No blank line lies in it."""


@lru_cache(maxsize=1)
def breaks(body: str) -> Sequence[Break]:
    """All line breaks of `body`, with the white space around them."""
    line_end = _LINE_END if any(end in body for end in _OTHER_LINE_ENDS) else _NEWLINE  # a search for one character is quick
    found = []
    at = 0
    for match in line_end.finditer(body):
        start, end = match.span()
        is_single = end == start + 1 or body.count("\n", start, end) <= 1
        while start > at and body[start - 1].isspace():
            start -= 1
        found.append(Break(start, end, is_single))
        at = end
    return found


@lru_cache(maxsize=1)
def is_printable(body: str) -> bool:
    """Besides printable characters, `body` holds only spaces and line feeds: no white space but these, nothing invisible."""
    return body.replace("\n", " ").isprintable()


def plainer(text: str) -> str:
    """Lower case, straight quotes."""
    return text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')


class Line:
    """One line of the body, without the white space around it. Offsets are code points of the body, `end` exclusive."""

    __slots__ = ("end", "ends_sentence", "index", "is_prose", "near", "plain", "says", "start", "text", "word_count")

    def __init__(self, index: int, start: int, text: str, near: bool, plain: str | None = None) -> None:
        self.index = index
        self.start = start
        self.end = start + len(text)
        self.text = text
        self.near = near
        """No blank line stands between it and the line before."""
        if plain is None:
            plain = " ".join(plainer(text).split())
        self.plain = plain if len(text) <= LONGEST_PATTERN_CHARS else ""
        """Lower case, straight quotes, single spaces; empty for a line too long to hold a phrase."""
        self.word_count = count = plain.count(" ") + 1 if plain else 0
        last = text[-1:]
        self.ends_sentence = last in _STOPS or (last in _CLOSING and _SENTENCE_END.search(text[-8:]) is not None)
        """It ends as sentences do (full stop, question or exclamation mark, perhaps a closing quote)."""
        self.is_prose = count >= _PROSE_WORDS and self.ends_sentence
        """A paragraph of running text rather than a heading, a label or an item."""
        self.says = _NOTHING
        """The tables of phrases.toml that have a phrase of it (`processors.cleaning.phrases`)."""

    @property
    def titled(self) -> float:
        """Share of capitalised words among those of four letters or more."""
        words = _LONG_WORD.findall(self.text[:LONGEST_PATTERN_CHARS])
        return sum(not word[0].islower() for word in words) / len(words) if words else 0.0

    @property
    def shouted(self) -> bool:
        """Its words are in capitals (but for a letter or two: `AMAs`, `McCAIN`)."""
        head = self.text[:12]
        if head != head.upper():
            return False
        letters = [c for c in self.text[:LONGEST_PATTERN_CHARS] if c.isalpha()]
        return bool(letters) and sum(map(str.isupper, letters)) >= 0.92 * len(letters)

    @property
    def is_item(self) -> bool:
        """An item of a list: it begins with a bullet or a number and a bracket or full stop."""
        return _ITEM.match(self.text) is not None

    @property
    def is_headline(self) -> bool:
        """What a headline of another article looks like: some words, no full stop."""
        if self.text.endswith((":", ";", ",")) or (self.ends_sentence and not self.text.endswith(("?", "!", "...", "…"))):
            return False
        return 3 <= self.word_count <= 24


@dataclass
class Lines:
    """The lines of an article, and what the steps have found of them so far."""

    body: str
    title: str | None
    lines: list[Line]
    names: frozenset[str] = frozenset()
    """Of the authors and the outlet, in lower case."""
    removed: dict[int, RemovedReason] = field(default_factory=dict)
    """By line index: why it goes."""
    inserts: list[tuple[int, int]] = field(default_factory=list)
    """Pieces inside a line that go (start, end in the body), sorted."""
    said: dict[str, list[Line]] = field(default_factory=dict)
    """By table of phrases.toml: the lines that have a phrase of it."""
    _kept: list[Line] | None = None
    _prose: range | None = None

    @classmethod
    def of(cls, body: str, title: str | None = None, joints: Iterable[Repair] = (), names: Iterable[str] = ()) -> "Lines":
        """Split `body` at its line ends, except at the `joints`: repairs that stand for a line end inside a sentence."""
        lowered = plainer(body)
        alike = len(lowered) == len(body) and is_printable(body)  # `İ` has two characters in lower case
        joined = {(joint.start, joint.end) for joint in joints}
        lines: list[Line] = []
        at, near = len(body) - len(body.lstrip()), False
        for start, end, single in [*breaks(body), Break(len(body.rstrip()), len(body), False)]:
            if (start, end) in joined or start <= at:
                continue
            if len(lines) == MAX_LINES:
                break
            plain = lowered[at:start] if alike else None
            if plain and ("  " in plain or "\n" in plain):
                plain = None
            lines.append(Line(len(lines), at, body[at:start], near, plain))
            at, near = end, single
        return cls(body, title, lines, frozenset(" ".join(name.lower().split()) for name in names))

    def remove(self, line: Line, reason: RemovedReason) -> None:
        """The line is not the article's prose. The first reason stays."""
        if line.index not in self.removed:
            self.removed[line.index] = reason
            self._kept = self._prose = None

    @property
    def kept(self) -> list[Line]:
        """The lines that no step has removed yet, as of now."""
        if self._kept is None:
            self._kept = [line for line in self.lines if line.index not in self.removed] if self.removed else self.lines
        return self._kept

    @property
    def shouts(self) -> bool:
        """More than a third of the article is in capitals: they say nothing about a line."""
        return sum(len(line.text) for line in self.lines if line.shouted) * 3 > len(self.body)

    @property
    def prose(self) -> range:
        """From the first to the last kept line of running text."""
        if self._prose is None:
            found = [line.index for line in self.kept if line.is_prose]
            self._prose = range(found[0], found[-1] + 1) if found else range(0)
        return self._prose


_HARD_WRAPPED_WIDTHS = range(50, 101)
"""Columns of agency copy whose lines are all cut to one width."""
_MIN_WRAPPED_LINES = 6
_SHORTEST_CUT_LINE_CHARS = 30


def breaks_inside_sentences(body: str) -> list[Repair]:
    """Line ends that cut a sentence in two, to be read as a space.

    A line that stops without punctuation before one that goes on in lower case; and, in text whose lines are all cut to
    one width (agency copy of 50 to 100 columns), every single line end but those after a short line.
    """
    ends = breaks(body)
    lengths = [after.start - before.end for before, after in pairwise(ends)]
    width = sorted(lengths)[len(lengths) * 9 // 10] if lengths else 0
    wrapped = (
        len(lengths) >= _MIN_WRAPPED_LINES
        and width in _HARD_WRAPPED_WIDTHS
        and sum(end.single for end in ends) * 2 > len(ends)
        and sum(length > width * 0.75 for length in lengths) * 3 > len(lengths) * 2
    )
    found = []
    at = 0
    for start, end, single in ends:
        length, at = start - at, end
        if end >= len(body) or length < _SHORTEST_CUT_LINE_CHARS:
            continue
        last, following = body[start - 1], body[end]
        if last in _STOPS and not wrapped:
            continue
        continues = (
            body[end : end + 2].islower() and not body.startswith(("http", "www."), end) and (last.isalnum() or last in ",-–—'’)")
        )
        cut = wrapped and single and length > width * 0.6 and (following.isalnum() or following in "\"'“‘($£€")
        if continues or cut:
            found.append(Repair(start=start, end=end, replacement=" "))
    return found
