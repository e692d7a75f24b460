"""Where a record comes from: what it carries of its article, and its id, which is a function of content. The same article gives the
same ids, and a change elsewhere in its text keeps them."""

import re
from collections import Counter
from hashlib import blake2b
from typing import Any

from processors import EXTRACTOR
from schemas import StoryArticle

_WORD = re.compile(r"\w+")
_LONGEST_CHARS = 4_000
"""A text without full stops may be one sentence of 100,000 characters, read again for each of its thousand events."""


def content_id(*parts: str) -> str:
    """20 hexadecimal digits (80 bits of BLAKE2b) for the parts in their order."""
    return blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()


def normalised(text: str) -> str:
    """The words of `text` (of its first 4,000 characters) in lower case, one blank between: what an id is made from, so that
    typography does not change it."""
    return " ".join(_WORD.findall(text[:_LONGEST_CHARS].casefold()))


def carried(id: str, article: StoryArticle) -> dict[str, Any]:
    """What every record after dedupe carries (schemas.Derived)."""
    return {
        "id": id,
        "article_uri": article.uri,
        "article_version": article.version,
        "story_id": article.story_id,
        "outlet": article.outlet,
        "published_at": article.published_at,
        "pub_status": article.pub_status,
        "extractor": EXTRACTOR,
    }


class Ids:
    """Ids of one article's records; equal ones are told apart by their ordinal in text order."""

    def __init__(self, article_uri: str) -> None:
        self._uri = article_uri
        self._seen: Counter[str] = Counter()

    def next(self, *parts: str) -> str:
        """The id of the next record with these parts: (kind, normalised words of sentence, of trigger, …)."""
        key = "\x1f".join(parts)
        self._seen[key] += 1
        return content_id(self._uri, key, str(self._seen[key]))
