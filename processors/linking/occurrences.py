"""Reports of one occurrence joined over stories, so that a subscriber counts what happened and not who wrote about it."""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from processors.linking.link import Follower, Link
from processors.places import may_be_one
from schemas import Actor, Digest, Event, EventPlace, Occurrence, Report, Span

APART = timedelta(hours=36)
"""Between two reports of one occurrence: the next day's papers. What the same two do again later is another occurrence."""
_MOST_COMPARED = 50
"""Occurrences of a type and an actor that a report is compared with, the latest."""
_DAY_APART = timedelta(days=1)
_UNTYPED = "OTHER"
_ALIKE = (
    frozenset({"attack", "kill", "bomb", "shoot", "beat", "war", "destroy", "seize"}),
    frozenset({"visit", "talks", "mediate"}),
    frozenset({"demo", "riot", "obstruct"}),
    frozenset({"refuse", "deny", "defy", "veto"}),
    frozenset({"disapprove", "allege"}),
    frozenset({"endorse", "sign", "relations"}),
)
"""Modes by which reports of one act differ. Else another mode is another act: a call is no visit, an arrest no deportation."""


@dataclass(slots=True, kw_only=True)
class _Occurrence(Link[Report, Occurrence]):
    RETENTION = timedelta(days=4)
    MENTION = Report
    MENTIONS = "reports"
    FACTS = ("type", "factuality")

    type: str
    factuality: str

    def index_keys(self) -> set[tuple[str, str, str]]:
        """The names of its actors."""
        names = (name for report in self.mentions for name in (*report.source, *report.target))
        return {(self.type, self.factuality, name) for name in names}

    def likeness(self, report: Report) -> int:
        source, target = _shared(self.mentions, report, "source"), _shared(self.mentions, report, "target")
        if source < 0 or target < 0 or source + target == 0:
            return 0
        places = {other.place for other in self.mentions if other.place}
        times = {other.time for other in self.mentions if other.time}
        if report.place and not all(_may_be_one(report.place, place) for place in places):
            return 0
        if report.mode and not all(_alike(report.mode, other.mode) for other in self.mentions if other.mode):
            return 0
        if report.time and times and not any(_same_day(report.time, time) for time in times):
            return 0
        if not any(abs(report.published_at - other.published_at) <= APART for other in self.mentions):
            return 0
        likeness = source + target + (report.place in places) + (report.time in times)
        return likeness if likeness > 1 else 0

    def record(self) -> Occurrence:
        seen = self.seen
        return Occurrence(
            **self.common(),
            type=self.type,
            factuality=self.factuality,
            source=_usual([name for report in seen for name in report.source]),
            target=_usual([name for report in seen for name in report.target]),
            place=next(iter(_usual([report.place for report in seen if report.place])), None),
            time=next(iter(_usual([report.time for report in seen if report.time])), None),
            reports=seen,
        )


class Occurrences(Follower[Report, Occurrence]):
    """The occurrences that can be joined."""

    LINK = _Occurrence

    def _read(self, digest: Digest, clock: datetime) -> Iterator[_Occurrence]:
        for event in digest.events:
            report = _report(digest, event)
            if event.type != _UNTYPED and (report.source or report.target):
                yield _Occurrence(id=event.id, clock=clock, mentions=[report], type=event.type, factuality=event.factuality)

    def _likely(self, new: Link[Report, Occurrence], taken: set[str]) -> list[str]:
        """The latest ones of its type that share an actor."""
        latest = {
            holder
            for key in new.index_keys()
            for holder in islice((held for held in reversed(self._holders.get(key, ())) if held[1] not in taken), _MOST_COMPARED)
        }
        return [id for _, id in heapq.nlargest(_MOST_COMPARED, latest)]


def _report(digest: Digest, event: Event) -> Report:
    return Report(
        event_id=event.id,
        article_uri=digest.article_uri,
        story_id=digest.story_id,
        outlet=digest.outlet,
        published_at=digest.published_at,
        source=_names(event.source),
        target=_names(event.target),
        mode=event.mode,
        place=None if event.place is None else _where(event.place, event.sentence),
        time=None if event.time is None else event.time.value[:10],
    )


def _where(place: EventPlace, sentence: Span) -> str:
    """Country, division and name; of a dateline, which stands outside the sentence, only the division that it is in."""
    told = place.span is None or sentence.start <= place.span.start < sentence.end
    return f"{place.country or ''}/{place.admin1 or ''}/{place.name if told or not place.admin1 else place.admin1}"


def _names(actors: list[Actor]) -> list[str]:
    """Names that mean the same in every story: of people, bodies, countries; not "the man"."""
    return sorted({actor.name for actor in actors if actor.name[:1].isupper() or actor.kind in ("country", "organisation")})


def _shared(reports: list[Report], report: Report, role: str) -> int:
    """1: a name is shared; 0: one of both names nobody; -1: all are others."""
    named, somebody = getattr(report, role), False
    for other in reports if named else ():
        known = getattr(other, role)
        if any(name in known for name in named):
            return 1
        somebody = somebody or bool(known)
    return -1 if somebody else 0


def _same_day(one: str, other: str) -> bool:
    """Whether two dates may be one: one within the other, or a day apart, as night and time zones make them."""
    if one.startswith(other) or other.startswith(one):
        return True
    try:
        return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= _DAY_APART
    except ValueError:  # a week or quarter
        return False


def _may_be_one(one: str, other: str) -> bool:
    """Whether two places of reports may be one."""
    country, region, name = one.split("/", 2)
    other_country, other_region, other_name = other.split("/", 2)
    return may_be_one((country, region, name), (other_country, other_region, other_name))


def _alike(one: str, other: str) -> bool:
    """Whether two modes may be of one act."""
    return one == other or any(one in modes and other in modes for modes in _ALIKE)


def _usual(values: list[str]) -> list[str]:
    """The values, most frequent first, then as they came."""
    return [value for value, _ in Counter(values).most_common()]
