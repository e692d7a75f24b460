"""Mentions of one event in an article become one draft."""

from collections.abc import Callable
from dataclasses import dataclass

from processors.document import EventDraft
from processors.places import Where, may_be_one

MAX_KEPT_APART = 12
"""How many earlier events of a type are compared with a mention: keeps the work linear in the text."""
BARE_MENTION_DISTANCE = 4000
"""Code points within which "the visit" refers back to a visit."""


MUTUAL = frozenset({"CONSULT", "COOPERATE"})
"""Types in which source and target may change places: one receives, the other visits."""


@dataclass(slots=True)
class Mention:
    """One mention: its draft, and the names of its participants in lower case."""

    draft: EventDraft
    source: frozenset[str]
    target: frozenset[str]
    definite: bool
    """A noun with "the", "this" or a possessive: it refers back."""
    place: Where | None = None
    """Where it happened, as far as its clause says."""
    lent: bool = False
    """Whether its source is the subject of a verb that governs the noun."""


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
    if a.draft.factuality != b.draft.factuality or (a.place and b.place and not may_be_one(a.place, b.place)):
        return False
    if not b.source and not b.target:
        return b.definite and b.draft.trigger[0] - a.draft.trigger[0] < BARE_MENTION_DISTANCE
    everybody, others = a.source | a.target, b.source | b.target
    if a.draft.type in MUTUAL and (everybody <= others or others <= everybody):
        return True
    if not (b.source & a.source or b.target & a.target):
        return False
    return compatible(a.source, b.source) and compatible(a.target, b.target)


def _worth(mention: Mention) -> float:
    """A mention that names both is the better one to publish."""
    return mention.draft.confidence + 0.1 * (bool(mention.draft.source) + bool(mention.draft.target))


def _absorb(kept: Mention, other: Mention) -> None:
    a, b = kept.draft, other.draft
    mentions = sorted({*a.mentions, *b.mentions})
    best, rest = (b, a) if _worth(other) > _worth(kept) else (a, b)
    best.mentions = mentions
    best.place, best.time = best.place or rest.place, best.time or rest.time
    best.claim = best.claim if best.claim is not None else rest.claim
    kept.draft = best  # with its own participants: of targets lent by another sentence two of eleven were right
    kept.source, kept.target = kept.source | other.source, kept.target | other.target
    kept.place = kept.place or other.place
