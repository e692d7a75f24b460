"""Whom a pronoun means: the most salient mention before it that agrees in gender and number."""

import math

from processors.entities.lexicon import SAYING
from processors.entities.model import SUBJECTS, Entity, Gender, Mention, Reading
from processors.tokens import Tokens

_SENTENCES = {"person": 6, "thing": 4, "several": 4}
"""How far back a pronoun of that sort looks."""
_PRONOUNS: dict[str, tuple[Gender | None, str]] = {
    **dict.fromkeys(("he", "him", "his", "himself"), ("male", "person")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("female", "person")),
    **dict.fromkeys(("it", "its", "itself"), (None, "thing")),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), (None, "several")),
}
_RELATIVE = frozenset(("who", "whom", "whose", "which", "that"))
WORDS = _RELATIVE | _PRONOUNS.keys()
"""Pronouns that may be resolved, in lower case."""
_VERBS = frozenset(("VERB", "AUX"))
_OBJECTS = frozenset(("dobj", "dative", "pobj"))
_MOST_SHARED = 6
"""How many verbs of one subject are looked at."""
_APART = frozenset(("advcl", "relcl", "acl", "appos", "parataxis", "conj"))
_REACH = 30
"""How many tokens behind a verb are looked at."""
_CLAUSES = frozenset(("ccomp", "xcomp", "csubj", "advcl", "acl"))
_DUMMY_SUBJECT = frozenset(("be", "seem", "appear", "take", "turn", "become", "happen", "look"))
_DUMMY_OBJECT = frozenset(("do", "make", "put", "take", "get", "call"))


def resolve(reading: Reading, pronoun: int) -> Mention | None:
    """The mention that the token is, where it is a third-person or relative pronoun whose antecedent is found."""
    t = reading.tokens
    word = reading.lower[pronoun]
    entities: list[Entity] | None = None
    if word in _PRONOUNS and t.pos[pronoun] == "PRON" and not (word == "it" and _means_nothing(reading, pronoun)):
        entities = _antecedent(reading, pronoun, *_PRONOUNS[word])
    elif word in _RELATIVE and t.tag[pronoun] in ("WP", "WDT", "WP$"):
        entities = _of_relative(reading, pronoun)
    return Mention(pronoun, pronoun + 1, pronoun, "pronoun", entities) if entities else None


def _means_nothing(reading: Reading, pronoun: int) -> bool:
    """The it of "it is clear that", "it takes two to", "did it": no one, or what was said."""
    t = reading.tokens
    verb = t.head[pronoun]
    if t.dep[pronoun] == "expl" or (t.dep[pronoun] == "dobj" and t.lemma[verb] in _DUMMY_OBJECT):
        return True
    if t.dep[pronoun] not in SUBJECTS or t.lemma[verb] not in _DUMMY_SUBJECT:
        return False
    right = reading.right_of(verb)
    below = [at for child in right if t.dep[child] in ("acomp", "attr", "oprd") for at in reading.children(child)]
    return bool(reading.quoted[pronoun]) or any(t.dep[child] in _CLAUSES for child in (*right, *below))


def _of_relative(reading: Reading, pronoun: int) -> list[Entity] | None:
    t = reading.tokens
    clause = pronoun
    for _ in range(6):
        if t.dep[clause] == "relcl" or t.head[clause] == clause:
            break
        clause = t.head[clause]
    noun = t.head[clause]
    antecedent = reading.mention_at[noun] if t.dep[clause] == "relcl" and noun < pronoun else None
    if antecedent is None and t.dep[clause] == "relcl" and t.pos[noun] == "PRON":
        return None  # "someone who"
    if antecedent is None and pronoun > 1:  # the parser missed it: "Jones, who"
        antecedent = reading.mention_at[pronoun - 2 if reading.lower[pronoun - 1] == "," else pronoun - 1]
    word = reading.lower[pronoun]
    if word in ("who", "whom") and not (antecedent and _is_someone(antecedent)):  # "men in three states who"
        antecedent = next((mention for mention in reading.recent(pronoun, 0) if _is_someone(mention)), antecedent)
    elif antecedent and word == "that" and antecedent.how in ("name", "short") and antecedent.entities[0].kind == "person":
        antecedent = None  # "an interview with Paul Hart that"
    elif antecedent and word == "which" and antecedent.entities[0].kind == "person":  # "the head of Acme, which"
        antecedent = next((mention for mention in reading.recent(pronoun, 0) if mention.entities[0].kind != "person"), None)
    return antecedent.entities if antecedent else None


