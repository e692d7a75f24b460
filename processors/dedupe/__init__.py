"""Which story an article belongs to: the original, a copy of it, an update, or a kill."""

from dataclasses import dataclass
from typing import Any

from schemas import CleanArticle, Role, Similarity


def fingerprint(text: str) -> list[int]:
    """Sampled 32-bit hashes of the word 5-grams of `text`, ascending, each once."""
    return []


@dataclass(frozen=True, slots=True)
class Decision:
    """What dedupe decided of one article."""

    story_id: str
    role: Role
    similarity: Similarity | None = None
    copy_of: str | None = None


Changes = list[tuple[str, dict[str, Any] | None]]
"""State records to remember: (key, JSON value), None forgets the key."""


class Stories:
    """The stories of the window. A function of the articles it was shown, in their order, and of nothing else."""

    def decide(self, article: CleanArticle) -> tuple[Decision | None, Changes]:
        """Decide on one article and remember it. No decision: this version, or a later one, was decided before (a redelivery)."""
        return Decision(story_id=article.uri, role="original"), []

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record, as `decide` gave it; the later of a key wins."""
