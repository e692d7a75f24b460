"""What links stories: remembered for a bounded event time, published in versions.

A `Link` is one quote or one occurrence, with a *mention* of each story that tells of it; while two stories or more do, it has a
record. A `Follower` remembers all links of a kind.
"""

import heapq
from abc import ABC, abstractmethod
from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, Self, TypeVar

from processors import EXTRACTOR
from schemas import Digest, Report, Sighting

MOST_LINKS = 100_000
"""Of a kind, remembered in a partition (2.6 to 3.6 KB each were measured); of more, those are forgotten that nothing was new of for
the longest time."""
MOST_MENTIONS = 100
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)

Changes = list[tuple[str, dict[str, Any] | None]]
"""State records to remember: (key, JSON value), None forgets the key."""
MentionT = TypeVar("MentionT", Sighting, Report)
RecordT = TypeVar("RecordT")


@dataclass(slots=True, kw_only=True)
class Link(ABC, Generic[MentionT, RecordT]):
    """One link as it is remembered, in one story or more."""

    RETENTION: ClassVar[timedelta]
    """How long after its last change (event time) it can be joined."""
    MENTION: ClassVar[type]
    MENTIONS: ClassVar[str]
    """What its state calls its mentions."""
    FACTS: ClassVar[tuple[str, ...]] = ()
    """What its state has of it beside these."""

    id: str
    clock: datetime
    """The stories' clock at its last change."""
    mentions: list[MentionT]
    """In the order in which they joined."""
    left_out: int = 0
    """Mentions that are not kept any more."""
    version: int = 0
    """Of the record that was published last; 0: none was."""

    @abstractmethod
    def index_keys(self) -> Iterable[Hashable]:
        """By which it is found; each once."""

    @abstractmethod
    def likeness(self, mention: MentionT) -> int:
        """How much speaks for `mention` being of it; 0: something speaks against it, or too little for it."""

    @abstractmethod
    def record(self) -> RecordT:
        """The record of it as it is now."""

    @property
    def is_published(self) -> bool:
        return len(self.mentions) > 1

    @property
    def expires_at(self) -> datetime:
        return self.clock + min(self.RETENTION, _LAST_INSTANT - self.clock)

    @property
    def seen(self) -> list[MentionT]:
        """Its mentions by time."""
        return sorted(self.mentions, key=lambda mention: (mention.published_at, mention.story_id))

    def common(self) -> dict[str, Any]:
        """What the record of every link carries."""
        seen = self.seen
        return {
            "id": self.id,
            "version": self.version,
            "pub_status": "usable" if self.is_published else "canceled",
            "extractor": EXTRACTOR,
            "first_seen": seen[0].published_at,
            "last_seen": seen[-1].published_at,
            "outlets": list(dict.fromkeys(mention.outlet for mention in seen)),
            "stories": len(seen) + self.left_out,
        }

    def join(self, mention: MentionT) -> None:
        """Put a story's mention in, in the place of its earlier one."""
        for at, known in enumerate(self.mentions):
            if known.story_id == mention.story_id:
                self.mentions[at] = mention
                return
        self.mentions.append(mention)
        if len(self.mentions) > MOST_MENTIONS:
            del self.mentions[1]
            self.left_out += 1

    def leave(self, story_id: str) -> None:
        self.mentions = [mention for mention in self.mentions if mention.story_id != story_id]

    def to_json(self) -> dict[str, Any]:
        facts = {name: getattr(self, name) for name in self.FACTS}
        mentions = [mention.to_dict() for mention in self.mentions]
        kept = {self.MENTIONS: mentions, "left_out": self.left_out, "version": self.version}
        return {"clock": self.clock.isoformat(), **facts, **kept}

    @classmethod
    def from_json(cls, id: str, value: dict[str, Any]) -> Self:
        facts = {name: value[name] for name in cls.FACTS}
        mentions = [cls.MENTION(**mention) for mention in value[cls.MENTIONS]]
        kept = {"mentions": mentions, "left_out": value["left_out"], "version": value["version"]}
        return cls(id=id, clock=datetime.fromisoformat(value["clock"]), **facts, **kept)


