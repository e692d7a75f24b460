"""Claims in titles: a title is read as an article of one line, its words written as the body writes them."""

import re
from collections import Counter
from typing import Any

from processors.claims.lexicon import lexicon
from schemas import Actor, Claim, Span, StoryArticle

LONGEST_CHARS = 300
"""A longer title is none."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SAME = 0.8
_MOST_CAPITALS = 0.6
"""Of a title's words of four letters and more: with more capitals it is written as titles are."""


def headline(article: StoryArticle, text: str) -> StoryArticle | None:
    """The title as an article of its own, or None where there is no title or the body's `text` begins with it.

    Its body has the length of the title: offsets are the same.
    """
    title = article.title
    if not title or len(title) > LONGEST_CHARS or _begins_with(text, title):
        return None
    alone: dict[str, Any] = {"body": _as_in_text(title, text), "title": None, "removed": [], "repaired": [], "marks": []}
    return article.model_copy(update=alone)


def is_spoken(claim: Claim) -> bool:
    """False for what stands behind a label that names nobody ("Interview: …", "City Desk: …"); a document may speak ("Poll: …")."""
    speaker = claim.speaker
    named = speaker is not None and (speaker.kind != "unknown" or speaker.name.casefold() in lexicon().documents)
    return named or claim.cue[0].text != ":"


def in_title(claim: Claim, title: str, known: list[Actor]) -> Claim:
    """The claim of a headline with its spans in the title, and speakers named as the article's body names them."""

    def spans(found: list[Span]) -> list[Span]:
        return [Span(start=s.start, end=s.end, text=title[s.start : s.end], field="title") for s in found]

    def actor(found: Actor | None) -> Actor | None:
        if found is None:
            return None
        placed = spans(found.spans)
        mine = {"spans": placed, "text": placed[0].text if placed else found.text}
        words = set(found.name.casefold().split())
        for other in known:
            if words <= set(other.name.casefold().split()) and other.kind in {found.kind, "person", "organisation"}:
                how = None if other.name == found.name else found.resolved_from or "name"
                return other.model_copy(update={**mine, "resolved_from": how})
        return found.model_copy(update=mine)

    return claim.model_copy(
        update={
            "source": spans(claim.source),
            "cue": spans(claim.cue),
            "content": spans(claim.content),
            "speaker": actor(claim.speaker),
            "addressee": actor(claim.addressee),
        }
    )


def _begins_with(text: str, title: str) -> bool:
    """Whether the first line of `text` has nearly all words of the title, or the title those of the line."""
    line = text[: 4 * LONGEST_CHARS].lstrip().partition("\n")[0]
    mine, first = (Counter(word.casefold() for word in _WORD.findall(part)) for part in (title, line))
    shared = (mine & first).total()
    return shared >= _SAME * max(mine.total(), 1) and first.total() <= 2 * mine.total()


def _as_in_text(title: str, text: str) -> str:
    """The title with small letters where it is written in capitals as titles are: the parser takes "Says" for a name.

    A word stays as it is where the text has it more often so; a word that the text does not have becomes small if it is a cue.
    """
    long = [word for word in _WORD.findall(title) if len(word) > 3]
    if sum(word[0].isupper() for word in long) <= _MOST_CAPITALS * len(long):
        return title
    written = Counter(_WORD.findall(text))

    def word(match: re.Match[str]) -> str:
        here, small = match[0], match[0].lower()
        if match.start() == 0 or len(small) != len(here):
            return here
        seen, seen_small = written[here] + written[here.capitalize()], written[small]
        return small if seen_small > seen or (not seen and small in lexicon().verbs) else here

    return _WORD.sub(word, title)
