"""Made-up news: prose of made-up words with the statistics that matter here, and what newsrooms do to each other's copy."""

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from processors.dedupe import Changes, Decision, Stories, described, story_id
from processors.text import TextView
from schemas import CleanArticle

START = datetime(2024, 5, 1, 6, tzinfo=UTC)
_SMALL = re.findall(
    r"\w+", "the a of to in and for on with as by at from that which after before under over said will has had was were is"
)
_STEMS = [first + last for first in re.findall("..", "badefilomurasetivokanepi") for last in ("lan", "rem", "tis", "vor", "gan")]
_WORDS = [stem + end for stem in _STEMS for end in ("", "ed", "ing", "er", "s")]
_NAMES = [word.capitalize() + "a" for word in _WORDS[::7]]


class Reporter:
    """Writes as much as one wants, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def sentence(self, *, facts: bool = True) -> str:
        pick = self.random
        words = [pick.choice(_SMALL) if pick.random() < 0.4 else pick.choice(_WORDS) for _ in range(pick.randint(8, 24))]
        words[pick.randrange(len(words))] = pick.choice(_NAMES)
        if facts and pick.random() < 0.3:
            words[pick.randrange(len(words))] = str(pick.randrange(2, 900))
        return " ".join(words).capitalize() + "."

    def paragraph(self, *, facts: bool = True) -> str:
        return " ".join(self.sentence(facts=facts) for _ in range(self.random.randint(2, 3)))

    def story(self, paragraphs: int = 14) -> list[str]:
        """Paragraphs of about 40 words."""
        return [self.paragraph() for _ in range(paragraphs)]

    def statement(self, words: int) -> str:
        """What somebody said, of at least so many words."""
        said = ""
        while len(said.split()) < words:
            said = f"{said} {self.sentence(facts=False)}".strip()
        return said

    def title(self) -> str:
        return " ".join(self.random.sample(_WORDS, 6)).capitalize()


def text(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def article(uri: str, body: str, *, hours: float = 0.0, **fields: Any) -> CleanArticle:
    """A clean article of an outlet of its own, published `hours` after `START`."""
    given: dict[str, Any] = {"version": 1, "pub_status": "usable", "outlet": f"outlet of {uri}", "language": "en"} | fields
    view = TextView(body, given.get("removed", ()), given.get("repaired", ()))
    fingerprint, paragraphs = described(view)
    given |= {"published_at": START + timedelta(hours=hours), "fingerprint": fingerprint, "paragraphs": paragraphs}
    return CleanArticle.model_validate(given | {"uri": uri, "body": body})


def decided(stories: Stories, *articles: CleanArticle) -> list[Decision | None]:
    return [stories.decide(each)[0] for each in articles]


def found(articles: list[CleanArticle]) -> list[str]:
    """Whose story each belongs to, and as what: `a original`, `a copy`."""
    uris = {story_id(each.uri): each.uri for each in articles}
    return [f"{uris[decision.story_id]} {decision.role}" for decision in decided(Stories(), *articles) if decision]


def compacted(log: Changes) -> Changes:
    """What is left of a log in a compacted topic: the last record of each key."""
    return list(dict(log).items())
