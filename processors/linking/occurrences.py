"""Reports of one occurrence joined over stories, so that a subscriber counts what happened and not who wrote about it."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from processors import EXTRACTOR
from schemas import Actor, Digest, Event, Occurrence, Report

RETENTION = timedelta(days=4)
"""How long after its last new report (event time) an occurrence can be joined."""
APART = timedelta(hours=36)
"""Between two reports of one occurrence: the next day's papers. What the same two do again later is another occurrence."""
MOST_OCCURRENCES = 100_000
"""Remembered in a partition; of more, those are forgotten that were not reported for the longest time."""
MOST_REPORTS = 100
_MOST_COMPARED = 50
"""Occurrences of a type and an actor that a report is compared with, the latest."""
_DAY_APART = timedelta(days=1)
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)
_UNTYPED = "OTHER"


@dataclass(slots=True)
class _Occurrence:
    """An occurrence as it is remembered, in one story or more."""

    id: str
    clock: datetime
    """The stories' clock at its last change."""
    type: str
    factuality: str
    reports: list[Report] = field(default_factory=list)
    """In the order in which they joined."""
    left_out: int = 0
    """Reports that are not kept any more."""
    version: int = 0
    """Of the record that was published last; 0: none was."""

    @property
    def is_published(self) -> bool:
        return len(self.reports) > 1

    @property
    def expires_at(self) -> datetime:
        return self.clock + min(RETENTION, _LAST_INSTANT - self.clock)

    def names(self) -> set[str]:
        return {name for report in self.reports for name in (*report.source, *report.target)}

    def likeness(self, report: Report) -> int:
        """How much speaks for `report` being of it; 0: something speaks against it, or too little for it."""
        source, target = _shared(self.reports, report, "source"), _shared(self.reports, report, "target")
        places = {other.place for other in self.reports if other.place}
        times = {other.time for other in self.reports if other.time}
        if source < 0 or target < 0 or source + target == 0:
            return 0
        if report.place and places and not any(_within(report.place, place) for place in places):
            return 0
        if report.time and times and not any(_same_day(report.time, time) for time in times):
            return 0
        if not any(abs(report.published_at - other.published_at) <= APART for other in self.reports):
            return 0
        likeness = source + target + (report.place in places) + (report.time in times)
        return likeness if likeness > 1 else 0

    def join(self, report: Report) -> None:
        """Put a story's report in, in the place of its earlier one."""
        for at, known in enumerate(self.reports):
            if known.story_id == report.story_id:
                self.reports[at] = report
                return
        self.reports.append(report)
        if len(self.reports) > MOST_REPORTS:
            del self.reports[1]
            self.left_out += 1

    def leave(self, story_id: str) -> None:
        self.reports = [report for report in self.reports if report.story_id != story_id]

    def record(self) -> Occurrence:
        """The record of this occurrence as it is now. It has at least one report."""
        seen = sorted(self.reports, key=lambda report: (report.published_at, report.story_id))
        return Occurrence(
            id=self.id,
            version=self.version,
            pub_status="usable" if self.is_published else "canceled",
            extractor=EXTRACTOR,
            type=self.type,
            factuality=self.factuality,
            source=_usual([name for report in seen for name in report.source]),
            target=_usual([name for report in seen for name in report.target]),
            place=next(iter(_usual([report.place for report in seen if report.place])), None),
            time=next(iter(_usual([report.time for report in seen if report.time])), None),
            first_seen=seen[0].published_at,
            last_seen=seen[-1].published_at,
            outlets=list(dict.fromkeys(report.outlet for report in seen)),
            stories=len(seen) + self.left_out,
            reports=seen,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "clock": self.clock.isoformat(),
            "type": self.type,
            "factuality": self.factuality,
            "reports": [report.to_dict() for report in self.reports],
            "left_out": self.left_out,
            "version": self.version,
        }


