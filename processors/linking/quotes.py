"""One quote followed over stories, outlets and days."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from processors.linking.link import Follower, Link
from processors.linking.wording import SURE_WORDS, Wording, is_name, same_speaker
from schemas import Digest, Quote, Sighting

_MOST_HOLDERS = 200
"""Three words that more quotes have tell nothing."""
_MOST_COMPARED = 8


@dataclass(slots=True, kw_only=True)
class _Quote(Link[Sighting, Quote]):
    RETENTION = timedelta(days=14)
    MENTION = Sighting
    MENTIONS = "sightings"

    @property
    def text(self) -> str:
        return max((sighting.text for sighting in self.mentions), key=len)

    def index_keys(self) -> set[int]:
        """Its landmarks."""
        return Wording.of(self.text).landmarks()

    def likeness(self, mention: Sighting) -> int:
        """The words that they share."""
        shared = Wording.of(mention.text).shared_words(Wording.of(self.text))
        sure = shared >= SURE_WORDS or any(same_speaker(mention.speaker, sighting.speaker) for sighting in self.mentions)
        return shared if sure else 0

    def record(self) -> Quote:
        seen = self.seen
        names = Counter(sighting.speaker for sighting in seen if sighting.speaker is not None and is_name(sighting.speaker))
        speaker = names.most_common(1)[0][0] if names else seen[0].speaker
        return Quote(**self.common(), speaker=speaker, text=self.text, sightings=seen)


class Quotes(Follower[Sighting, Quote]):
    """The quotes that can be joined. Whether two match does not depend on what else is remembered, save for three words in sequence
    that very many have."""

    LINK = _Quote

    def _read(self, digest: Digest, clock: datetime) -> Iterator[_Quote]:
        for quoted in digest.quotes:
            sighting = Sighting(
                claim_id=quoted.claim_id,
                article_uri=digest.article_uri,
                story_id=digest.story_id,
                outlet=digest.outlet,
                published_at=digest.published_at,
                speaker=quoted.speaker,
                text=quoted.text,
            )
            yield _Quote(id=quoted.claim_id, clock=clock, mentions=[sighting])

    def _likely(self, new: Link[Sighting, Quote], taken: set[str]) -> list[str]:
        """Those with which it shares most landmarks."""
        votes = Counter(
            id
            for landmark in new.index_keys()
            if len(holders := self._holders.get(landmark, ())) <= _MOST_HOLDERS
            for _, id in holders
            if id not in taken
        )
        return sorted(votes, key=lambda id: (-votes[id], id))[:_MOST_COMPARED]