class Follower(ABC, Generic[MentionT, RecordT]):
    """The links of a kind that can be joined. A function of the digests it was shown, in their order; restored from its changes,
    whatever their order, save that the later of a key wins."""

    LINK: ClassVar[type[Link[Any, Any]]]

    def __init__(self) -> None:
        self._known: dict[str, Link[MentionT, RecordT]] = {}
        self._holders: dict[Hashable, list[tuple[datetime, str]]] = {}
        """Key → clock and id of the links that have it, in order."""
        self._of_story: dict[str, set[str]] = {}
        self._expiry: list[tuple[datetime, str]] = []
        self._clock: datetime | None = None
        """The newest clock of those that are remembered, so that it comes back with the state."""

    @abstractmethod
    def _read(self, digest: Digest, clock: datetime) -> Iterator[Link[MentionT, RecordT]]:
        """What the story says, each as a link of its own, with one mention."""

    @abstractmethod
    def _likely(self, new: Link[MentionT, RecordT], taken: set[str]) -> Iterable[str]:
        """The links, those taken left out, with which a new one is compared."""

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one change; the later of a key wins, None forgets it."""
        if key in self._known:
            self._forget(self._known[key])
        if value is None:
            return
        link: Link[MentionT, RecordT] = self.LINK.from_json(key, value)
        self._clock = max(self._clock or link.clock, link.clock)
        self._remember(link)

    def follow(self, digest: Digest) -> tuple[list[RecordT], Changes]:
        """Take in what a story says now, in place of what it said before. Returns new versions and what to remember."""
        clock = self._clock or digest.published_at
        if digest.dated_by is None:
            clock = max(clock, digest.published_at)
        records: list[RecordT] = []
        changed: list[str] = []
        earlier, now = set(self._of_story.get(digest.story_id, ())), set[str]()
        for new in self._read(digest, clock):
            found = self._match(new, earlier, now) or self._known.get(new.id)
            (mention,) = new.mentions
            if found is None:
                self._remember(new)
                changed.append(new.id)
            elif found.id not in now and mention not in found.mentions:  # in `now`: the article says it twice
                records += self._change(found, clock, digest.story_id, mention)
                changed.append(found.id)
            now.add((found or new).id)
        for id in sorted(earlier - now):
            records += self._change(self._known[id], clock, digest.story_id, None)
            changed.append(id)
        if not changed:
            return [], []
        changed += self._expire(clock)
        self._clock = clock
        if not any(id in self._known for id in changed):  # no record says so
            self._clock = max((kept.clock for kept in self._known.values()), default=None)
        return records, [(id, self._known[id].to_json() if id in self._known else None) for id in dict.fromkeys(changed)]

    def _match(self, new: Link[MentionT, RecordT], earlier: set[str], taken: set[str]) -> Link[MentionT, RecordT] | None:
        """The link that is most like a new one; of equals the one in which the story stands already."""
        (mention,) = new.mentions
        scored = ((self._known[id].likeness(mention), id in earlier, id) for id in self._likely(new, taken))
        best = max((score for score in scored if score[0]), default=None)
        return None if best is None else self._known[best[2]]

    def _change(self, link: Link[MentionT, RecordT], clock: datetime, story_id: str, mention: MentionT | None) -> list[RecordT]:
        """Put what a story says now (None: nothing) into a link. Returns its record if it is published, or was until now."""
        self._forget(link)
        was_published = link.is_published
        if mention is None:
            link.leave(story_id)
        else:
            link.join(mention)
        if not link.mentions:
            return []
        link.clock = clock
        self._remember(link)
        if not (was_published or link.is_published):
            return []
        link.version += 1
        return [link.record()]

    def _remember(self, link: Link[MentionT, RecordT]) -> None:
        self._known[link.id] = link
        for key in link.index_keys():
            insort(self._holders.setdefault(key, []), (link.clock, link.id))
        for mention in link.mentions:
            self._of_story.setdefault(mention.story_id, set()).add(link.id)
        heapq.heappush(self._expiry, (link.expires_at, link.id))

    def _forget(self, link: Link[MentionT, RecordT]) -> None:
        """Undo `_remember`."""
        del self._known[link.id]
        for key in link.index_keys():
            holders = self._holders[key]
            del holders[bisect_left(holders, (link.clock, link.id))]
            if not holders:
                del self._holders[key]
        for mention in link.mentions:
            self._of_story[mention.story_id].discard(link.id)
            if not self._of_story[mention.story_id]:
                del self._of_story[mention.story_id]

    def _expire(self, clock: datetime) -> list[str]:
        gone: list[str] = []
        while self._expiry and (self._expiry[0][0] < clock or len(self._known) > MOST_LINKS):
            expires_at, id = heapq.heappop(self._expiry)
            link = self._known.get(id)
            if link is not None and link.expires_at <= expires_at:
                self._forget(link)
                gone.append(id)
        return gone
