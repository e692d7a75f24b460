"""Names in a Doc: spaCy's entities, repaired, and the listed names of countries and bodies."""

import re
from collections import Counter
from typing import NamedTuple

from spacy.tokens import Doc, Span

from processors.entities.lexicon import GENDER, MAX_WORDS, NAMES, REGIONS, Known, Words, listed, role_ending
from schemas import ActorKind

KINDS: dict[str, ActorKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
}
HONORIFICS = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "sir",
        "dame",
        "lord",
        "lady",
        "mr.",
        "mrs.",
        "ms.",
        "dr.",
        "fr.",
        "st.",
        "former",
        "then",
    )
)
_BREAK = re.compile(r"[\n/|©•()\[\]{}<>\"“”:;]|\s{2}")
_WORD = re.compile(r"[^\W\d_]")


class Name(NamedTuple):
    """Tokens `start` to `end` (exclusive) are a name; `known` where it is a listed one."""

    start: int
    end: int
    kind: ActorKind
    known: Known | None = None


def find(doc: Doc) -> list[Name]:
    """The names of `doc`, in order, not overlapping."""
    tokens = [token.text.replace("’", "'") for token in doc]
    lower = [token.lower() for token in tokens]
    found = [name for ent in doc.ents if ent.label_ in KINDS and (name := _repaired(ent, tokens, lower))]
    found = _agreed(_without_titles(found, lower), tokens)
    covered = bytearray(len(tokens))
    for name in found:
        covered[name.start : name.end] = b"\x01" * (name.end - name.start)
    found += _missed(doc, tokens, found, covered)
    return sorted(_with_listed(doc, tokens, found))


def _repaired(ent: Span, tokens: list[str], lower: list[str]) -> Name | None:
    """The name inside what the model marked: without titles, possessive, neighbours beyond a break."""
    start, end = ent.start, ent.end
    for at in range(start, end):
        if _BREAK.search(tokens[at]):
            if at > start:
                end = at
                break
            start = at + 1
    while start < end and (lower[start] in ("the", "a", "an") or not _WORD.search(tokens[start])) and tokens[start][:1].isascii():
        if tokens[start][0].isdigit():
            break
        start += 1
    while end > start and (lower[end - 1] in ("'s", "'", "the", "and", "of", "in") or not re.search(r"\w", tokens[end - 1])):
        end -= 1
    kind = KINDS[ent.label_]
    if kind == "person":
        if "," in lower[start:end]:
            end = start + lower[start:end].index(",")
        start = _past_titles(lower, tokens, start, end)
        for at in range(start + 1, end):  # a caption's name run into the sentence: "Jane Doe Jane Doe"
            if tokens[at] in tokens[start:at]:
                end = at
                break
        if end - start > 6:
            return None
    if start >= end or not any(token[:1].isupper() for token in tokens[start:end]):
        return None
    return Name(start, end, kind)


def _past_titles(lower: list[str], tokens: list[str], start: int, end: int) -> int:
    """Where in a person's name the name begins, after "US Secretary of State" and "Mr."."""
    while end - start > 1:
        for stop in range(min(end - 1, start + 6), start, -1):
            title = role_ending(lower, stop, start)
            if (
                (title and title[0] == start)
                or tuple(tokens[start:stop]) in NAMES
                or (stop == start + 1 and lower[start] in HONORIFICS)
            ):
                start = stop
                break
        else:
            break
    return start


def _without_titles(found: list[Name], lower: list[str]) -> list[Name]:
    """Leave out what is part of a title before a person's name: the State of "Secretary of State Jane Doe"."""
    kept: list[Name] = []
    for name in found:
        if name.kind == "person" and (title := role_ending(lower, name.start)):
            while kept and kept[-1].end > title[0]:
                kept.pop()
        kept.append(name)
    return kept


