"""Which story an article belongs to, and as what: original, copy, update or kill.

| the article | story | role |
|---|---|---|
| says what no article of the window says | its own | original |
| is mostly contained in another one | that one's | copy (`copy_of`); update if its own outlet added or changed a paragraph |
| contains another one and adds more than as much | that one's | update: extraction must read what was added |
| has a known uri and a higher version | the uri's | update; copy if it was a copy and still is one |
| is canceled | the uri's, or its own | kill |

A version that is not newer than the last one is a redelivery; only a kill may have the version that it kills. Killed and
withheld articles are not copied. An article that was only ever withheld is decided anew when it is released.

The first article to *arrive* is the original: one that was published earlier and comes later is a copy of it. Save for an outlet's
live report, and for doubtful pairs where the later one's layout decides, whether two articles match does not depend on who comes
first. So any order of arrival gives the same stories as long as no article matches two that do not match each other: it then
joins the one of which it has more, and what came before it stays apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np

from processors.dedupe.entries import Entry, Timeline
from processors.dedupe.fingerprint import Hashes, Reading, anywhere, is_opening, is_sampled, is_text, read
from processors.dedupe.matching import (
    ENOUGH,
    ENOUGH_ALIKE,
    ENOUGH_SHARED,
    MOST,
    Match,
    Sizes,
    compare,
    containment,
    is_edition,
    is_filled_in,
    is_same_text,
    titles_agree,
)
from processors.dedupe.paragraphs import Compared, compared, packed
from processors.dedupe.window import MOST_HOLDERS, Window
from processors.dedupe.words import title_words
from processors.text import TextView
from schemas import CleanArticle, Difference, Record, Role, Similarity

Changes = list[tuple[str, dict[str, Any] | None]]
"""State records to remember: (key, JSON value), None forgets the key."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What dedupe decided of one article; the fields are those of `schemas.StoryArticle`."""

    story_id: str
    role: Role
    similarity: Similarity | None = None
    copy_of: str | None = None
    original: str | None = None
    difference: Difference | None = None

    def fields(self) -> dict[str, Any]:
        """As plain JSON, without what is absent."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: value.to_dict() if isinstance(value, Record) else value for name, value in values.items() if value is not None
        }


def story_id(uri: str) -> str:
    """The id of the story whose original has this uri."""
    return f"story-{blake2b(uri.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


class Stories:
    """The stories of the window. A function of the articles it was shown, in their order, and of nothing else.

    Languages do not touch each other (only a kill finds its article in any): what is decided in one does not depend on which others
    share the partition.
    """

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def decide(self, article: CleanArticle) -> tuple[Decision | None, Changes]:
        """Decide on one article and remember it. No decision: a redelivery, this version or a later one was decided before.

        The changes are what `restore` needs to go on from here in another process; an article without decision changes nothing.
        """
        language = self._language(article)
        window = self._window(language)
        known = window.get(article.uri)
        if known is not None and not _is_newer(article, known):
            return None, []
        timeline: Timeline = 0 if article.dated_by is None else 1
        passed = window.advance(timeline, int(article.published_at.timestamp()))
        changes: Changes = [(f"{language}/{uri}", record) for uri, record in passed]
        subject = _Subject(article)
        earlier, matches, rare = _look_up(window, subject, known)
        role, story, found = _decided(article, known, earlier, matches)
        decision = _decision(article, role, story, found)
        is_usable = article.pub_status == "usable"
        entry = Entry(
            uri=article.uri,
            version=article.version,
            role=decision.role,
            outlet=article.outlet,
            story=None if story == article.uri else story,
            released=is_usable or (known is not None and known.released),
            sizes=subject.sizes if is_usable and article.fingerprint else None,
            title=subject.title if subject.sizes.is_whole else (),
            outline=packed(article.paragraphs) if is_usable else b"",
            timeline=timeline,
        )
        changes.append((f"{language}/{article.uri}", window.remember(entry, rare if entry.sizes else rare[:0])))
        return decision, changes

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one state record, as `decide` gave it; the later of a key wins. All come before the first decision."""
        language, _, uri = key.partition("/")
        self._window(language).restore(uri, value)

    def restored(self) -> None:
        """All state records were taken back. `decide` would see to it too; the first article then waits for it."""
        for window in self._windows.values():
            window.settle()

    @property
    def index_size_bytes(self) -> int:
        """Memory of the look-up structures of all languages."""
        return sum(window.size_bytes for window in self._windows.values())

    def _language(self, article: CleanArticle) -> str:
        """The language to decide in: a kill has little or no text to tell its own from, and goes to where its uri is known."""
        if article.pub_status == "canceled" and self._window(article.language).get(article.uri) is None:
            known_in = (language for language in sorted(self._windows) if self._windows[language].get(article.uri) is not None)
            return next(known_in, article.language)
        return article.language

    def _window(self, language: str) -> Window:
        window = self._windows.get(language)
        if window is None:
            window = self._windows[language] = Window()
        return window


class _Subject:
    """The article to decide on, as matching needs it."""

    def __init__(self, article: CleanArticle) -> None:
        self.article = article
        values = np.array(article.fingerprint, np.uint32)
        self.values, self.hashes = values, anywhere(values)
        self.opening = self.hashes[is_opening(values)]
        self.sizes = Sizes.of(values)

    @cached_property
    def title(self) -> tuple[int, ...]:
        return title_words(self.article.title)

    @cached_property
    def reading(self) -> Reading:
        return read(TextView(self.article.body, self.article.removed, self.article.repaired).text)


