"""What the text around a name says of its bearer: title, apposition, "is the mayor of". Nothing is known beforehand."""

from processors.entities.lexicon import COMPANIONS, GENDERED, HONORIFICS, QUANTITIES, ROLE_COUNTRIES, RoleWord, role_ending
from processors.entities.model import Entity, Gender, Mention, Phrase, Reading
from processors.entities.namesakes import honorific
from processors.entities.phrases import describe, read_modifiers
from schemas import ActorRole

_TITLE_TOKENS = 9
_ANYONE = frozenset(
    ("man", "woman", "guy", "person", "individual", "lady", "gentleman", "adult", "friend", "fan", "figure", "character")
)
"""Descriptions that tell nothing of what somebody does."""
_STATIONED = frozenset(("GOV", "LEG", "COP", "JUD"))
"""Roles of those who serve where they are; troops may be anybody's."""
_OF_PERSONS = frozenset(("GOV", "LEG", "MIL", "COP", "JUD", "EDU", "HLH", "SPT", "CVL", "CRM", "OPP", "PTY"))


def learn(reading: Reading, mention: Mention) -> None:
    """Take up office, country and gender of a named person or body from the words around this mention."""
    t = reading.tokens
    entity = mention.entities[0]
    if entity.kind not in ("person", "organisation", "group"):
        return
    entity.gender = entity.gender or honorific(reading, mention.start)
    head = mention.head
    _from_title(reading, mention, entity)
    _from_party_and_state(reading, mention, entity)
    if t.dep[head] == "conj" and (shared := reading.titles.get(t.head[head])) and entity.kind == "person":
        take(reading, entity, shared)  # "Presidents Putin and Xi"
    if t.dep[head] == "appos" and t.pos[t.head[head]] in ("NOUN", "PROPN") and t.head[head] < mention.start:
        _from_phrase(reading, entity, t.head[head])
        described = reading.mention_at[t.head[head]]
        if described and described.how == "description":
            who = described.entities[0]
            if not who.named and who.kind == entity.kind:
                reading.merge(who, entity)
    for child in reading.right_of(head):
        if t.dep[child] == "appos" and child >= mention.end and not _names_another(reading, entity, child):
            _from_phrase(reading, entity, child)
    if t.dep[head] == "nsubj" and t.lemma[t.head[head]] == "be" and is_said_so(reading, t.head[head]):
        for child in reading.right_of(t.head[head]):
            if t.dep[child] == "attr":
                _from_phrase(reading, entity, child, anyone=False)


def is_said_so(reading: Reading, be: int) -> bool:
    """Whether who is said to be something is it: not "is no governor", "would be the first governor", "if he is governor"."""
    t = reading.tokens
    return not any(
        t.dep[at] == "neg"
        or (t.tag[at] == "MD" and reading.lower[at] not in ("will", "'ll"))
        or (t.dep[at] == "mark" and reading.lower[at] in ("if", "whether", "unless"))
        for at in reading.children(be)
    )


def _names_another(reading: Reading, entity: Entity, noun: int) -> bool:
    """Whether the noun has a name in apposition of its own: "Beside Ann Lee, the treasury secretary, Jane Doe, said"."""
    beside = [at for at in reading.right_of(noun) if reading.tokens.dep[at] == "appos"]
    named = (reading.meaning_at(at) for at in beside)
    return any(m is not None and m.how in ("name", "short") and entity not in m.entities for m in named)


def _from_title(reading: Reading, mention: Mention, entity: Entity) -> None:
    """ "Russian President" before the name; the mention's place in the clause may be the title's."""
    t = reading.tokens
    title = _title(reading, mention)
    sort = "person" if entity.kind == "person" else "body"
    if not title or title[2].sort not in (sort, "people") or title[2].phrase in QUANTITIES:
        return
    start = title[0]
    while start and mention.start - start < _TITLE_TOKENS and _is_modifier(reading, start - 1):
        start -= 1
    phrase = Phrase(start, title[0], title[1], title[1] - 1, reading.role(title[2]))
    read_modifiers(reading, phrase)
    for at in range(title[1] + 1, mention.start):  # Director of National Intelligence Jane Doe
        inner = reading.mention_at[at]
        if inner and inner.entities[0].kind == "country":
            phrase.country, phrase.state = inner.entities[0].country, inner.entities[0]
        elif inner:
            phrase.belongs_to = inner.entities[0]
    take(reading, entity, phrase)
    if len(entity.mentions) == 1 and entity.kind == "person" and phrase.role:
        _found_before(reading, mention, entity, phrase.role.phrase)
    if phrase.role and phrase.role.sort == "people":
        reading.titles[mention.head] = phrase
    for _ in range(4):
        above = t.head[mention.anchor]
        if not start <= above < mention.end or above == mention.anchor:
            break
        mention.anchor = above


def _found_before(reading: Reading, mention: Mention, entity: Entity, office: str) -> None:
    """ "Its defence minister said …": the next to be named with that title is he."""
    for earlier in reading.recent(mention.head, 3):
        who = earlier.entities[0]
        if earlier.how != "description" or who.named or len(earlier.entities) > 1 or office not in who.descriptions:
            continue
        definite = reading.lower[earlier.start] not in ("a", "an", "another", "one", "no", "some")
        if definite and (who.country is None or entity.country in (None, who.country)):
            entity.country = entity.country or who.country
            reading.merge(who, entity)
        return


