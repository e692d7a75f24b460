"""Where and when an event took place, and which claim reports it: from what `entities` and `claims` found around its trigger."""

import re
from bisect import bisect_left, bisect_right
from typing import TypeVar

from spacy.tokens import Doc

from processors.document import Piece, article_of, claims_of, entities_of, view_of
from processors.events.parse import Parse
from schemas import DateMention, Place, PlaceMention

MAX_NEAR = 12
"""Places or dates on either side of an event that are looked at."""
Mentioned = TypeVar("Mentioned", PlaceMention, DateMention)

_QUOTATION = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"")
_PLACING = frozenset(
    {"in", "at", "near", "outside", "across", "throughout", "inside", "around", "from", "to", "over", "off", "along"}
)


class Context:
    """Places, dates and claims of one Doc, by token."""

    def __init__(self, doc: Doc, parse: Parse) -> None:
        self.parse = parse
        entities, view, article = entities_of(doc), view_of(doc), article_of(doc)
        self.places: list[list[tuple[int, int, PlaceMention]]] = [[] for _ in parse.sentences]
        self.dates: list[list[tuple[int, int, DateMention]]] = [[] for _ in parse.sentences]
        self.dateline: tuple[Piece, Place] | None = None
        self.skipped: set[int] = set()
        """Tokens of datelines, which are no participants."""
        lines = [m for m in article.marks if m.kind == "dateline"] if article is not None else []
        corrections = [m for m in article.marks if m.kind == "correction"] if article is not None else []
        self._claims = sorted((start, end, n) for n, claim in enumerate(claims_of(doc)) for start, end in claim.content)
        self._quotes = [(m.start(), m.end()) for m in _QUOTATION.finditer(view.text)]
        if not (entities.places or entities.dates or lines or corrections):
            return

        def token_at(offset: int) -> int:
            """The first token that does not begin before this offset of the body."""
            return bisect_left(parse.start, offset, key=view.offset)

        for mark in (*lines, *corrections):
            self.skipped.update(range(token_at(mark.start), token_at(mark.end)))
        for place in entities.places:
            first, last = token_at(place.start), token_at(place.end) - 1
            if first > last or first >= len(parse.start):
                continue
            if any(m.start <= place.start < m.end for m in lines):
                self.dateline = self.dateline or ((parse.start[first], parse.end[last]), _place(place))
            else:
                self.places[parse.sentence[first]].append((first, last, place))
        for date in entities.dates:
            first, last = token_at(date.start), token_at(date.end) - 1
            if first <= last and first < len(parse.start):
                self.dates[parse.sentence[first]].append((first, last, date))

    def place(self, trigger: int, holder: int, participants: set[int], today: bool) -> tuple[Piece | None, Place] | None:
        """Where it happened: the place that a preposition ties to the event, else the nearest so placed in its clause, else, for
        the day's news, the dateline. The participants' own names (tokens) are no places."""
        p = self.parse
        if not (places := self.places[p.sentence[trigger]]):
            return self.dateline if today else None
        best: tuple[tuple[int, int], tuple[Piece, Place]] | None = None
        clauses = {p.clause(trigger), p.clause(holder)}
        for first, last, place in _near(places, trigger):
            if place.kind != "name" or participants & set(range(first, last + 1)):
                continue
            head = next((i for i in range(first, last + 1) if not first <= p.head[i] <= last), last)
            preposition = p.head[head]
            if p.dep[head] != "pobj" or p.lower[preposition] not in _PLACING:
                continue
            governor = p.head[preposition]
            if governor not in {trigger, holder} and p.clause(preposition) not in clauses:
                continue
            key = governor not in {trigger, holder}, abs(first - trigger)
            if best is None or key < best[0]:
                best = key, ((p.start[first], p.end[last]), _place(place))
        if best is not None:
            return best[1]
        return self.dateline if today else None

    def time(self, trigger: int, holder: int) -> tuple[Piece | None, str] | None:
        """When it happened: the nearest date of the event's clause, else of the clauses above it."""
        p = self.parse
        if not (dates := self.dates[p.sentence[trigger]]):
            return None
        best: tuple[tuple[int, int], tuple[Piece, str]] | None = None
        above = [trigger, holder, p.clause(trigger), *p.ancestors(p.clause(trigger))]
        for first, last, date in _near(dates, trigger):
            clause = p.clause(last)
            if clause not in above:
                continue
            key = above.index(clause), abs(first - trigger)
            if best is None or key < best[0]:
                best = key, ((p.start[first], p.end[last]), date.value)
        return best[1] if best is not None else None

    def is_quoted(self, trigger: int) -> bool:
        """Whether the trigger stands in a quotation."""
        at = self.parse.start[trigger]
        n = bisect_right(self._quotes, (at, self.parse.end[-1] + 1)) - 1
        return n >= 0 and self._quotes[n][0] <= at < self._quotes[n][1]

    def claim(self, trigger: int) -> int | None:
        """The innermost claim whose content holds the trigger."""
        at = self.parse.start[trigger]
        before = bisect_right(self._claims, (at, self.parse.end[-1] + 1, 0))
        for start, end, n in reversed(self._claims[max(0, before - 8) : before]):
            if start <= at < end:
                return n
        return None


def _near(found: list[tuple[int, int, Mentioned]], trigger: int) -> list[tuple[int, int, Mentioned]]:
    """The places or dates of a sentence around a token: a list of ten thousand towns is one sentence too."""
    at = bisect_left(found, trigger, key=lambda mention: mention[0])
    return found[max(0, at - MAX_NEAR) : at + MAX_NEAR]


def _place(mention: PlaceMention) -> Place:
    return Place(**mention.model_dump(exclude={"start", "end", "text", "field", "kind"}))
