"""The spaCy Doc that entities, claims and events annotate, and what it carries: typed access to `Doc._`.

A Doc's text is a TextView's `text`; offsets into it are `doc.text` offsets and become body offsets only when records are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from processors.text import TextView
from processors.tokens import Tokens
from schemas import ClaimClass, ClaimKind, CleanArticle, Factuality, Place

if TYPE_CHECKING:
    from processors.entities import Entities

MAX_PARSED_CHARS = 100_000
"""Longer bodies are read so far (to the end of a line): 20 times a usual article, some five seconds of parsing. Cleaning and dedupe
read them whole."""

MAX_PARSED_TOKENS = 30_000
"""And no further than so many words and marks, half as many again as prose has in so many characters: spaCy holds 17 KB of each,
and one-letter lines took 1.9 GB, more than a process of the pool may hold."""

Piece = tuple[int, int]
"""A piece of `doc.text`: (start, end) in code points, end exclusive."""

for _name in ("article", "view", "tokens", "entities", "claims", "events"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)


@dataclass(slots=True)
class ClaimDraft:
    """An attribution found in a Doc, before it is a record (schemas.Claim says what the fields mean)."""

    source: list[Piece]
    cue: list[Piece]
    content: list[Piece]
    kind: ClaimKind
    claim_class: ClaimClass
    polarity: str = "positive"
    certainty: str = "certain"
    check_worthiness: float | None = None
    nested: bool = False
    within: int | None = None
    """Index in doc._.claims of the claim in whose content it stands, the innermost one."""
    repeats: int | None = None
    """Index in doc._.claims of an earlier claim that says the same."""
    addressee: Piece | None = None
    confidence: float = 0.5


@dataclass(slots=True)
class EventDraft:
    """An event found in a Doc, before it is a record (schemas.Event says what the fields mean)."""

    type: str
    mode: str | None
    trigger: Piece
    factuality: Factuality
    mentions: list[Piece] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    source: list[Piece] = field(default_factory=list)
    """The noun phrases of who did it; doc._.entities.actors() makes actors of them."""
    target: list[Piece] = field(default_factory=list)
    place: tuple[Piece | None, Place] | None = None
    time: tuple[Piece | None, str] | None = None
    """The words, and the TIMEX3 value."""
    factuality_cue: Piece | None = None
    claim: int | None = None
    """Index in doc._.claims of the claim that reports the event."""
    confidence: float = 0.5
    evidence: list[tuple[str, float]] = field(default_factory=list)
    """What the confidence comes from; tests/quality/fit_confidence.py reads it."""


def article_of(doc: Doc) -> CleanArticle:
    """The article whose text the Doc is."""
    article: CleanArticle = doc._.article
    return article


def view_of(doc: Doc) -> TextView:
    """The view that maps the Doc's text to the article's body."""
    view: TextView = doc._.view
    return view


def tokens_of(doc: Doc) -> Tokens:
    """The tokens of a Doc that has been parsed, read when first asked for."""
    if doc._.tokens is None:
        doc._.tokens = Tokens(doc)
    tokens: Tokens = doc._.tokens
    return tokens


def entities_of(doc: Doc) -> Entities:
    """The entities that the `entities` component found."""
    entities: Entities = doc._.entities
    return entities


def claims_of(doc: Doc) -> list[ClaimDraft]:
    """The claims that the `claims` component found; empty where it did not run."""
    return doc._.claims or []


def events_of(doc: Doc) -> list[EventDraft]:
    """The events that the `events` component found; empty where it did not run."""
    return doc._.events or []
