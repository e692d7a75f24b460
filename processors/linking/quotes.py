"""One quote followed over stories, outlets and days."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from processors import EXTRACTOR
from processors.linking.wording import SURE_WORDS, Wording, is_name, same_speaker
from schemas import Digest, Quote, Quoted, Sighting

RETENTION = timedelta(days=14)
"""How long after its last new sighting (event time) a quote can be joined."""
MOST_QUOTES = 100_000
"""Remembered in a partition; of more, those are forgotten that were not seen for the longest time."""
MOST_SIGHTINGS = 100
_MOST_HOLDERS = 200
"""Three words that more quotes have tell nothing."""
_MOST_COMPARED = 8
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Quote:
    """A quote as it is remembered, in one story or more."""

    id: str
    clock: datetime
    """The stories' clock at its last change."""
    sightings: list[Sighting] = field(default_factory=list)
    """In the order in which they joined."""
    left_out: int = 0
    """Sightings that are not kept any more."""
    version: int = 0
    """Of the record that was published last; 0: none was."""

    @property
    def text(self) -> str:
        return max((sighting.text for sighting in self.sightings), key=len)

    @property
    def is_published(self) -> bool:
        return len(self.sightings) > 1

    @property
    def expires_at(self) -> datetime:
        return self.clock + min(RETENTION, _LAST_INSTANT - self.clock)

    def join(self, sighting: Sighting) -> bool:
        """Put a story's sighting in, in the place of its earlier one. Returns whether that changed anything."""
        for at, known in enumerate(self.sightings):
            if known.story_id == sighting.story_id:
                self.sightings[at] = sighting
                return known != sighting
        self.sightings.append(sighting)
        if len(self.sightings) > MOST_SIGHTINGS:
            del self.sightings[1]
            self.left_out += 1
        return True

    def leave(self, story_id: str) -> None:
        self.sightings = [sighting for sighting in self.sightings if sighting.story_id != story_id]

    def record(self) -> Quote:
        """The record of this quote as it is now. It has at least one sighting."""
        seen = sorted(self.sightings, key=lambda sighting: (sighting.published_at, sighting.story_id))
        names = Counter(sighting.speaker for sighting in seen if sighting.speaker is not None and is_name(sighting.speaker))
        return Quote(
            id=self.id,
            version=self.version,
            pub_status="usable" if self.is_published else "canceled",
            extractor=EXTRACTOR,
            speaker=names.most_common(1)[0][0] if names else seen[0].speaker,
            text=self.text,
            first_seen=seen[0].published_at,
            last_seen=seen[-1].published_at,
            outlets=list(dict.fromkeys(sighting.outlet for sighting in seen)),
            stories=len(seen) + self.left_out,
            sightings=seen,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "clock": self.clock.isoformat(),
            "sightings": [sighting.to_dict() for sighting in self.sightings],
            "left_out": self.left_out,
            "version": self.version,
        }


