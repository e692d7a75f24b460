"""Which story an article belongs to, and as what: original, copy, update or kill.

| the article | story | role |
|---|---|---|
| says what no article of the window says | its own | original |
| is mostly contained in another one | that one's | copy (`copy_of`); update if it is the same outlet's and adds to the text |
| contains another one and adds more than as much | that one's | update: extraction must read what was added |
| has a known uri and a higher version | the uri's | update; copy if it was a copy and still is one |
| is canceled | the uri's, or its own | kill |

A version that is not newer than the last one is a redelivery; only a kill may have the version that it kills. Killed and
withheld articles are not copied. An article that was only ever withheld is decided anew when it is released.

The first article to *arrive* is the original: one that was published earlier and comes later is a copy of it. Whether two
articles match does not depend on who comes first, so any order of arrival gives the same stories as long as no article matches
two that do not match each other: it then joins the one of which it has more, and what came before it stays apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from processors.dedupe.fingerprint import Hashes, read, title_words
from processors.dedupe.matching import (
    ENOUGH,
    ENOUGH_SHARED,
    OWN_WORDS,
    Match,
    Sizes,
    compare,
    is_edition,
    is_same_text,
    titles_agree,
)
from processors.dedupe.window import MOST_HOLDERS, Entry, Window
from processors.text import TextView
from schemas import CleanArticle, Role, Similarity

Changes = list[tuple[str, dict[str, Any] | None]]
"""State records to remember: (key, JSON value), None forgets the key."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What dedupe decided of one article; the fields are those of `schemas.StoryArticle`."""

    story_id: str
    role: Role
    similarity: Similarity | None = None
    copy_of: str | None = None


def story_id(uri: str) -> str:
    """The id of the story whose original has this uri."""
    return f"story-{blake2b(uri.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


class Stories:
    """The stories of the window. A function of the articles it was shown, in their order, and of nothing else.

    Languages do not touch each other: what is decided in one does not depend on which others share the partition.
    """

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def decide(self, article: CleanArticle) -> tuple[Decision | None, Changes]:
        """Decide on one article and remember it. No decision: this version, or a later one, was decided before (a
        redelivery)."""
        window = self._window(article.language)
        known = window.get(article.uri)
        if known is not None and not _is_newer(article, known):
            return None, []
        changes: Changes = [
            (f"{article.language}/{uri}", record) for uri, record in window.advance(int(article.published_at.timestamp()))
        ]
        mine = np.array(article.fingerprint, np.uint32)
        candidate = _Candidate(article, mine, Sizes.of(mine), title_words(article.title))
        is_usable = article.pub_status == "usable"
        earlier, matches, indexable = _look_up(window, candidate, known)
        decision, story = _decided(window, candidate, known, earlier, matches)
        entry = Entry(
            uri=article.uri,
            number=-1,
            seen=-1,
            version=article.version,
            role=decision.role,
            outlet=article.outlet,
            story=None if story == article.uri else story,
            released=is_usable or (known is not None and known.released),
            sizes=candidate.sizes if is_usable and len(mine) else None,
            title=candidate.title if candidate.sizes.is_whole else [],
        )
        record = window.remember(entry, indexable if entry.sizes else mine[:0])
        changes.append((f"{article.language}/{article.uri}", record))
        return decision, changes

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record, as `decide` gave it; the later of a key wins. All come before the first decision."""
        language, _, uri = key.partition("/")
        self._window(language).restore(uri, value)

    def _window(self, language: str) -> Window:
        return self._windows.setdefault(language, Window())


@dataclass(frozen=True, slots=True)
class _Candidate:
    article: CleanArticle
    mine: Hashes
    sizes: Sizes
    title: list[int]


def _is_newer(article: CleanArticle, known: Entry) -> bool:
    kills = article.pub_status == "canceled" and known.role != "kill"
    return article.version > known.version or (kills and article.version == known.version)


def _look_up(window: Window, candidate: _Candidate, known: Entry | None) -> tuple[Match | None, list[Match], Hashes]:
    """How it compares with the uri's last version; the articles that it matches; the hashes of it that are not held too often
    to index."""
    positions, numbers = window.holders(candidate.mine)
    rare = np.bincount(positions, minlength=len(candidate.mine)) < MOST_HOLDERS
    earlier: Match | None = None
    matches: list[Match] = []
    order = np.argsort(numbers, kind="stable")
    positions, numbers = positions[order], numbers[order]
    found, starts, counts = np.unique(numbers, return_index=True, return_counts=True)
    likely = counts >= min(ENOUGH_SHARED, len(candidate.mine))
    for number, start, count in zip(found[likely].tolist(), starts[likely].tolist(), counts[likely].tolist(), strict=True):
        other = window.at(number)
        assert other.sizes is not None, "only what can be copied is indexed"
        match = compare(number, candidate.sizes, other.sizes, candidate.mine[positions[start : start + count]])
        if other is known:
            earlier = match
        elif _is_match(candidate, match, other, other.sizes):
            matches.append(match)
    return earlier, matches, candidate.mine[rare]


def _is_match(candidate: _Candidate, match: Match, other: Entry, sizes: Sizes) -> bool:
    if not is_same_text(match, candidate.sizes, sizes):
        return False
    # A notice that an outlet prints in place of the text ("for subscribers only") is not a story: the titles tell.
    same_outlet = candidate.article.outlet == other.outlet
    in_doubt = candidate.sizes.is_brief or sizes.is_brief or (same_outlet and candidate.sizes.is_whole and sizes.is_whole)
    if in_doubt and not titles_agree(candidate.title, other.title):
        return False
    if match.is_sure:
        return True
    article = candidate.article
    reading = read(TextView(article.body, article.removed, article.repaired).text)
    return is_edition(match, reading, not (candidate.sizes.is_whole and sizes.is_whole))


def _decided(
    window: Window, candidate: _Candidate, known: Entry | None, earlier: Match | None, matches: list[Match]
) -> tuple[Decision, str]:
    """The decision, and the uri that its story has the id from."""
    uri = candidate.article.uri
    if candidate.article.pub_status == "canceled":
        story = (known and known.story) or uri
        return Decision(story_id(story), "kill"), story
    if known is not None and known.released:
        story = known.story or uri
        matches = [match for match in matches if (other := window.at(match.number)).story == story or other.uri == story]
        if known.role != "copy" or not matches or (best := _best(matches)).in_other < ENOUGH:
            return Decision(story_id(story), "update", earlier.similarity if earlier else None), story
        return Decision(story_id(story), "copy", best.similarity, window.at(best.number).uri), story
    if not matches:
        return Decision(story_id(uri), "original"), uri
    best = _best(matches)
    other = window.at(best.number)
    story = other.story or other.uri
    if best.in_other < ENOUGH or (other.outlet == candidate.article.outlet and best.in_other < OWN_WORDS):
        return Decision(story_id(story), "update", best.similarity), story
    return Decision(story_id(story), "copy", best.similarity, other.uri), story


def _best(matches: list[Match]) -> Match:
    """The article of which it has most; of equals the one that it has most of the other way round, then the first."""
    return max(matches, key=lambda match: (match.in_other, match.of_other, -match.number))
