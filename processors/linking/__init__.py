"""What several stories say: quotes and occurrences followed over them. State is bounded by event time and by number.

Each kind of link is a `Follower`: it is shown one digest after another and remembers what it needs. To add a kind: write its record
(schemas) and its link and follower here, name it in `Links`, `Links.follow` and `Linked`, add its topic to the stage's outputs
(streams/topics.py) and publish it there (`_link` in streams/stages.py).
"""

from dataclasses import dataclass
from typing import Any

from processors.linking.link import Changes, Follower
from processors.linking.occurrences import Occurrences
from processors.linking.quotes import Quotes
from schemas import Digest, Occurrence, Quote


@dataclass(slots=True)
class Linked:
    """What a digest changed."""

    quotes: list[Quote]
    """New versions; a canceled one is to be followed by a tombstone."""
    occurrences: list[Occurrence]
    """The same."""
    changes: Changes


class Links:
    """The links of all stories. A function of the digests it was shown, in their order; restored from its own changes."""

    def __init__(self) -> None:
        self._quotes = Quotes()
        self._occurrences = Occurrences()
        self._followers: dict[str, Follower[Any, Any]] = {"quotes": self._quotes, "occurrences": self._occurrences}

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record; the later of a key wins."""
        kind, _, own = key.partition("/")
        self._followers[kind].restore(own, value)

    def restored(self) -> None:
        """All state records were taken back: nothing is left to do."""

    def follow(self, digest: Digest) -> Linked:
        """Take in what a story says now, in place of what it said before."""
        quotes, changes = self._quotes.follow(digest)
        occurrences, more = self._occurrences.follow(digest)
        changes = [(f"quotes/{key}", value) for key, value in changes] + [(f"occurrences/{key}", value) for key, value in more]
        return Linked(quotes, occurrences, changes)
