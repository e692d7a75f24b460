"""An article as its lines: what the cleaning steps look at, and where each line stands in the body."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from schemas import Repair
from schemas.article import RemovedReason

LONGEST_PATTERN_CHARS = 1_000
"""No phrase is looked for in a longer line: it is prose, and the bound keeps the cost of a line constant."""

_BREAK = re.compile(r"[^\S\r\n\x0b\x0c\u2028\u2029]*(?:\r\n|[\n\r\x0b\x0c\u2028\u2029])\s*")
_WORD = re.compile(r"\w[\w'’.-]*")
_SENTENCE_END = re.compile(r"[.!?…。！？।]['\"”’»›)\]]*$")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\xa0": " ", "\u202f": " ", "\t": " "})


@dataclass(slots=True)
class Line:
    """One line of the body, without the white space around it. Offsets are code points of the body, `end` exclusive."""

    index: int
    start: int
    end: int
    text: str
    near: bool
    """No blank line stands between it and the line before."""
    plain: str = ""
    """Lower case, straight quotes, single spaces; empty for a line too long to hold a phrase."""
    word_count: int = 0
    ends_sentence: bool = False
    """It ends as sentences do (full stop, question or exclamation mark, perhaps a closing quote)."""
    titled: float = 0.0
    """Share of capitalised words among those of four letters or more."""
    shouted: bool = False
    """All its letters are capitals."""

    def __post_init__(self) -> None:
        text = self.text
        head = text[:LONGEST_PATTERN_CHARS]
        if len(text) <= LONGEST_PATTERN_CHARS:
            self.plain = " ".join(text.translate(_PLAIN).lower().split())
        words = _WORD.findall(head)
        self.word_count = len(words) if head is text or len(head) == len(text) else max(len(words), len(text) // 6)
        self.ends_sentence = _SENTENCE_END.search(text[-8:]) is not None
        long_words = [w for w in words if len(w) >= 4]
        self.titled = sum(w[0].isupper() or w[0].isdigit() for w in long_words) / len(long_words) if long_words else 0.0
        self.shouted = head.isupper()

    @property
    def is_prose(self) -> bool:
        """A paragraph of running text rather than a heading, a label or an item."""
        return self.word_count >= 8 and self.ends_sentence

    @property
    def is_headline(self) -> bool:
        """What a headline of another article looks like: some words, no full stop."""
        return 3 <= self.word_count <= 24 and not self.text.endswith((".", ":", "…", ";", ","))


@dataclass
class Lines:
    """The lines of an article, and what the steps have found of them so far."""

    body: str
    title: str | None
    lines: list[Line]
    removed: dict[int, RemovedReason] = field(default_factory=dict)
    """By line index: why it goes."""

    @classmethod
    def of(cls, body: str, title: str | None = None, joints: list[Repair] = []) -> "Lines":  # noqa: B006 (never changed)
        """Split `body` at its line ends, except at `joints`: line ends inside a sentence."""
        joined = {joint.start: joint.end for joint in joints}
        lines: list[Line] = []
        at, near = len(body) - len(body.lstrip()), False

        def add(end: int) -> None:
            nonlocal at
            end = at + len(body[at:end].rstrip())
            if end > at:
                lines.append(Line(len(lines), at, end, body[at:end], near))

        for line_break in _BREAK.finditer(body, at):
            if line_break.start() in joined:
                continue
            add(line_break.start())
            at, near = line_break.end(), len(re.findall(r"\r\n|[\n\r\x0b\x0c\u2028\u2029]", line_break[0])) == 1
        add(len(body))
        return cls(body, title, lines)

    def remove(self, line: Line, reason: RemovedReason) -> None:
        """The line is not the article's prose. The first reason stays."""
        self.removed.setdefault(line.index, reason)

    @property
    def kept(self) -> list[Line]:
        """The lines that no step has removed yet."""
        return [line for line in self.lines if line.index not in self.removed]

    def is_kept(self, index: int) -> bool:
        """There is such a line, and no step has removed it yet."""
        return 0 <= index < len(self.lines) and index not in self.removed

    @cached_property
    def shouts(self) -> bool:
        """More than a third of the article is in capitals: they say nothing about a line."""
        return sum(len(line.text) for line in self.lines if line.shouted) * 3 > len(self.body)

    @property
    def prose(self) -> range:
        """From the first to the last kept line of running text."""
        found = [line.index for line in self.kept if line.is_prose]
        return range(found[0], found[-1] + 1) if found else range(0)


def breaks_inside_sentences(body: str) -> list[Repair]:
    """Line ends that cut a sentence in two, to be read as a space.

    A line that stops without punctuation before one that goes on in lower case; and, in text whose lines are all cut to
    one width (agency copy of 60 to 100 columns), every single line end but those after a short line.
    """
    breaks = list(_BREAK.finditer(body))
    edges = [(a.end(), b.start()) for a, b in pairwise(breaks)]
    lengths = [end - start for start, end in edges if end > start]
    singles = sum(1 for b in breaks if b[0].strip(" \t\r") == "\n")
    full = sorted(lengths)[len(lengths) * 9 // 10] if lengths else 0
    wrapped = (
        len(lengths) >= 6
        and 50 <= full <= 100
        and singles * 2 > len(breaks)
        and sum(n > full * 0.75 for n in lengths) * 3 > len(lengths) * 2
    )
    found = []
    at = 0
    for line_break in breaks:
        start, end = line_break.span()
        length, at = start - at, end
        if end >= len(body) or length < 30:
            continue
        last, following = body[start - 1], body[end]
        single = line_break[0].strip(" \t\r") == "\n"
        continues = body[end : end + 2].islower() and (last.isalnum() or last in ",-–—'’)")
        if continues or (wrapped and single and length > full * 0.6 and (following.isalnum() or following in "\"'“‘($£€")):
            found.append(Repair(start=start, end=end, replacement=" "))
    return found
