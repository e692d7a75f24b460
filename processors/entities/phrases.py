"""Noun phrases that describe an actor: office, country, organisation, number, from the words around the head."""

from dataclasses import replace

from processors.entities.lexicon import OF_STATE, QUANTITIES, RoleWord, role_around
from processors.entities.model import Entity, Mention, Phrase, Reading

NUMBERS = {"two": 2, "both": 2, "pair": 2, "duo": 2, "three": 3, "trio": 3, "four": 4, "five": 5}
DEFINITE = frozenset(("the", "this", "that", "these", "those", "both"))
_LEFT_WORDS = 10
_BREAKS = frozenset(("(", ")", ";", ":", "–", "—", "--", "“", "”", '"'))
_PLAIN = frozenset(
    ("same", "former", "then", "late", "year", "old", "-", "outgoing", "incoming", "embattled", "current", "longtime")
)
"""Words that do not tell one holder of an office from another."""


def describe(reading: Reading, head: int) -> Phrase:
    """What the noun phrase of `head` says of its actor."""
    t = reading.tokens
    role_span = role_around(reading.lower, head)
    begin, end, role = (*role_span[:2], reading.role(role_span[2])) if role_span else (head, head + 1, None)
    if role and role.phrase in QUANTITIES:
        role = _counted(reading, head, role)
    start = begin
    while start > max(t.left[head], begin - _LEFT_WORDS) and not _ends_before(reading, start - 1):
        start -= 1
    phrase = Phrase(start, begin, end, head, role)
    read_modifiers(reading, phrase)
    _read_complements(reading, phrase)
    return phrase


def _counted(reading: Reading, head: int, many: RoleWord) -> RoleWord:
    """The role of those who are so many: dozens of senators; nobody knows it of dozens of captives."""
    t = reading.tokens
    of = next((at for at in reading.children(head) if at > head and reading.lower[at] == "of"), None)
    if of is None:
        return many
    inner = next((at for at in reading.children(of) if t.dep[at] == "pobj"), None)
    found = role_around(reading.lower, inner) if inner is not None else None
    return replace(many, role=reading.role(found[2]).role if found else "UNK")


def _ends_before(reading: Reading, at: int) -> bool:
    """Whether no noun phrase goes on over this token: bracket, dash, colon, paragraph, dateline."""
    t = reading.tokens
    text = t.form[at]
    dash = text == "-" and at > 0 and t.is_spaced[at - 1]
    return dash or text in _BREAKS or text.isspace() or bool(reading.dateline[at])


def read_modifiers(reading: Reading, phrase: Phrase) -> None:
    """Read the words from the phrase's start to its role: "the two Russian", "Apple's former"."""
    t = reading.tokens
    for at in range(phrase.start, phrase.role_start):
        word = reading.lower[at]
        mention = reading.meaning_at(at)
        if mention and mention.how != "pronoun":
            _belong(phrase, mention, place_only=False)
        elif word in DEFINITE:
            phrase.definite = True
        elif t.tag[at] == "PRP$":
            phrase.definite, phrase.possessor = True, at
            if mention and mention.entities[0].kind != "person":
                _belong(phrase, mention, place_only=False)
        elif word in ("former", "ex"):
            phrase.former = True
        if word in NUMBERS:
            phrase.count = NUMBERS[word]
        elif t.pos[at] in ("ADJ", "NOUN", "PROPN", "VERB") and not mention and word not in _PLAIN:
            phrase.qualified = True
            phrase.companion |= t.pos[at] == "NOUN" and word not in OF_STATE and word not in NUMBERS


def _belong(phrase: Phrase, mention: Mention, place_only: bool) -> None:
    entity = mention.entities[0]
    if mention.form in ("adjective", "seat") or entity.kind in ("country", "place"):
        if phrase.country is None:
            phrase.country, phrase.state, phrase.indirect = entity.country, entity, mention.how == "description"
    elif (entity.kind in ("organisation", "person") or entity.role in ("REB", "OPP")) and not place_only:
        phrase.belongs_to = phrase.belongs_to or entity


def _read_complements(reading: Reading, phrase: Phrase) -> None:
    """Read what follows: "of France", "for the ministry", "who lives there"."""
    t = reading.tokens
    for at in reading.children(phrase.head):
        if at < phrase.role_end:
            continue
        dep, word = t.dep[at], reading.lower[at]
        if dep == "prep" and word in ("of", "for", "in", "at", "from", "with", "by"):
            inner = next((i for i in reading.children(at) if i > at and t.dep[i] == "pobj"), None)
            if inner is not None:
                _read_complement(reading, phrase, at, inner)
            phrase.qualified = True
        elif dep in ("relcl", "acl"):
            phrase.qualified = True


def _read_complement(reading: Reading, phrase: Phrase, at: int, inner: int) -> None:
    """Read the noun phrase of `inner` after the preposition `at`."""
    body = phrase.role is None or phrase.role.sort == "body"
    where = reading.lower[at] == "in" or (reading.lower[at] == "at" and body)
    mention = reading.meaning_at(inner)
    if where and not body:  # where people are does not tell whose they are
        if mention and mention.entities[0].kind in ("country", "place"):
            phrase.where = mention.entities[0]
            phrase.several = any(reading.tokens.dep[i] == "conj" for i in reading.children(inner))
        return
    if mention:
        _belong(phrase, mention, place_only=where)
        phrase.end = max(phrase.end, mention.end)
        return
    for i in range(max(at + 1, inner - _LEFT_WORDS), inner):  # "the commander of Peru's air force", not read yet
        if named := reading.meaning_at(i):
            _belong(phrase, named, place_only=True)
    owner = role_around(reading.lower, inner)
    if owner and owner[2].sort == "body" and not where and phrase.belongs_to is None and owner[2].role != "UNK":
        phrase.belongs_to = Entity(owner[2].phrase, "organisation", phrase.country, owner[2].role)