class Quotes:
    """The quotes that can be joined. Whether two match does not depend on what else is remembered, save for three words in sequence
    that very many have."""

    def __init__(self) -> None:
        self._quotes: dict[str, _Quote] = {}
        self._holders: dict[int, list[str]] = {}
        """Landmark → the quotes that have it."""
        self._of_story: dict[str, set[str]] = {}
        self._expiry: list[tuple[datetime, str]] = []
        self._clock: datetime | None = None
        """The newest clock of those that are remembered, so that it comes back with the state."""

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record; the later of a key wins."""
        if key in self._quotes:
            self._forget(self._quotes[key])
        if value is None:
            return
        sightings = [Sighting(**sighting) for sighting in value["sightings"]]
        quote = _Quote(key, datetime.fromisoformat(value["clock"]), sightings, value["left_out"], value["version"])
        self._clock = max(self._clock or quote.clock, quote.clock)
        self._remember(quote)

    def follow(self, digest: Digest) -> tuple[list[Quote], list[tuple[str, dict[str, Any] | None]]]:
        """Take in what a story quotes now, in place of what it quoted before. Returns new versions and what to remember."""
        clock = self._clock or digest.published_at
        if digest.dated_by is None:
            clock = max(clock, digest.published_at)
        records: list[Quote] = []
        changed: list[str] = []
        earlier, now = set(self._of_story.get(digest.story_id, ())), set[str]()
        for quoted in digest.quotes:
            quote = self._match(quoted, earlier, now) or self._quotes.get(quoted.claim_id) or _Quote(quoted.claim_id, clock)
            if quote.id in now:  # the article says it twice
                continue
            now.add(quote.id)
            if quote.sightings:
                self._forget(quote)
            was_published = quote.is_published
            if quote.join(_sighting(digest, quoted)):
                changed.append(quote.id)
                records += self._change(quote, clock, was_published)
            self._remember(quote)
        for quote in [self._quotes[id] for id in sorted(earlier - now)]:
            self._forget(quote)
            was_published = quote.is_published
            quote.leave(digest.story_id)
            changed.append(quote.id)
            if quote.sightings:
                records += self._change(quote, clock, was_published)
                self._remember(quote)
        if not changed:
            return [], []
        self._clock = clock
        if any(id not in self._quotes for id in changed):  # maybe no record says so any more
            self._clock = max((kept.clock for kept in self._quotes.values()), default=None)
        changed += self._expire(clock)
        return records, [(id, self._quotes[id].to_json() if id in self._quotes else None) for id in dict.fromkeys(changed)]

    def _match(self, quoted: Quoted, earlier: set[str], taken: set[str]) -> _Quote | None:
        """The quote that shares most words with this one; of equals the one in which the story stands already."""
        wording = Wording.of(quoted.text)
        votes = Counter(
            id
            for landmark in wording.landmarks()
            if len(holders := self._holders.get(landmark, ())) <= _MOST_HOLDERS
            for id in holders
            if id not in taken
        )
        likely = sorted(votes, key=lambda id: (-votes[id], id))[:_MOST_COMPARED]
        best: tuple[int, bool, str] | None = None
        for id in likely:
            quote = self._quotes[id]
            shared = wording.shared_words(Wording.of(quote.text))
            sure = shared >= SURE_WORDS or any(same_speaker(quoted.speaker, sighting.speaker) for sighting in quote.sightings)
            if shared and sure:
                best = max(best or (0, False, ""), (shared, id in earlier, id))
        return None if best is None else self._quotes[best[2]]

    @staticmethod
    def _change(quote: _Quote, clock: datetime, was_published: bool) -> list[Quote]:
        """Date the change; the record of a quote that is published, or was until now."""
        quote.clock = clock
        if not (was_published or quote.is_published):
            return []
        quote.version += 1
        return [quote.record()]

    def _remember(self, quote: _Quote) -> None:
        self._quotes[quote.id] = quote
        for landmark in Wording.of(quote.text).landmarks():
            self._holders.setdefault(landmark, []).append(quote.id)
        for sighting in quote.sightings:
            self._of_story.setdefault(sighting.story_id, set()).add(quote.id)
        heapq.heappush(self._expiry, (quote.expires_at, quote.id))

    def _forget(self, quote: _Quote) -> None:
        """Undo `_remember`."""
        del self._quotes[quote.id]
        for landmark in Wording.of(quote.text).landmarks():
            self._holders[landmark].remove(quote.id)
            if not self._holders[landmark]:
                del self._holders[landmark]
        for sighting in quote.sightings:
            self._of_story[sighting.story_id].discard(quote.id)
            if not self._of_story[sighting.story_id]:
                del self._of_story[sighting.story_id]

    def _expire(self, clock: datetime) -> list[str]:
        gone: list[str] = []
        while self._expiry and (self._expiry[0][0] < clock or len(self._quotes) > MOST_QUOTES):
            expires_at, id = heapq.heappop(self._expiry)
            quote = self._quotes.get(id)
            if quote is not None and quote.expires_at <= expires_at:
                self._forget(quote)
                gone.append(id)
        return gone


def _sighting(digest: Digest, quoted: Quoted) -> Sighting:
    return Sighting(
        claim_id=quoted.claim_id,
        article_uri=digest.article_uri,
        story_id=digest.story_id,
        outlet=digest.outlet,
        published_at=digest.published_at,
        speaker=quoted.speaker,
        text=quoted.text,
    )
