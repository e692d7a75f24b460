"""Mentions of one event in an article become one draft."""

from collections.abc import Callable
from dataclasses import dataclass

from processors.document import EventDraft

MAX_KEPT_APART = 12
"""How many earlier events of a type are compared with a mention: keeps the work linear in the text."""
BARE_MENTION_DISTANCE = 4000
"""Code points within which "the visit" refers back to a visit."""


@dataclass(slots=True)
class Mention:
    """One mention: its draft, and the names of its participants in lower case."""

    draft: EventDraft
    source: frozenset[str]
    target: frozenset[str]
    definite: bool
    """A noun with "the", "this" or a possessive: it refers back."""


def compatible(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two sets of names may be the same people: one of them is unknown, or they share a name."""
    return not a or not b or bool(a & b)


def merge(mentions: list[Mention], in_order: Callable[[EventDraft], int]) -> list[EventDraft]:
    """The drafts of `mentions` (in text order) with those of one event merged into the most confident."""
    by_type: dict[str, list[Mention]] = {}
    for mention in mentions:
        earlier = by_type.setdefault(mention.draft.type, [])
        same = next((m for m in reversed(earlier[-MAX_KEPT_APART:]) if _same(m, mention)), None)
        if same is None:
            earlier.append(mention)
        else:
            _absorb(same, mention)
    return sorted((m.draft for found in by_type.values() for m in found), key=in_order)


def _same(a: Mention, b: Mention) -> bool:
    if a.draft.type == "OTHER" or a.draft.mode != b.draft.mode or a.draft.operators[-1:] != b.draft.operators[-1:]:
        return False
    if a.draft.factuality != b.draft.factuality:
        return False
    if not b.source and not b.target:
        return b.definite and b.draft.trigger[0] - a.draft.trigger[0] < BARE_MENTION_DISTANCE
    if not (b.source & a.source or b.target & a.target or (b.source & a.target and b.target & a.source)):
        return False
    straight = compatible(a.source, b.source) and compatible(a.target, b.target)
    return straight or (bool(a.source and a.target) and a.source | a.target == b.source | b.target and a.draft.type == "CONSULT")


def _absorb(kept: Mention, other: Mention) -> None:
    a, b = kept.draft, other.draft
    mentions = sorted({*a.mentions, *b.mentions})
    completeness = (bool(other.source) + bool(other.target), b.confidence) > (bool(kept.source) + bool(kept.target), a.confidence)
    best, rest = (b, a) if completeness else (a, b)
    best.mentions = mentions
    best.place, best.time = best.place or rest.place, best.time or rest.time
    best.claim = best.claim if best.claim is not None else rest.claim
    best.source, best.target = best.source or rest.source, best.target or rest.target
    best.confidence = max(a.confidence, b.confidence)
    kept.draft = best
    kept.source, kept.target = kept.source | other.source, kept.target | other.target
