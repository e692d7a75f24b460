"""Whom a description means: "the Russian leader", "the company", "the two heads of state", or someone new."""

from processors.entities.lexicon import BARE, CONTAINS, DEFINITE, GOVERNMENTS, ROLE_WORDS, RoleWord
from processors.entities.model import SUBJECTS, Entity, Mention, Phrase, Reading
from processors.entities.offices import coded, gender_of, is_said_so, take
from processors.entities.phrases import describe
from processors.entities.repair import Name
from schemas import ActorKind

_KINDS: dict[str, ActorKind] = {"person": "person", "body": "organisation", "people": "group"}
HEADS = frozenset(("NOUN", "PROPN", "ADJ"))
"""Parts of speech of descriptions' heads."""
ALONE = frozenset(("both", "two"))
"""Numbers, in lower case, that stand for a description without a noun."""
_LAND = frozenset(("country", "nation"))
_FIRMS = frozenset(("companies", "firms", "banks", "businesses"))
_STATES = frozenset(("country", "nation", "state", "government", "side"))
_ANY_BODY = frozenset(("group", "organization", "organisation"))
_LESSER = ("vice ", "deputy ", "under", "assistant ", "attorney ", "surgeon ", "solicitor ", "first ")
_MOST_OF_EACH = 8
"""States of which one holder of an office each is made."""
_SENTENCES = {"person": 30, "body": 8, "people": 8}
"""How far back a description of that sort looks."""


def resolve(reading: Reading, head: int, name_at: dict[int, Name]) -> Mention | None:
    """The mention that a noun phrase is: one with a role word, or a clause's subject. `name_at` has the names by first token."""
    t, word = reading.tokens, reading.lower[head]
    if word in ALONE and (group := _pronominal(reading, head)):
        return Mention(head, head + 1, head, "pronoun", group)
    if t.pos[head] not in HEADS or reading.mention_at[head]:
        return None
    subject = t.dep[head] in SUBJECTS and t.pos[head] == "NOUN"
    if not (subject or word in ROLE_WORDS or word in _LAND):
        return None
    if t.dep[head] in ("compound", "amod", "nmod") and t.pos[t.head[head]] in ("NOUN", "PROPN") and head + 1 not in name_at:
        return None
    phrase = describe(reading, head)
    if word in _LAND and phrase.definite and not phrase.qualified and (land := _land(reading, head, phrase)):
        return Mention(phrase.start, head + 1, head, "description", [land])
    if not phrase.role or (phrase.role.phrase in DEFINITE and not phrase.definite):
        if not subject:
            return None
        thing = reading.new(Entity(_text(reading, phrase), "unknown", plural=t.tag[head] == "NNS"))
        return Mention(head, head + 1, head, "description", [thing])
    if (name := name_at.get(phrase.role_end)) and name.kind == _KINDS[phrase.role.sort]:
        return None  # a title
    entities = _named_with_it(reading, head, phrase)
    if entities:
        take(reading, entities[0], phrase)
    if state := _government(phrase):
        return Mention(phrase.start, phrase.role_end, head, "description", [state], "government")
    entities = entities or _same(reading, head, phrase) or _one_each(reading, head, phrase) or [_someone(reading, head, phrase)]
    return Mention(phrase.start, phrase.role_end, head, "description", entities)


def _land(reading: Reading, head: int, phrase: Phrase) -> Entity | None:
    """The last state spoken of: "the country"; of "his country" his."""
    owner = reading.mention_at[phrase.possessor] if phrase.possessor is not None else None
    states = (m.entities[0] for m in reading.recent(head, 30 if owner else 4) if m.entities[0].kind == "country")
    return next((state for state in states if owner is None or state.country == owner.entities[0].country), None)


def _someone(reading: Reading, head: int, phrase: Phrase) -> Entity:
    t = reading.tokens
    assert phrase.role
    role, country = coded(phrase)
    entity = Entity(_text(reading, phrase), _KINDS[phrase.role.sort], country, role, gender_of(phrase.role.phrase))
    entity.plural = phrase.role.sort == "people" or t.tag[head] == "NNS"
    entity.descriptions = {phrase.role.phrase}
    entity.states = {phrase.state.name} if phrase.state and phrase.state.kind == "place" else set()
    entity.owner = phrase.belongs_to if phrase.belongs_to and phrase.belongs_to.kind == "person" else None
    entity.elsewhere = phrase.where is not None and phrase.where.kind == "country"
    return reading.new(entity)


def _one_each(reading: Reading, head: int, phrase: Phrase) -> list[Entity]:
    """ "The presidents of Chile and Peru": one of each."""
    t = reading.tokens
    assert phrase.role
    of = next((at for at in reading.children(head) if reading.lower[at] == "of"), None)
    if of is None or phrase.role.sort != "people" or t.tag[head] not in ("NNS", "NNPS"):
        return []
    states: list[Entity] = []
    at = next((i for i in reading.children(of) if t.dep[i] == "pobj"), None)
    while at is not None and len(states) < _MOST_OF_EACH:
        mention = reading.meaning_at(at)
        if mention is None or mention.entities[0].kind != "country":
            return []
        states.append(mention.entities[0])
        at = next((i for i in reading.children(at) if t.dep[i] == "conj"), None)
    if len(states) < 2:
        return []
    role = phrase.role
    each = [
        Entity(f"{role.phrase} of {state.name}", "person", state.country, None if role.role == "UNK" else role.role)
        for state in states
    ]
    for entity in each:
        entity.descriptions = {role.phrase}
    return [reading.new(entity) for entity in each]