def _is_someone(mention: Mention) -> bool:
    entity = mention.entities[0]
    return entity.kind in ("person", "group") and entity.descriptions.isdisjoint(
        ("states", "state", "countries", "country", "nations")
    )


def _antecedent(reading: Reading, pronoun: int, gender: Gender | None, sort: str) -> list[Entity] | None:
    best: tuple[float, list[Entity]] | None = None
    speaker = _speaker(reading, pronoun) if reading.quoted[pronoun] else None
    near: list[tuple[float, Mention]] = []
    others = _other_arguments(reading, pronoun)
    for mention in reading.recent(pronoun, _SENTENCES[sort]):
        if not _agrees(mention, gender, sort) or _cannot_be(reading, pronoun, mention) or not others.isdisjoint(mention.entities):
            continue
        score = _salience(reading, pronoun, mention, gender)
        if speaker and mention.entities[0] is speaker:  # one does not call oneself "he"
            score -= 2.0
        if reading.quoted[mention.head] and not reading.quoted[pronoun] and not reading.distance(pronoun, mention):
            score -= 1.5  # nor speaks of oneself by name
        near.append((score, mention))
        if sort == "several" and _is_one_person(mention):
            continue  # though one of two, perhaps
        if sort == "several":
            score -= _unlike_several(mention)
        if best is None or score > best[0]:
            best = score, mention.entities
    if sort == "several" and (pair := _pair(reading, pronoun, near)) and (best is None or pair[0] > best[0]):
        best = pair
    if not best:
        return None
    if gender:
        best[1][0].gender = best[1][0].gender or gender
    return best[1]


def _is_one_person(mention: Mention) -> bool:
    """Whether it is a known person, whom no "they" means alone: "a person … their" can be."""
    entity = mention.entities[0]
    one = len(mention.entities) == 1 and entity.kind == "person" and not entity.plural
    return one and (entity.named or entity.gender is not None)


def _speaker(reading: Reading, pronoun: int) -> Entity | None:
    at = reading.speaker(pronoun)
    mention = reading.mention_at[at] if at is not None else None
    if mention is None and at is not None:  # not read yet: a name that was, or whoever spoke last
        word = reading.words[at]
        mention = next((m for m in reading.recent(pronoun, 4) if word in reading.words[m.start : m.end]), None)
    return mention.entities[0] if mention and len(mention.entities) == 1 else None


def _agrees(mention: Mention, gender: Gender | None, sort: str) -> bool:
    entity = mention.entities[0]
    if sort == "person":
        return len(mention.entities) == 1 and entity.kind == "person" and not entity.plural and entity.gender in (None, gender)
    if sort == "thing":
        return len(mention.entities) == 1 and entity.kind not in ("person", "group") and not entity.plural
    return entity.kind != "unknown" or entity.plural


def _cannot_be(reading: Reading, pronoun: int, mention: Mention) -> bool:
    """Arguments of one verb differ unless the pronoun is reflexive; a possessive is not in its own noun phrase."""
    t = reading.tokens
    anchor = mention.anchor
    if t.tag[pronoun] == "PRP$":
        above = t.head[pronoun]
        for _ in range(4):
            if above == anchor:
                return True
            if t.pos[above] in ("VERB", "AUX") or t.dep[above] == "conj":  # [Paul] and his allies
                break
            above = t.head[above]
        return False
    if reading.lower[pronoun].endswith(("self", "selves")):
        return False
    return t.head[pronoun] == t.head[anchor] and t.dep[anchor] != "poss"