@dataclass(frozen=True)
class _Found:
    """An article that the one to decide on has something in common with."""

    article: CleanArticle
    other: Entry
    match: Match

    @cached_property
    def paragraphs(self) -> Compared:
        return compared(self.article, self.match, self.other.uri, self.other.version, self.other.outline)


def _is_newer(article: CleanArticle, known: Entry) -> bool:
    kills = article.pub_status == "canceled" and known.role != "kill"
    return article.version > known.version or (kills and article.version == known.version)


def _look_up(window: Window, subject: _Subject, known: Entry | None) -> tuple[_Found | None, Iterator[_Found], Hashes]:
    """How it compares with the uri's last version; the articles that it matches; the hashes that few enough hold to be indexed.

    The matches come in order: the article of which it has most; of equals the one that has most of it, then the first to arrive.
    """
    positions, numbers, in_opening = window.holders(subject.hashes)
    enough = max(1, min(ENOUGH_SHARED, len(subject.hashes)))
    if len(numbers) < enough:
        return None, iter(()), subject.values
    rare = subject.values[np.bincount(positions, minlength=len(subject.hashes)) < MOST_HOLDERS]
    order = np.argsort(numbers << len(subject.hashes).bit_length() | positions)
    positions, numbers, in_opening = positions[order], numbers[order], in_opening[order]
    shared = subject.hashes[positions]
    before = np.zeros((2, len(shared) + 1), np.int64)
    is_text(shared).cumsum(out=before[0, 1:])
    (is_text(shared) & is_sampled(shared)).cumsum(out=before[1, 1:])
    bounds = [0, *((numbers[1:] != numbers[:-1]).nonzero()[0] + 1).tolist(), len(numbers)]
    text, sampled = before[:, bounds].tolist()
    candidates: list[tuple[float, float, int, Sizes, slice]] = []
    earlier: _Found | None = None

    def found(number: int, sizes: Sizes, place: slice) -> _Found:
        match = compare(subject.sizes, subject.opening, sizes, shared[place], in_opening[place])
        return _Found(subject.article, window.at(number), match)

    for n, (start, end) in enumerate(pairwise(bounds)):
        if end - start < enough:
            continue
        number, place = int(numbers[start]), slice(start, end)
        sizes = window.sizes(number)
        shares = containment(subject.sizes, sizes, text[n + 1] - text[n], sampled[n + 1] - sampled[n])
        if known is not None and number == known.number:
            earlier = found(number, sizes, place)
        elif max(shares) >= ENOUGH_ALIKE:
            candidates.append((*shares, -number, sizes, place))
    candidates.sort(key=lambda candidate: candidate[:3], reverse=True)
    alike = (found(-number, sizes, place) for *_, number, sizes, place in candidates)
    return earlier, (each for each in alike if _is_match(subject, each)), rare


def _is_match(subject: _Subject, found: _Found) -> bool:
    other, match, sizes = found.other, found.match, found.other.sizes
    assert sizes is not None
    same_outlet = subject.article.outlet == other.outlet
    if not is_same_text(match, subject.sizes, sizes, same_outlet=same_outlet):
        return False
    # A notice that an outlet prints in place of the text ("for subscribers only") is not a story: the titles tell.
    is_brief = subject.sizes.is_brief or sizes.is_brief
    if match.both_whole and (is_brief or same_outlet) and not titles_agree(subject.title, other.title):
        return False
    if match.differs_in_numbers and is_filled_in(match, subject.reading):
        return False
    if match.is_sure:
        return True
    shares = found.paragraphs.in_other, found.paragraphs.of_other
    return max(shares) >= ENOUGH and is_edition(match, subject.reading, mostly_same=min(shares) >= MOST)


def _decision(article: CleanArticle, role: Role, story: str, found: _Found | None) -> Decision:
    original = None if story == article.uri else story
    if found is None:
        return Decision(story_id(story), role, original=original)
    return Decision(
        story_id=story_id(story),
        role=role,
        similarity=found.match.similarity,
        copy_of=found.other.uri if role == "copy" else None,
        original=original,
        difference=found.paragraphs.difference,
    )


def _decided(
    article: CleanArticle, known: Entry | None, earlier: _Found | None, matches: Iterator[_Found]
) -> tuple[Role, str, _Found | None]:
    """The role, the uri that the story has its id from, and what the article is to be compared with."""
    if article.pub_status == "canceled":
        return "kill", (known and known.story) or article.uri, None
    if known is not None and known.released:
        story = known.story or article.uri
        if known.role == "copy":
            for found in matches:
                if story in (found.other.story, found.other.uri) and not _adds(found):
                    return "copy", story, found
        return "update", story, earlier
    for found in matches:
        return "update" if _adds(found) else "copy", found.other.story or found.other.uri, found
    return "original", article.uri, None


def _adds(found: _Found) -> bool:
    """Whether extraction must read the article again: more than half of it is new, or its own outlet has worked on it."""
    difference = found.paragraphs.difference
    own_work = found.other.outlet == found.article.outlet and bool(difference.added or difference.changed)
    return own_work or found.paragraphs.in_other < ENOUGH
