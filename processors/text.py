"""The text that processors read, made from a body by leaving out and replacing pieces, and the way back to the body."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeVar

from schemas import Range, Repair, Span

R = TypeVar("R", bound=Range)


def outside(ranges: Iterable[R], removed: Sequence[Range]) -> list[R]:
    """The ranges that do not begin in what is removed (`removed`: sorted, apart)."""
    starts = [r.start for r in removed]
    return [range for range in ranges if (n := bisect_right(starts, range.start) - 1) < 0 or removed[n].end <= range.start]


class TextView:
    """A copy of `body` without the `removed` ranges and with the `repaired` ones replaced.

    Offsets into `text` (Unicode code points, end exclusive) are mapped to offsets into `body`, so that what is found in the copy
    is published where it stands in the original. Ranges may come in any order; of overlapping ones the earlier wins.
    """

    def __init__(self, body: str, removed: Iterable[Range] = (), repaired: Iterable[Repair] = ()) -> None:
        self.body = body
        edits = sorted(
            [(r.start, r.end, "") for r in removed] + [(r.start, r.end, r.replacement) for r in repaired],
            key=lambda edit: (edit[0], -edit[1]),
        )
        # Runs of the copy: where each begins in the copy and in the body, where it ends in the body, and whether it was replaced.
        self._text_starts: list[int] = []
        self._body_starts: list[int] = []
        self._body_ends: list[int] = []
        self._replaced: list[bool] = []
        parts: list[str] = []
        length = at = 0

        def add(start: int, end: int, replacement: str | None) -> None:
            nonlocal length
            part = body[start:end] if replacement is None else replacement
            if not part:
                return
            self._text_starts.append(length)
            self._body_starts.append(start)
            self._body_ends.append(end)
            self._replaced.append(replacement is not None)
            parts.append(part)
            length += len(part)

        for start, end, replacement in edits:
            if start < at:  # inside an earlier edit: only what goes beyond it is left out
                at = max(at, end)
                continue
            add(at, start, None)
            add(start, end, replacement)
            at = end
        add(at, len(body), None)
        self.text = "".join(parts)

    def offset(self, position: int) -> int:
        """Where in the body the character at `position` of the copy comes from."""
        run = bisect_right(self._text_starts, position) - 1
        if run < 0:
            return 0
        if self._replaced[run]:
            return self._body_starts[run]
        return min(self._body_starts[run] + position - self._text_starts[run], self._body_ends[run])

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The body's range behind `text[start:end]`, from its first to its last character, whatever was left out between."""
        if end <= start:
            at = self.offset(start)
            return at, at
        last = bisect_right(self._text_starts, end - 1) - 1
        if not self._replaced[last] and self._text_starts[last] <= start:  # all in one run, as most ranges are
            moved = self._body_starts[last] - self._text_starts[last]
            return start + moved, end + moved
        stop = self._body_ends[last] if self._replaced[last] else self.offset(end - 1) + 1
        return self.offset(start), stop

    def reading(self, start: int, end: int) -> str:
        """What `body[start:end]` reads as in the copy; of a piece that was replaced, all of it."""
        first, last = bisect_right(self._body_starts, start) - 1, bisect_left(self._body_starts, end)
        parts = []
        for run in range(max(first, 0), last):
            run_start, run_end = self._body_starts[run], self._body_ends[run]
            if not self._replaced[run]:
                parts.append(self.body[max(start, run_start) : min(end, run_end)])
            elif run_end > start:
                at = self._text_starts[run]
                stop = self._text_starts[run + 1] if run + 1 < len(self._text_starts) else len(self.text)
                parts.append(self.text[at:stop])
        return "".join(parts)

    def span(self, start: int, end: int) -> Span:
        """`text[start:end]` as one span of the body."""
        return Span.of(self.body, *self.range(start, end))

    def spans(self, start: int, end: int) -> list[Span]:
        """`text[start:end]` as spans of the body, cut where something was left out between; blank pieces are not given."""
        first, last = bisect_right(self._text_starts, start) - 1, bisect_left(self._text_starts, end)
        ranges: list[tuple[int, int]] = []
        for run in range(max(first, 0), last):
            run_start = self._text_starts[run]
            run_end = self._text_starts[run + 1] if run + 1 < len(self._text_starts) else len(self.text)
            a, b = self.range(max(start, run_start), min(end, run_end))
            if ranges and ranges[-1][1] == a:
                ranges[-1] = (ranges[-1][0], b)
            else:
                ranges.append((a, b))
        spans = []
        for a, b in ranges:
            text = self.body[a:b]
            a += len(text) - len(text.lstrip())
            b -= len(text) - len(text.rstrip())
            if a < b:
                spans.append(Span.of(self.body, a, b))
        return spans