def _title(reading: Reading, mention: Mention) -> tuple[int, int, RoleWord] | None:
    """The role phrase before a name, with its begin and end: right before it, or with "of …" between."""
    t = reading.tokens
    first = max(0, mention.start - 5)
    if title := role_ending(reading.lower, mention.start, first):
        return title[0], mention.start, title[1]
    if mention.entities[0].kind != "person" or (mention.start and reading.lower[mention.start - 1] in HONORIFICS):
        return None  # an employee of Mr. Hale
    for at in range(mention.start - 2, max(0, mention.start - 7), -1):
        if reading.lower[at] in ("of", "for"):
            title = role_ending(reading.lower, at, max(0, at - 4))
            return (title[0], at, title[1]) if title else None
        if t.pos[at] not in ("PROPN", "ADJ", "CCONJ"):
            return None
    return None


def _from_party_and_state(reading: Reading, mention: Mention, entity: Entity) -> None:
    """Jane Doe (R-Texas) sits in a parliament of the United States, for Texas; Utah's Jane Doe is of Utah."""
    if entity.kind != "person":
        return
    if mention.start > 1 and reading.lower[mention.start - 1] == "'s":
        _of_place(entity, reading.mention_at[mention.start - 2])
    after = reading.words[mention.end : mention.end + 3]
    if len(after) < 3 or after[0] not in ("(", ",") or after[1][:1] not in ("R", "D", "I"):
        return
    if after[1][1:2] == "-" or (len(after[1]) == 1 and after[2] == "-"):
        entity.country = entity.country or "USA"
        entity.role = entity.role or "LEG"
        _of_place(entity, reading.meaning_at(min(mention.end + 3, len(reading.words) - 1)))


def _of_place(entity: Entity, mention: Mention | None) -> None:
    if mention and mention.entities[0].kind == "place":
        entity.states.add(mention.entities[0].name)


def _is_modifier(reading: Reading, at: int) -> bool:
    t = reading.tokens
    mention = reading.mention_at[at]
    return (
        (mention is not None and mention.how in ("name", "short"))
        or t.pos[at] in ("ADJ", "PROPN", "PART", "NOUN")
        or t.tag[at] in ("PRP$", "HYPH")
        or reading.lower[at] == "former"
    )


def _from_phrase(reading: Reading, entity: Entity, head: int, anyone: bool = True) -> None:
    """What the noun phrase of `head` says; with `anyone` false an office only, not "is the guy to watch"."""
    mention = reading.mention_at[head]
    if mention and mention.how in ("name", "short"):
        return
    phrase = describe(reading, head)
    if not phrase.role or phrase.role.sort == "people" or (phrase.role.role == "CVL" and not anyone):
        return
    if phrase.role.sort == "person" and entity.kind == "organisation" and _may_be_a_person(entity, phrase):
        entity.kind, entity.named = "person", True
    if (phrase.role.sort == "person") == (entity.kind == "person"):
        take(reading, entity, phrase)


def _may_be_a_person(entity: Entity, phrase: Phrase) -> bool:
    """The model took "Jane Doe, the public works minister" for a body."""
    assert phrase.role
    words = entity.name.split()
    plain = all(word.istitle() and word.replace("-", "").isalpha() for word in words)
    return 2 <= len(words) <= 3 and plain and not entity.listed and entity.role is None and phrase.role.role in _OF_PERSONS


def take(reading: Reading, entity: Entity, phrase: Phrase) -> None:
    """`phrase` describes the entity."""
    assert phrase.role
    word = phrase.role.phrase
    if word == "counterpart" and (like := _last_official(reading, entity)):  # who holds the same office elsewhere
        entity.descriptions |= like.descriptions
        entity.role = entity.role or like.role
    entity.descriptions.add(word)
    if entity.kind == "person":
        entity.gender = entity.gender or gender_of(word)
    role, country = coded(phrase)
    if role and entity.role in (None, "CVL") and not phrase.former and not (entity.named and word in _ANYONE):
        entity.role = role
    if not phrase.indirect:
        entity.country = entity.country or country
    if phrase.state and phrase.state.kind == "place":
        entity.states.add(phrase.state.name)


def _last_official(reading: Reading, entity: Entity) -> Entity | None:
    for mention in reading.recent(len(reading.words) - 1, len(reading.words)):
        other = mention.entities[0]
        if other is not entity and other.kind == "person" and other.role and other.descriptions - {"counterpart"}:
            return other
    return None


def coded(phrase: Phrase) -> tuple[ActorRole | None, str | None]:
    """Role and country (alpha-3) of whom the phrase describes: the office's own, or that of the body it belongs to."""
    assert phrase.role
    word, owner = phrase.role.phrase, phrase.belongs_to
    vague = (word in COMPANIONS and phrase.companion) or (word == "agency" and not phrase.country)  # of ratings, of models
    role: ActorRole | None = None if phrase.role.role == "UNK" or vague else phrase.role.role
    country = phrase.country or (owner.country if owner else None) or ROLE_COUNTRIES.get(tuple(word.split()))
    if owner and owner.kind != "person":
        if word in ("president", "vice president", "secretary", "official", "officer", "member", "commissioner"):
            role = owner.role or (None if word.endswith("president") else role)  # the president of a club nobody knows
        if word in ("founder", "co-founder", "cofounder", "member", "chair", "chairman", "chairwoman"):
            role = owner.role or role  # of a caucus
        role = role or owner.role
    elif (
        role is None
        and country
        and not phrase.companion
        and word in ("leader", "counterpart", "negotiator", "delegation", "leadership", "side")
    ):
        role = "GOV"
    if phrase.where and country is None and role in _STATIONED and not phrase.several:
        country = phrase.where.country
    return (None if phrase.former else role), country


def gender_of(phrase: str) -> Gender | None:
    """The gender that a role phrase tells: spokeswoman, king."""
    return GENDERED.get(phrase.rsplit(maxsplit=1)[-1])
