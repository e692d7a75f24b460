"""What a story has published, and which of its articles speaks for it: what corrections and kills need to know.

At any time at most one article of a story has records published, the *active* one: the original, until an update takes its place
or a kill ends it. Usable copies stand by; when the active article is killed or withheld, the first of them takes over.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from schemas import PubStatus, Role

MAX_STANDBYS = 3
"""Copies remembered whole for each story."""
MAX_STANDBY_CHARS = 300_000
"""A longer copy is not remembered: a story's ledger must fit into one record."""
RETENTION = timedelta(days=30)
"""How long after an article (event time) its story's ledger is kept: later corrections publish anew but withdraw nothing."""
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)

RecordKey = tuple[str, str]
"""(topic, id) of a published record."""


@dataclass(frozen=True, slots=True)
class Version:
    """One article version of a story, as the ledger sees it."""

    uri: str
    story_id: str
    role: Role
    pub_status: PubStatus
    published_at: datetime
    dated: bool = True
    """Whether the article states its date; one that does not counts as of the newest stated before it."""


@dataclass(slots=True)
class Settlement:
    """What is to be done about one article version."""

    publish: bool = False
    """Publish the records that extraction gave for it."""
    withdraw: list[RecordKey] = field(default_factory=list)
    """Records that no longer hold, in order of publication."""
    promote: str | None = None
    """A copy that takes over, as it was remembered: extract it and settle it as the new original."""
    changes: list[tuple[str, dict[str, Any] | None]] = field(default_factory=list)
    """State records to remember: (story id, JSON value); None forgets the story."""


@dataclass(slots=True)
class _Story:
    clock: datetime
    """The ledger's clock when the story was last written."""
    active: str | None = None
    standbys: dict[str, str] = field(default_factory=dict)
    _published: bytes = b"[]"
    """As JSON: as lists of pairs, a million stories would take 4 GB more."""

    @property
    def published(self) -> list[RecordKey]:
        """The active article's records, in order."""
        return [(topic, id) for topic, id in orjson.loads(self._published)]

    @published.setter
    def published(self, keys: Iterable[RecordKey]) -> None:
        self._published = bytes(memoryview(orjson.dumps(list(keys))))  # a copy: what orjson returns keeps 4 KB for itself

    @property
    def expires_at(self) -> datetime:
        """When the story is forgotten; the calendar's end for one that a feed dates in its last days."""
        return self.clock + min(RETENTION, _LAST_INSTANT - self.clock)

    def to_json(self) -> dict[str, Any]:
        return {
            "clock": self.clock.isoformat(),
            "active": self.active,
            "published": self.published,
            "standbys": self.standbys,
        }


class Ledger:
    """The stories of one partition. A function of what it was shown, in that order; restored from its own changes."""

    def __init__(self) -> None:
        self._stories: dict[str, _Story] = {}
        self._expiry: list[tuple[datetime, str]] = []
        self._clock: datetime | None = None
        """The newest date stated by an article that changed something, so that it comes back with the state."""

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record; the later of a key wins."""
        if value is None:
            self._stories.pop(key, None)
            return
        clock = datetime.fromisoformat(value["clock"])
        story = self._stories[key] = _Story(clock, value["active"], dict(value["standbys"]))
        story.published = value["published"]
        heapq.heappush(self._expiry, (story.expires_at, key))
        self._clock = max(self._clock or clock, clock)

    def restored(self) -> None:
        """All state records were taken back: nothing is left to do."""

    def settle(self, version: Version, record: str, extracted: Iterable[RecordKey] | None) -> Settlement:
        """Decide what to publish and withdraw now that `version` has arrived.

        `record` is the article as JSON, remembered where it is a copy; `extracted` the records that extraction gave, None where
        it did not run (copies, kills). After a promotion, call again with what extraction gave for the promoted copy.
        """
        settlement = Settlement()
        clock = self._clock or version.published_at
        if version.dated:
            clock = max(clock, version.published_at)
        story = self._stories.get(version.story_id) or _Story(clock)
        usable = version.pub_status == "usable"
        standby = version.uri in story.standbys
        changed = False
        if usable and extracted is not None and (story.active is None or not standby):
            self._publish(story, version.uri, list(extracted), settlement)
            changed = True
        elif usable and version.role in ("copy", "update"):
            if len(record) <= MAX_STANDBY_CHARS and (standby or len(story.standbys) < MAX_STANDBYS):
                story.standbys[version.uri] = record
                changed = True
        elif not usable:
            changed = story.standbys.pop(version.uri, None) is not None
            if story.active == version.uri:
                self._publish(story, None, [], settlement)
                changed = True
        if story.active is None and story.standbys:
            settlement.promote = next(iter(story.standbys.values()))
        if changed:
            self._write(version.story_id, story, clock, settlement)
        return settlement

    def speaks(self, version: Version) -> bool:
        """Whether the story's published records are of this article."""
        story = self._stories.get(version.story_id)
        return story is not None and story.active == version.uri

    def abandon(self, story_id: str, uri: str) -> Settlement:
        """Forget a copy that could not be extracted when it was promoted; the next one, if there is one, is promoted."""
        settlement = Settlement()
        story = self._stories.get(story_id)
        if story is not None and story.standbys.pop(uri, None) is not None:
            if story.active is None and story.standbys:
                settlement.promote = next(iter(story.standbys.values()))
            self._write(story_id, story, self._clock or story.clock, settlement)
        return settlement

    def _write(self, story_id: str, story: _Story, clock: datetime, settlement: Settlement) -> None:
        """Remember the story as it is now, and forget those whose time has come."""
        self._clock = story.clock = clock
        self._stories[story_id] = story
        heapq.heappush(self._expiry, (story.expires_at, story_id))
        settlement.changes.append((story_id, story.to_json()))
        settlement.changes += self._expire(clock)

    @staticmethod
    def _publish(story: _Story, uri: str | None, keys: list[RecordKey], settlement: Settlement) -> None:
        """Make `uri` the active article (None: no article is) with these records."""
        now = set(keys)
        settlement.publish = uri is not None
        settlement.withdraw = [key for key in story.published if key not in now]
        story.active, story.published = uri, keys
        if uri is not None:
            story.standbys.pop(uri, None)

    def _expire(self, clock: datetime) -> list[tuple[str, None]]:
        gone: list[tuple[str, None]] = []
        while self._expiry and self._expiry[0][0] < clock:
            expires_at, story_id = heapq.heappop(self._expiry)
            story = self._stories.get(story_id)
            if story is not None and story.expires_at <= expires_at:
                del self._stories[story_id]
                gone.append((story_id, None))
        return gone