def _agreed(found: list[Name], tokens: list[str]) -> list[Name]:
    """One kind for all mentions of one form: a last name is a person's, and the most frequent kind wins."""
    people = {
        token
        for name in found
        if name.kind == "person" and name.end - name.start > 1
        for token in (tokens[name.end - 1], tokens[name.start])
    }
    votes: dict[Words, Counter[ActorKind]] = {}
    for name in found:
        votes.setdefault(tuple(tokens[name.start : name.end]), Counter())[name.kind] += 1
    agreed = []
    for name in found:
        form = tuple(tokens[name.start : name.end])
        kind = votes[form].most_common(1)[0][0]
        if len(form) == 1 and form[0] in people and form not in NAMES:
            kind = "person"
        agreed.append(name._replace(kind=kind))
    return agreed


def _missed(doc: Doc, tokens: list[str], found: list[Name], covered: bytearray) -> list[Name]:
    """Capitalised words that the model left out and that are a name elsewhere in the article, or begin with a first name."""
    forms: dict[Words, ActorKind] = {}
    for name in found:
        if name.kind in ("person", "organisation"):
            form = tuple(tokens[name.start : name.end])
            forms[form] = name.kind
            if name.kind == "person":
                forms.setdefault(form[-1:], "person")
    starts = {form[0] for form in forms}
    missed = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if covered[at] or not token[:1].isupper():
            at += 1
            continue
        end = 0
        if token in starts:
            for stop in range(min(at + MAX_WORDS, len(tokens)), at, -1):
                form = tuple(tokens[at:stop])
                if form in forms and not any(covered[at:stop]) and doc[stop - 1].pos_ == "PROPN":
                    end = stop
                    missed.append(Name(at, end, forms[form]))
                    break
        if not end and token in GENDER and doc[at].pos_ == "PROPN":
            stop = at + 1
            while (
                stop < min(at + 4, len(tokens)) and not covered[stop] and tokens[stop][:1].isupper() and doc[stop].pos_ == "PROPN"
            ):
                stop += 1
            if stop - at > 1:
                end = stop
                missed.append(Name(at, end, "person"))
        at = max(end, at + 1)
    return missed


def _with_listed(doc: Doc, tokens: list[str], found: list[Name]) -> list[Name]:
    """`found` and the listed names; where one lies inside the other, the longer stays."""
    by_start = {name.start: name for name in found}
    inside = {at: name for name in found for at in range(name.start, name.end)}
    full_names = {tokens[name.end - 1] for name in found if name.kind == "person" and name.end - name.start > 1}
    home = _georgia_is_a_country(tokens)
    result: list[Name] = []
    at = 0
    while at < len(tokens):
        own = by_start.get(at)
        match = listed(tokens, at)
        if match:
            end, known = match
            form = tuple(tokens[at:end])
            if form in REGIONS and not home:
                known = REGIONS[form]
            last = inside.get(end - 1)
            other = inside.get(at)
            within = last is not None and last.end > end and last.start <= at  # part of a longer name
            person = other is not None and other.kind == "person" and (other.start < at or form[0] in full_names)
            if within or person or (other is None and len(form) == 1 and not _is_name(doc, tokens, at, known)):
                match = None
        if match:
            result.append(Name(at, end, known.kind, known))
            at = end
        elif own:
            result.append(own)
            at = own.end
        else:
            at += 1
    return result


def _is_name(doc: Doc, tokens: list[str], at: int, known: Known) -> bool:
    """Whether a listed word that the model did not mark is the name: not "Labour laws" at a sentence's start, nor "the west"."""
    if known.kind in ("country", "place") or tokens[at].isupper() or known.form in ("adjective", "nationals"):
        return doc[at].pos_ in ("PROPN", "ADJ", "NOUN")
    return at > 0 and (tokens[at - 1].lower() == "the" or not doc[at].is_sent_start) and doc[at].pos_ == "PROPN"


def _georgia_is_a_country(tokens: list[str]) -> bool:
    return not {"Georgian", "Georgians", "Tbilisi"}.isdisjoint(tokens)
