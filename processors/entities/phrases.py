"""Noun phrases that describe an actor: office, country, organisation, number, from the words around the head."""

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from processors.entities.lexicon import RoleWord, role_around
from processors.entities.model import Entity, Mention

NUMBERS = {"two": 2, "both": 2, "pair": 2, "duo": 2, "three": 3, "trio": 3, "four": 4, "five": 5}
DEFINITE = frozenset(("the", "this", "that", "these", "those", "both"))
_LEFT_WORDS = 10
_PLAIN = frozenset(
    ("same", "former", "then", "late", "year", "old", "-", "outgoing", "incoming", "embattled", "current", "longtime")
)
"""Words that do not tell one holder of an office from another."""


@dataclass(slots=True)
class Phrase:
    """A noun phrase around the role phrase at tokens `role_start` to `role_end`; it begins at token `start`."""

    start: int
    role_start: int
    role_end: int
    head: int
    role: RoleWord | None
    country: str | None = None
    state: Entity | None = None
    """The country or place that gave `country`."""
    belongs_to: Entity | None = None
    """The organisation or person in it: "Apple's chief executive", "a spokesman for the ministry"."""
    possessor: int | None = None
    """The token of a possessive pronoun: "his lawyer"."""
    definite: bool = False
    former: bool = False
    count: int | None = None
    qualified: bool = False
    """It has words that tell it from others of its kind: "the parent company", "a company in Ohio"."""


def describe(head: Token, lower: list[str], mention_at: list[Mention | None], children: list[list[int]]) -> Phrase:
    """What the noun phrase of `head` says of its actor; `children` are each token's, as indices, at most a few."""
    role_span = role_around(lower, head.i)
    begin, end, role = role_span if role_span else (head.i, head.i + 1, None)
    start = max(head.left_edge.i, head.i - _LEFT_WORDS)
    phrase = Phrase(min(start, begin), begin, end, head.i, role)
    read_modifiers(phrase, head.doc, lower, mention_at)
    _read_complements(phrase, head, lower, mention_at, children)
    return phrase


def read_modifiers(phrase: Phrase, doc: Doc, lower: list[str], mention_at: list[Mention | None]) -> None:
    """Read the words from the phrase's start to its role: "the two Russian", "Apple's former"."""
    for at in range(phrase.start, phrase.role_start):
        word, token = lower[at], doc[at]
        mention = mention_at[at]
        if mention and mention.how != "pronoun":
            entity = mention.entities[0]
            if mention.form in ("adjective", "seat") or entity.kind in ("country", "place"):
                if phrase.country is None:
                    phrase.country, phrase.state = entity.country, entity
            elif entity.kind in ("organisation", "person"):
                phrase.belongs_to = entity
                phrase.country = phrase.country or (entity.country if entity.kind == "organisation" else None)
        elif word in DEFINITE:
            phrase.definite = True
        elif token.tag_ == "PRP$":
            phrase.definite, phrase.possessor = True, at
        elif word in ("former", "ex", "then", "late"):
            phrase.former = phrase.former or word in ("former", "ex")
        if word in NUMBERS:
            phrase.count = NUMBERS[word]
        elif token.pos_ in ("ADJ", "NOUN", "PROPN", "VERB") and not mention and word not in _PLAIN:
            phrase.qualified = True


def _read_complements(
    phrase: Phrase, head: Token, lower: list[str], mention_at: list[Mention | None], children: list[list[int]]
) -> None:
    doc = head.doc
    for at in children[head.i]:
        if at < phrase.role_end:
            continue
        dep = doc[at].dep_
        if dep == "prep" and lower[at] in ("of", "for", "in", "at", "from", "with", "by"):
            inner = next((i for i in children[at] if i > at and doc[i].dep_ == "pobj"), None)
            mention = mention_at[inner] if inner is not None else None
            if mention:
                entity = mention.entities[0]
                if entity.kind in ("country", "place"):
                    if phrase.country is None:
                        phrase.country, phrase.state = entity.country, entity
                elif lower[at] != "in":
                    phrase.belongs_to = phrase.belongs_to or entity
            phrase.qualified = True
        elif dep in ("relcl", "acl"):
            phrase.qualified = True