class Occurrences:
    """The occurrences that can be joined."""

    def __init__(self) -> None:
        self._known: dict[str, _Occurrence] = {}
        self._holders: dict[tuple[str, str, str], list[str]] = {}
        """(type, factuality, name of an actor) → the occurrences that have it."""
        self._of_story: dict[str, set[str]] = {}
        self._expiry: list[tuple[datetime, str]] = []
        self._clock: datetime | None = None
        """The newest clock of those that are remembered, so that it comes back with the state."""

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record; the later of a key wins."""
        if key in self._known:
            self._forget(self._known[key])
        if value is None:
            return
        clock = datetime.fromisoformat(value["clock"])
        reports = [Report(**report) for report in value["reports"]]
        self._clock = max(self._clock or clock, clock)
        self._remember(_Occurrence(key, clock, value["type"], value["factuality"], reports, value["left_out"], value["version"]))

    def follow(self, digest: Digest) -> tuple[list[Occurrence], list[tuple[str, dict[str, Any] | None]]]:
        """Take in what a story reports now, in place of what it reported before. Returns new versions and what to remember."""
        clock = self._clock or digest.published_at
        if digest.dated_by is None:
            clock = max(clock, digest.published_at)
        records: list[Occurrence] = []
        changed: list[str] = []
        earlier, now = set(self._of_story.get(digest.story_id, ())), set[str]()
        for event in digest.events:
            report = _report(digest, event)
            if event.type == _UNTYPED or not (report.source or report.target):
                continue
            found = self._match(event, report, earlier, now) or self._known.get(event.id)
            found = found or _Occurrence(event.id, clock, event.type, event.factuality)
            if found.id in now:  # the article reports it twice
                continue
            now.add(found.id)
            if report in found.reports:
                continue
            if found.reports:
                self._forget(found)
            was_published = found.is_published
            found.join(report)
            changed.append(found.id)
            records += self._change(found, clock, was_published)
            self._remember(found)
        for found in [self._known[id] for id in sorted(earlier - now)]:
            self._forget(found)
            was_published = found.is_published
            found.leave(digest.story_id)
            changed.append(found.id)
            if found.reports:
                records += self._change(found, clock, was_published)
                self._remember(found)
        if not changed:
            return [], []
        self._clock = clock
        if any(id not in self._known for id in changed):  # maybe no record says so any more
            self._clock = max((kept.clock for kept in self._known.values()), default=None)
        changed += self._expire(clock)
        return records, [(id, self._known[id].to_json() if id in self._known else None) for id in dict.fromkeys(changed)]

    def _match(self, event: Event, report: Report, earlier: set[str], taken: set[str]) -> _Occurrence | None:
        """The occurrence that is most like the report; of equals the one in which the story stands already."""
        names = {*report.source, *report.target}
        holders = {id for name in names for id in self._holders.get((event.type, event.factuality, name), ())} - taken
        latest = heapq.nlargest(_MOST_COMPARED, holders, key=lambda id: (self._known[id].clock, id))
        scored = ((self._known[id].likeness(report), id in earlier, id) for id in latest)
        best = max((score for score in scored if score[0]), default=None)
        return None if best is None else self._known[best[2]]

    @staticmethod
    def _change(found: _Occurrence, clock: datetime, was_published: bool) -> list[Occurrence]:
        """Date the change; the record of an occurrence that is published, or was until now."""
        found.clock = clock
        if not (was_published or found.is_published):
            return []
        found.version += 1
        return [found.record()]

    def _remember(self, found: _Occurrence) -> None:
        self._known[found.id] = found
        for name in found.names():
            self._holders.setdefault((found.type, found.factuality, name), []).append(found.id)
        for report in found.reports:
            self._of_story.setdefault(report.story_id, set()).add(found.id)
        heapq.heappush(self._expiry, (found.expires_at, found.id))

    def _forget(self, found: _Occurrence) -> None:
        """Undo `_remember`."""
        del self._known[found.id]
        for name in found.names():
            key = found.type, found.factuality, name
            self._holders[key].remove(found.id)
            if not self._holders[key]:
                del self._holders[key]
        for story_id in {report.story_id for report in found.reports}:
            self._of_story[story_id].discard(found.id)
            if not self._of_story[story_id]:
                del self._of_story[story_id]

    def _expire(self, clock: datetime) -> list[str]:
        gone: list[str] = []
        while self._expiry and (self._expiry[0][0] < clock or len(self._known) > MOST_OCCURRENCES):
            expires_at, id = heapq.heappop(self._expiry)
            found = self._known.get(id)
            if found is not None and found.expires_at <= expires_at:
                self._forget(found)
                gone.append(id)
        return gone


def _report(digest: Digest, event: Event) -> Report:
    place = event.place
    return Report(
        event_id=event.id,
        article_uri=digest.article_uri,
        story_id=digest.story_id,
        outlet=digest.outlet,
        published_at=digest.published_at,
        source=_names(event.source),
        target=_names(event.target),
        place=None if place is None else f"{place.country or ''}/{place.admin1 or ''}/{place.name}",
        time=None if event.time is None else event.time.value[:10],
    )


def _names(actors: list[Actor]) -> list[str]:
    """Names that mean the same in every story: of people, bodies, countries; not "the man"."""
    return sorted({actor.name for actor in actors if actor.name[:1].isupper() or actor.kind in ("country", "organisation")})


def _shared(reports: list[Report], report: Report, role: str) -> int:
    """1: a name is shared; 0: one of both names nobody; -1: all are others."""
    known = {name for other in reports for name in getattr(other, role)}
    named = set(getattr(report, role))
    return 1 if known & named else -1 if known and named else 0


def _same_day(one: str, other: str) -> bool:
    """Whether two dates may be one: one within the other, or a day apart, as night and time zones make them."""
    if one.startswith(other) or other.startswith(one):
        return True
    try:
        return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= _DAY_APART
    except ValueError:  # a week or quarter
        return False


def _within(one: str, other: str) -> bool:
    """Whether one place may be, or lie in, the other: Lusaka in its province, the province in Zambia."""
    (country, region, _), (other_country, other_region, _) = one.split("/", 2), other.split("/", 2)
    return country == other_country and (region == other_region or not region or not other_region)


def _usual(values: list[str]) -> list[str]:
    """The values, most frequent first, then as they came."""
    return [value for value, _ in Counter(values).most_common()]
