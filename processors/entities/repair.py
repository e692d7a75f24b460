"""Names as spaCy's small model marks them, with its frequent errors repaired by rule."""

import re
from collections import Counter
from typing import NamedTuple

from processors.entities.evidence import LEADERS, MAKERS, Evidence
from processors.entities.lexicon import (
    COMPANY_FORMS,
    COMPANY_WORDS,
    HONORIFICS,
    NAMES,
    ROLE_WORDS,
    THING_WORDS,
    THINGS,
    Known,
    Words,
    first_name,
    role_ending,
)
from processors.tokens import Tokens
from schemas import ActorKind

_NO_PERSON = COMPANY_WORDS | COMPANY_FORMS | THING_WORDS
_NO_LAST_NAME = _NO_PERSON | ROLE_WORDS
KINDS: dict[str, ActorKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
}
_MAX_PERSON_TOKENS = 7
_TOLD = 3
"""How many of the model's labels one piece of evidence outweighs."""
_BREAK = re.compile(r"[\n/|©•()\[\]{}<>\"“”:;]|\s{2}")
_INFLECTED = re.compile(r"(?<![sui])s$|ed$|ing$")
"""How verbs and plurals end."""
_LETTER = re.compile(r"[^\W\d_]")
_NOT_IN_A_NAME = frozenset(("to", "for", "in", "on", "at", "with", "says", "by", "as", "is", "and", "'s"))
_OFFICES = frozenset(("GOV", "LEG", "MIL", "COP", "JUD"))
_BEFORE_NAMES = _OFFICES | {"OPP", "BUS", "MED", "EDU", "HLH", "NGO", "IGO", "PTY"}
_ADDRESSES = HONORIFICS - {"former", "then"}
_BEFORE_NOUNS = frozenset(("the", "a", "this", "that", "our"))
_FORMAL = frozenset(("mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "sir", "dame"))
_EDGE = frozenset(("'s", "'", "the", "and", "of", "in", "a", "an", "-"))


class Name(NamedTuple):
    """Tokens `start` to `end` (exclusive) are a name; `known` where it is a listed one."""

    start: int
    end: int
    kind: ActorKind
    known: Known | None = None
    country: str | None = None
    """Of a place, as the gazetteer has it (alpha-3)."""


def fused(tokens: list[str]) -> Words:
    """The words of a name, hyphens joined: Ana Silva - Costa is two words."""
    words: list[str] = []
    for text in tokens:
        if words and (text == "-" or words[-1].endswith("-")):
            words[-1] += text
        else:
            words.append(text)
    return tuple(words)


def repaired(t: Tokens, words: list[str], lower: list[str]) -> list[Name]:
    """The names that the model marked, without titles and neighbours, and one kind for all mentions of one form."""
    found = [name for start, end, label in t.names if label in KINDS for name in _cut(t, start, end, label, words, lower)]
    evidence = Evidence(t, words, lower)
    joined = _joined(t, _without_titles(found, words, lower), words, lower)
    named = [name for name in joined if honored(lower, name.start) or not _is_no_name(name, evidence)]
    return _agreed(_without_verbs(t, named, words), words, lower, evidence)


def _without_verbs(t: Tokens, found: list[Name], words: list[str]) -> list[Name]:
    """What a headline's capitals joined to a person's name that the article has elsewhere: [Jane Doe] Dismisses, Echoing [Doe]."""
    people = {tuple(words[name.start : name.end]) for name in found if name.kind == "person" and name.end - name.start > 1}
    last_names = {form[-1] for form in people}
    kept = []
    for name in found:
        form = tuple(words[name.start : name.end])
        if len(form) > 2 and form[:-1] in people and _INFLECTED.search(form[-1]):
            name = name._replace(end=name.end - 1, kind="person")
        elif len(form) == 2 and form[1] in last_names and form[0].endswith("ing") and not first_name(form[0]):
            name = name._replace(start=name.start + t.is_sentence_start(name.start), kind="person")
        kept.append(name)
    return kept


def _is_no_name(name: Name, evidence: Evidence) -> bool:
    return name.kind in ("person", "organisation") and evidence.is_no_name(name.start, name.end, name.kind)


def _joined(t: Tokens, found: list[Name], words: list[str], lower: list[str]) -> list[Name]:
    """The parts of a person's name that the model cut: [Ana Silva] [Costa], or Costa left out, who is named alone elsewhere."""
    joined: list[Name] = []
    covered = {at for name in found for at in range(name.start, name.end)}
    alone = {words[name.start] for name in found if name.end - name.start == 1}
    for name in found:
        last = joined[-1] if joined else None
        if last and last.end == name.start and _goes_on(t, last, name, words, lower):
            joined[-1] = last._replace(end=name.end)
            continue
        end = name.end
        if name.kind == "person" and end - name.start > 1 and end < len(words) and end not in covered:
            left_out = words[end].istitle() and words[end].isalpha() and t.pos[end] == "PROPN" and t.head[end - 1] == end
            left_out = left_out and words[end] not in words[name.start : end]
            if left_out and words[end] in alone and lower[end] not in _NO_PERSON and (words[end],) not in NAMES:
                name = name._replace(end=end + 1)
        joined.append(name)
    return joined


def _goes_on(t: Tokens, last: Name, name: Name, words: list[str], lower: list[str]) -> bool:
    """Whether the person's name `last` goes on in `name`, which follows."""
    again = words[name.start] in words[last.start : last.end]
    if last.kind != "person" or name.end - last.start > _MAX_PERSON_TOKENS or first_name(words[name.start]) or again:
        return False
    part = name.kind == "organisation" and name.end - name.start == 1 and lower[name.start] not in _NO_PERSON
    unlisted = tuple(words[name.start : name.end]) not in NAMES
    return unlisted and (name.kind == "person" or part) and t.head[last.end - 1] in range(name.start, name.end)


def _cut(t: Tokens, start: int, end: int, label: str, words: list[str], lower: list[str]) -> list[Name]:
    """The names inside what the model marked: without title, article and possessive, up to a break."""
    marked = start
    for at in range(start, end):
        if _BREAK.search(words[at]):
            if at > start:
                end = at
                break
            start = at + 1
    while start < end and (lower[start] in _EDGE or not (_LETTER.search(words[start]) or words[start][0].isdigit())):
        start += 1
    while end > start and (lower[end - 1] in _EDGE or words[end - 1].islower() or not re.search(r"\w", words[end - 1])):
        end -= 1
    kind = KINDS[label]
    before: list[Name] = []
    if kind == "organisation":
        for at in range(start + 1, end - 1):
            if lower[at] == "'s" and words[at + 1][0].isdigit():  # [Jones's 2009] budget
                end = at
                break
            if lower[at] == "'s" and _looks_like_a_person(fused(words[at + 1 : end]), lower[at + 1 : end]):
                before, start = [Name(start, at, "organisation")], at + 1  # [the Daily Post]'s [Jane Doe]
                break
        first = end - 2  # [the Committee on Trade Jane Doe]: a body and a person
        if end - start > 3 and first_name(words[first]) and any(role_ending(lower, at, start) for at in range(start + 1, first)):
            before, start = [Name(start, first, "organisation")], first
        if end - start > 2 and lower[start] in MAKERS and t.is_sentence_start(start):
            start += 1  # Carmaker [Acme Motors]
        addressed = end - start > 1 and lower[start] in _FORMAL
        untitled = _past_titles(lower, words, start, end)  # [Committee Chairman Jane Doe]
        if addressed or _looks_like_a_person(fused(words[untitled:end]), lower[untitled:end]):
            kind = "person"
        elif start and _is_first_part(t, words, lower, start, end):
            kind, start = "person", start - 1
    if kind == "person":
        start, end = _person(t, words, lower, marked, start, end)
        if end - start == 1 and (lower[start] in ROLE_WORDS or (start and lower[start - 1] in _BEFORE_NOUNS)):
            return before  # no name: "Witnesses", "the Statue"
        if end - start > 1 and lower[end - 1] in _NO_PERSON:
            kind = "organisation"
        if any(character.isdigit() for token in words[start:end] for character in token):
            kind = "organisation"
    if start < end and words[start].startswith("-"):
        return before
    if start >= end or not any(token[:1].isupper() for token in words[start:end]) or words[start] in THINGS:
        return before
    return [*before, Name(start, end, kind)]


def _is_first_part(t: Tokens, words: list[str], lower: list[str], start: int, end: int) -> bool:
    """Whether a first name that the model left out stands before: Ana [Silva-Costa]."""
    first = start - 1
    plain = all(word[:1].isupper() or word == "-" for word in words[start:end]) and lower[end - 1] not in _NO_LAST_NAME
    named = first_name(words[first]) is not None and t.entity[first] == "" and t.dep[first] == "compound"
    return named and plain and end - start <= 3 and start <= t.head[first] < end


def _looks_like_a_person(words: Words, lower: list[str]) -> bool:
    """First name, last name, nothing that bodies are called."""
    return (
        2 <= len(words) <= 3
        and first_name(words[0]) is not None
        and all(token[:1].isupper() and not token.isupper() and token.replace("-", "").isalpha() for token in words[1:])
        and not any(role_ending(lower, stop) for stop in range(2, len(lower) + 1))
    )


def _person(t: Tokens, words: list[str], lower: list[str], marked: int, start: int, end: int) -> tuple[int, int]:
    """Where in "US Secretary of State Jane Doe Jane Doe" the name is; with a first name that the model left out.

    `marked` is where the model's entity begins.
    """
    if "," in lower[start:end]:
        end = start + lower[start:end].index(",")
    start = _past_titles(lower, words, start, end)
    while end - start > 1 and t.pos[start] in ("ADP", "ADV", "VERB", "AUX", "SCONJ"):
        start += 1
    if end - start > 1 and len(words[start]) > 3 and words[start].isupper() and not words[start + 1].isupper():
        start += 1  # a label in capitals that ran into the name
    for at in range(start + 1, end):
        if lower[at] in _NOT_IN_A_NAME or (words[at] != "-" and words[at] in words[start:at]):
            end = at
            break
    first = start - 1
    while end + 1 < len(words) and words[end] == "-" and not t.is_spaced[end] and words[end + 1][:1].isupper():
        end += 2  # Ana Silva[-Costa]
    while start > 1 and words[start - 1] == "-" and not t.is_spaced[start - 1] and not t.is_spaced[start - 2]:
        start -= 2
    if start and start == marked and first_name(words[first]) and t.pos[first] == "PROPN" and start <= t.head[first] < end:
        start -= 1
    return start, min(end, start + _MAX_PERSON_TOKENS)


def _past_titles(lower: list[str], words: list[str], start: int, end: int) -> int:
    while end - start > 1:
        if lower[start].isspace():
            start += 1
            continue
        if end - start == 2 and first_name(words[start]) and not lower[start].endswith("."):
            break  # Dean [Hart], who is called so
        for stop in range(min(end - 1, start + 6), start, -1):
            title = role_ending(lower, stop, start)
            listed = tuple(words[start:stop]) in NAMES and not first_name(words[start])
            if (title and title[0] == start) or listed or (stop == start + 1 and lower[start] in HONORIFICS):
                start = stop
                break
        else:
            break
    return start


def _without_titles(found: list[Name], words: list[str], lower: list[str]) -> list[Name]:
    """What stands in a title before a person's name is none: "Secretary of [State] Jane Doe"; what owns the title is no person."""
    kept: list[Name] = []
    for name in found:
        while kept and kept[-1].end > name.start:  # a name that was extended to the left
            kept.pop()
        title = role_ending(lower, name.start) if name.start else None
        if name.kind == "person" and title and title[1].sort == "person":
            while kept and kept[-1].end > title[0]:
                kept.pop()
            if kept and kept[-1].end == title[0] and kept[-1].kind == "person":
                kept[-1] = kept[-1]._replace(kind="organisation")
        elif name.kind == "person" and title and title[1].sort == "body" and not first_name(words[name.start]):
            name = name._replace(kind="organisation")  # the Japanese company [Sato]
        kept.append(name)
    return kept


def _agreed(found: list[Name], words: list[str], lower: list[str], evidence: Evidence) -> list[Name]:
    """A last name is its bearer's, and Acme is Acme Inc., whatever the model says; else the most frequent kind of a form wins.

    What the text tells of a mention counts more than what the model says.
    """
    parts = {word for name in found if name.kind == "organisation" for word in words[name.start + 1 : name.end]}
    people = {words[name.start] for name in found if name.end - name.start == 1 and words[name.start] in LEADERS}
    firms: set[str] = set()
    last_names: set[Words] = set()
    full_names: set[Words] = set()
    votes: dict[Words, Counter[ActorKind]] = {}
    for name in found:
        form = fused(words[name.start : name.end])
        votes.setdefault(form, Counter())[name.kind] += 1
        told = evidence.kind(name.start, name.end, name.kind) if name.kind in ("person", "organisation") else None
        if told is None and name.kind == "organisation" and len(form) == 1 and evidence.is_one(name.start) and form[0] not in parts:
            told = "person"
        if name.kind == "place" and evidence.is_body(name.start, name.end):
            told = "organisation"
        if told and form not in NAMES:
            votes[form][told] += _TOLD
            name = name._replace(kind=told)
        if name.kind == "person" and len(form) > 1:
            people |= {form[0], form[-1]}
            last_names.add(form[1:])
            full_names.add(form)
        elif len(form) == 1 and honored(lower, name.start):
            people.add(form[0])
        elif name.kind == "organisation" and len(form) > 1 and form[-1].lower() in COMPANY_FORMS:
            firms.add(form[-2])
    agreed = []
    for name in found:
        form = fused(words[name.start : name.end])
        kind = votes[form].most_common(1)[0][0]
        if len(form) == 1 and form[0] in firms - LEADERS and form not in last_names and not honored(lower, name.start):
            kind = "organisation"
        elif form not in NAMES and (
            form in last_names or (len(form) > 2 and form[1:] in full_names) or (len(form) == 1 and form[0] in people)
        ):
            kind = "person"
        start = _past_titles(lower, words, name.start, name.end) if kind == "person" != name.kind else name.start
        agreed.append(name._replace(kind=kind, start=start))
    return agreed


def honored(lower: list[str], start: int) -> bool:
    """Whether a person's title stands right before: President, Mrs., candidate."""
    return _titled(lower, start, _BEFORE_NAMES)


def formally(lower: list[str], start: int) -> bool:
    """Whether it is a form of address or an office of state."""
    return _titled(lower, start, _OFFICES)


def _titled(lower: list[str], start: int, roles: frozenset[str]) -> bool:
    """Whether a form of address or a title of one of these roles stands right before."""
    if start and lower[start - 1] in _ADDRESSES:
        return True
    title = role_ending(lower, start)
    return title is not None and title[1].sort == "person" and title[1].role in roles