def _other_arguments(reading: Reading, pronoun: int) -> set[Entity]:
    """Those who take part in what the pronoun does or undergoes, and so are not he, be they named before it or behind."""
    t = reading.tokens
    if reading.lower[pronoun].endswith(("self", "selves")):
        return set()
    verb = t.head[pronoun]
    if t.tag[pronoun] == "PRP$":  # his support for [Paul]
        below = _objects(reading, verb)  # his support for [Paul], for [Paul]'s bill
        return _means(reading, [*below, *(at for noun in below for at in reading.children(noun) if t.dep[at] == "poss")])
    if t.dep[pronoun] in SUBJECTS:
        undergo = _means(reading, [at for each in _shared(reading, verb) for at in _objects(reading, each)])
        return undergo | _named_below(reading, pronoun, verb)
    if t.dep[pronoun] == "pobj":
        verb = t.head[verb]
    subject = _subject(reading, verb) if t.pos[verb] in _VERBS and t.dep[pronoun] in _OBJECTS else None
    return _means(reading, [subject] if subject is not None else [])


def _named_below(reading: Reading, subject: int, verb: int) -> set[Entity]:
    """The persons named in what the verb of this subject governs: of "he said that Paul won" nobody is he."""
    t = reading.tokens
    named: set[Entity] = set()
    for at in range(verb + 1, min(verb + _REACH, t.right[verb])):
        mention = reading.meaning_at(at)
        if mention is None or mention.head != at or mention.how not in ("name", "short") or mention.entities[0].kind != "person":
            continue
        above = at
        if t.dep[above] == "poss":
            continue
        for _ in range(_REACH):
            if above == verb or t.dep[above] in _APART:
                break
            above = t.head[above]
        if above == verb:
            named.add(mention.entities[0])
    return named


def _means(reading: Reading, heads: list[int]) -> set[Entity]:
    """The entities of these nouns and of those joined to them."""
    t = reading.tokens
    joined = [at for head in heads for at in reading.children(head) if t.dep[at] == "conj"]
    mentions = (reading.meaning_at(at) for at in (*heads, *joined))
    return {entity for mention in mentions if mention for entity in mention.entities}


def _objects(reading: Reading, verb: int) -> list[int]:
    """The verb's objects, with a preposition or without."""
    t = reading.tokens
    below = reading.right_of(verb) + [at for at in reading.children(verb) if at < verb]
    pobj = [at for child in below if t.dep[child] == "prep" for at in reading.children(child) if t.dep[at] == "pobj"]
    return pobj + [child for child in below if t.dep[child] in _OBJECTS]


def _shared(reading: Reading, verb: int) -> list[int]:
    """The verb and those that have its subject: was [trying] to [protect], [came] and [saw]."""
    t = reading.tokens
    verbs = [verb]
    for each in verbs:
        if len(verbs) > _MOST_SHARED:
            break
        controlled = any(t.dep[child] == "dobj" for child in reading.right_of(each))
        for child in reading.right_of(each):
            own = any(t.dep[at] in SUBJECTS for at in reading.children(child))
            if not own and t.pos[child] in _VERBS and (t.dep[child] == "conj" or (t.dep[child] == "xcomp" and not controlled)):
                verbs.append(child)
    return verbs


def _subject(reading: Reading, verb: int) -> int | None:
    """Whoever does what the verb says, be it said with a verb that it hangs on: [Paul] made trouble after backing."""
    t = reading.tokens
    for _ in range(6):
        children = reading.children(verb)
        if (own := next((at for at in children if t.dep[at] in SUBJECTS), None)) is not None:
            return own
        above = t.head[verb]
        controller = next((at for at in reading.children(above) if t.dep[at] == "dobj"), None)
        if t.dep[verb] == "xcomp" and controller is not None:  # urged [Acme] to sell
            return controller
        if t.dep[verb] == "pcomp" and t.dep[above] == "prep":
            above = t.head[above]
        elif t.dep[verb] not in ("conj", "xcomp", "advcl"):
            return None
        if t.pos[above] not in _VERBS:
            return None
        verb = above
    return None