def _text(reading: Reading, phrase: Phrase) -> str:
    t = reading.tokens
    start = phrase.start
    while start < phrase.role_start and t.pos[start] in ("DET", "PRON", "PUNCT", "SPACE"):
        start += 1
    return " ".join(t.text[t.start[start] : t.end[max(phrase.role_end, phrase.head + 1, phrase.end) - 1]].split())


def _pronominal(reading: Reading, head: int) -> list[Entity]:
    """ "Both" and "the two" without a noun."""
    t = reading.tokens
    alone = t.dep[head] in (*SUBJECTS, "dobj", "pobj")
    if not alone or (reading.lower[head] == "two" and (not head or reading.lower[head - 1] != "the")):
        return []
    return _several(reading, head, 2, None)


def _named_with_it(reading: Reading, head: int, phrase: Phrase) -> list[Entity]:
    """Apposition to a name, and "X is the …"."""
    t = reading.tokens
    assert phrase.role
    named = None
    if t.dep[head] == "appos" and t.head[head] < head:
        named = reading.mention_at[t.head[head]]
    elif t.dep[head] == "attr" and t.lemma[t.head[head]] == "be":
        children = reading.children(t.head[head])
        subject = next((at for at in children if at < head and t.dep[at] == "nsubj"), None)
        named = reading.mention_at[subject] if subject is not None and is_said_so(reading, t.head[head]) else None
    if named and len(named.entities) == 1 and named.entities[0].named and named.entities[0].kind == _KINDS[phrase.role.sort]:
        return named.entities
    return []


def _government(phrase: Phrase) -> Entity | None:
    """ "The Russian government" is Russia."""
    assert phrase.role
    own = phrase.role.phrase in GOVERNMENTS and phrase.state and phrase.state.kind == "country" and not phrase.belongs_to
    return phrase.state if own else None


def _same(reading: Reading, head: int, phrase: Phrase) -> list[Entity]:
    """Of those already spoken of, whom a definite description means."""
    assert phrase.role
    role = phrase.role
    if role.sort == "people":
        if phrase.count and (phrase.definite or reading.lower[phrase.start] == "both"):
            return _several(reading, head, phrase.count, role)
        if phrase.qualified:
            return []
    bare = role.phrase in BARE and phrase.start == phrase.role_start
    if not (phrase.definite or bare) or (phrase.belongs_to and role.sort == "body"):
        return []
    wanted = {role.phrase, *CONTAINS.get(role.phrase, ())}
    tried: set[int] = set()
    perhaps: list[Entity] = []
    for mention in reading.recent(head, _SENTENCES[role.sort]):
        entity = mention.entities[0]
        if len(mention.entities) > 1 or id(entity) in tried or entity.kind != _KINDS[role.sort]:
            continue
        tried.add(id(entity))
        if phrase.country and phrase.country != entity.country:
            continue
        if phrase.state and phrase.state.kind == "place" and _is_of_elsewhere(entity, phrase.state.name):
            continue  # no senator of Utah is "the Texas senator"
        called_so = _called(entity, role.phrase, wanted)
        if called_so and (not phrase.qualified or (entity.named and role.phrase in entity.descriptions and role.sort == "person")):
            if role.role != "GOV" or phrase.state or phrase.belongs_to or entity.role == "GOV":
                return [entity]
            perhaps = perhaps or [entity]  # the president of a club, where nobody else is a president
            continue
        if not phrase.qualified and _fits(reading, head, phrase, role, entity, mention):
            if entity.role:
                return [entity]
            perhaps = perhaps or [entity]
        last = role.sort == "body" and not bare and reading.is_subject_before(head, mention)
        if last and entity.named and entity.role == role.role:
            return [entity]  # "Acme Inc. said … The social-media company said"
    return perhaps


def _is_of_elsewhere(entity: Entity, place: str) -> bool:
    return bool(entity.states) and not any(place in own or own in place for own in entity.states)  # New York, New York City


def _called(entity: Entity, phrase: str, wanted: set[str]) -> bool:
    """Whether it was called so: "the minister" after "the foreign minister", but no vice president is "the president"."""
    return not entity.descriptions.isdisjoint(wanted) or any(
        called.endswith(f" {phrase}") and not called.startswith(_LESSER) for called in entity.descriptions
    )


def _fits(reading: Reading, head: int, phrase: Phrase, role: RoleWord, entity: Entity, mention: Mention) -> bool:
    """ "The company" may be the last firm named, "the man" the last man; "the ministry" must have been called so."""
    distance = reading.distance(head, mention)
    if role.sort == "body":
        same = entity.role == role.role or (entity.role is None and role.role == "BUS")
        return entity.named and distance <= 4 and phrase.possessor is None and (same or role.phrase in _ANY_BODY)
    gender = gender_of(role.phrase)
    return distance <= 2 and role.role == "CVL" and phrase.possessor is None and gender is not None and entity.gender == gender


def _several(reading: Reading, head: int, count: int, role: RoleWord | None) -> list[Entity]:
    """The last `count` persons (or states) that a plural can mean; none where fewer are known."""
    wanted = {role.phrase, *CONTAINS.get(role.phrase, ())} if role else set()
    kind = "country" if role and role.phrase in _STATES else "organisation" if role and role.phrase in _FIRMS else "person"
    gender = gender_of(role.phrase) if role else None
    chosen: list[Entity] = []
    for mention in reading.recent(head, 10):
        for entity in reversed(mention.entities):
            known = entity.named or (role is not None and not entity.plural and role.phrase in entity.descriptions)
            if entity in chosen or not known or entity.kind != kind or (gender and entity.gender not in (None, gender)):
                continue
            if kind == "organisation" and entity.role not in (None, "BUS"):
                continue
            if kind == "person" and role and role.role != "CVL" and not _called(entity, role.phrase, wanted):
                continue
            chosen.append(entity)
            if len(chosen) == count:
                return chosen[::-1]
    return []
