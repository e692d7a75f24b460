"""Which story an article belongs to: the original, a copy of it, an update, or a kill."""

from processors.dedupe.fingerprint import fingerprint
from processors.dedupe.paragraphs import described
from processors.dedupe.stories import Changes, Decision, Stories, story_id

__all__ = ["Changes", "Decision", "Stories", "described", "fingerprint", "story_id"]