def _salience(reading: Reading, pronoun: int, mention: Mention, gender: Gender | None) -> float:
    """Higher is likelier: near, subject, of the main clause, often spoken of, of the known gender."""
    t = reading.tokens
    anchor = mention.anchor
    entity = mention.entities[0]
    distance = reading.distance(pronoun, mention)
    score = -1.2 * distance - 0.004 * (pronoun - mention.head) + 0.15 * math.log(1 + len(entity.mentions))
    if t.dep[anchor] in SUBJECTS:
        main = t.dep[t.head[anchor]] == "ROOT"
        score += 1.2 if main else 0.6
        if distance and t.dep[pronoun] in SUBJECTS:
            score += 0.4
        if main and distance and _speaks(t, pronoun) and t.lemma[t.head[anchor]] in SAYING:
            score += 0.5
        if distance == 0 and t.lemma[t.head[anchor]] in SAYING:
            score += 0.4
    elif t.dep[anchor] == "poss":
        score -= 0.2
    elif t.dep[anchor] in ("pobj", "compound", "nmod", "appos"):
        score -= 0.4
    if distance == 0 and t.tag[pronoun] == "PRP$":
        clause = _clause(t, pronoun)
        if t.dep[anchor] in SUBJECTS and t.head[anchor] == clause:
            score += 0.7
        elif t.dep[anchor] == "dobj" and t.head[anchor] == t.head[clause] and t.dep[clause] in ("xcomp", "ccomp"):
            score += 2.0  # "forced Acme to lower its prices"
        elif t.dep[anchor] == "dobj" and t.head[anchor] == clause and _is_reason(t, pronoun):
            score += 2.4 if gender else 1.2  # "praised Acme for its prices", "thanked Jane Doe for her help"
    if gender and entity.gender == gender:
        score += 0.6
    if entity.kind == "unknown" or (entity.kind == "person" and not entity.named and not entity.gender):
        score -= 0.5
    return score


def _is_reason(t: Tokens, pronoun: int) -> bool:
    """Whether "for" stands before the possessive pronoun's noun phrase."""
    noun = t.head[pronoun]
    return t.dep[noun] == "pobj" and t.lower[t.head[noun]] == "for" and t.dep[t.head[noun]] == "prep"


def _speaks(t: Tokens, pronoun: int) -> bool:
    return t.dep[pronoun] in SUBJECTS and t.lemma[t.head[pronoun]] in SAYING


def _clause(t: Tokens, pronoun: int) -> int:
    """The verb over the pronoun."""
    above = t.head[pronoun]
    for _ in range(6):
        if t.pos[above] in ("VERB", "AUX") or t.head[above] == above:
            break
        above = t.head[above]
    return above


def _unlike_several(mention: Mention) -> float:
    if len(mention.entities) > 1:
        return -0.5
    entity = mention.entities[0]
    return 0.0 if entity.plural else {"organisation": 0.6, "country": 1.2, "person": 2.0}.get(entity.kind, 1.0)


def _pair(reading: Reading, pronoun: int, near: list[tuple[float, Mention]]) -> tuple[float, list[Entity]] | None:
    """Two persons, or two states, of one sentence: "Putin received Xi … their meeting"."""
    t = reading.tokens
    for n, (score, mention) in enumerate(near):
        entity = mention.entities[0]
        if entity.kind not in ("person", "country") or not entity.named or len(mention.entities) > 1:
            continue
        for other_score, other in near[n + 1 : n + 6]:
            if other.entities[0] is entity or other.entities[0].kind != entity.kind or not other.entities[0].named:
                continue
            if reading.distance(pronoun, other) != reading.distance(pronoun, mention):
                break
            joined = t.dep[mention.anchor] == "conj" and t.head[mention.anchor] == other.anchor
            return max(score, other_score) + (0.5 if joined else -0.8), [other.entities[0], entity]
    return None
