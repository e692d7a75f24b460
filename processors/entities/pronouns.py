"""Whom a pronoun means: the most salient mention before it that agrees in gender and number."""

import math

from spacy.tokens import Token

from processors.entities.lexicon import SAYING
from processors.entities.model import SUBJECTS, Entity, Gender, Mention, Reading

_SENTENCES = {"person": 6, "thing": 4, "several": 4}
"""How far back a pronoun of that sort looks."""
_PRONOUNS: dict[str, tuple[Gender | None, str]] = {
    **dict.fromkeys(("he", "him", "his", "himself"), ("male", "person")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("female", "person")),
    **dict.fromkeys(("it", "its", "itself"), (None, "thing")),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), (None, "several")),
}
_RELATIVE = frozenset(("who", "whom", "whose", "which", "that"))
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


def resolve(reading: Reading, token: Token) -> Mention | None:
    """The mention that the token is, where it is a third-person or relative pronoun whose antecedent is found."""
    word = reading.lower[token.i]
    entities: list[Entity] | None = None
    if word in _PRONOUNS and token.pos_ == "PRON" and not (word == "it" and _means_nothing(reading, token)):
        entities = _antecedent(reading, token, *_PRONOUNS[word])
    elif word in _RELATIVE and token.tag_ in ("WP", "WDT", "WP$"):
        entities = _of_relative(reading, token)
    return Mention(token.i, token.i + 1, token.i, "pronoun", entities) if entities else None


def _means_nothing(reading: Reading, token: Token) -> bool:
    """The it of "it is clear that", "it takes two to", "did it": no one, or what was said."""
    verb = token.head
    if token.dep_ == "expl" or (token.dep_ == "dobj" and verb.lemma_ in _DUMMY_OBJECT):
        return True
    if token.dep_ not in SUBJECTS or verb.lemma_ not in _DUMMY_SUBJECT:
        return False
    right = reading.right_of(verb)
    below = [reading.token[at] for child in right if child.dep_ in ("acomp", "attr", "oprd") for at in reading.children(child.i)]
    return bool(reading.quoted[token.i]) or any(child.dep_ in _CLAUSES for child in (*right, *below))


def _of_relative(reading: Reading, token: Token) -> list[Entity] | None:
    clause = token
    for _ in range(6):
        if clause.dep_ == "relcl" or clause.head.i == clause.i:
            break
        clause = clause.head
    noun = clause.head
    antecedent = reading.mention_at[noun.i] if clause.dep_ == "relcl" and noun.i < token.i else None
    if antecedent is None and clause.dep_ == "relcl" and noun.pos_ == "PRON":
        return None  # "someone who"
    if antecedent is None and token.i > 1:  # the parser missed it: "Jones, who"
        antecedent = reading.mention_at[token.i - 2 if reading.lower[token.i - 1] == "," else token.i - 1]
    word = reading.lower[token.i]
    if word in ("who", "whom") and not (antecedent and _is_someone(antecedent)):  # "men in three states who"
        antecedent = next((mention for mention in reading.recent(token, 0) if _is_someone(mention)), antecedent)
    elif antecedent and word == "that" and antecedent.how in ("name", "short") and antecedent.entities[0].kind == "person":
        antecedent = None  # "an interview with Paul Hart that"
    elif antecedent and word == "which" and antecedent.entities[0].kind == "person":  # "the head of Acme, which"
        antecedent = next((mention for mention in reading.recent(token, 0) if mention.entities[0].kind != "person"), None)
    return antecedent.entities if antecedent else None


def _is_someone(mention: Mention) -> bool:
    entity = mention.entities[0]
    return entity.kind in ("person", "group") and entity.descriptions.isdisjoint(
        ("states", "state", "countries", "country", "nations")
    )


def _antecedent(reading: Reading, token: Token, gender: Gender | None, sort: str) -> list[Entity] | None:
    best: tuple[float, list[Entity]] | None = None
    speaker = _speaker(reading, token) if reading.quoted[token.i] else None
    near: list[tuple[float, Mention]] = []
    others = _other_arguments(reading, token)
    for mention in reading.recent(token, _SENTENCES[sort]):
        if not _agrees(mention, gender, sort) or _cannot_be(reading, token, mention) or not others.isdisjoint(mention.entities):
            continue
        score = _salience(reading, token, mention, gender)
        if speaker and mention.entities[0] is speaker:  # one does not call oneself "he"
            score -= 2.0
        if reading.quoted[mention.head] and not reading.quoted[token.i] and not reading.distance(token, mention):
            score -= 1.5  # nor speaks of oneself by name
        near.append((score, mention))
        if sort == "several" and _is_one_person(mention):
            continue  # though one of two, perhaps
        if sort == "several":
            score -= _unlike_several(mention)
        if best is None or score > best[0]:
            best = score, mention.entities
    if sort == "several" and (pair := _pair(reading, token, near)) and (best is None or pair[0] > best[0]):
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


def _speaker(reading: Reading, token: Token) -> Entity | None:
    at = reading.speaker(token)
    mention = reading.mention_at[at] if at is not None else None
    if mention is None and at is not None:  # not read yet: a name that was, or whoever spoke last
        word = reading.tokens[at]
        mention = next((m for m in reading.recent(token, 4) if word in reading.tokens[m.start : m.end]), None)
    return mention.entities[0] if mention and len(mention.entities) == 1 else None


def _agrees(mention: Mention, gender: Gender | None, sort: str) -> bool:
    entity = mention.entities[0]
    if sort == "person":
        return len(mention.entities) == 1 and entity.kind == "person" and not entity.plural and entity.gender in (None, gender)
    if sort == "thing":
        return len(mention.entities) == 1 and entity.kind not in ("person", "group") and not entity.plural
    return entity.kind != "unknown" or entity.plural


def _cannot_be(reading: Reading, token: Token, mention: Mention) -> bool:
    """Arguments of one verb differ unless the pronoun is reflexive; a possessive is not in its own noun phrase."""
    anchor = reading.token[mention.anchor]
    if token.tag_ == "PRP$":
        above = token.head
        for _ in range(4):
            if above.i == anchor.i:
                return True
            if above.pos_ in ("VERB", "AUX"):
                break
            above = above.head
        return False
    if reading.lower[token.i].endswith(("self", "selves")):
        return False
    return token.head.i == anchor.head.i and anchor.dep_ != "poss"


def _other_arguments(reading: Reading, token: Token) -> set[Entity]:
    """Those who take part in what the pronoun does or undergoes, and so are not he, be they named before it or behind."""
    if reading.lower[token.i].endswith(("self", "selves")):
        return set()
    verb = token.head
    if token.tag_ == "PRP$":  # his support for [Paul]
        return _means(reading, _objects(reading, verb))
    if token.dep_ in SUBJECTS:
        undergo = _means(reading, [at for each in _shared(reading, verb) for at in _objects(reading, each)])
        return undergo | _named_below(reading, token, verb)
    if token.dep_ == "pobj":
        verb = verb.head
    subject = _subject(reading, verb) if verb.pos_ in _VERBS and token.dep_ in _OBJECTS else None
    return _means(reading, [subject] if subject is not None else [])


def _named_below(reading: Reading, subject: Token, verb: Token) -> set[Entity]:
    """The persons named in what the verb of this subject governs: of "he said that Paul won" nobody is he."""
    named: set[Entity] = set()
    for at in range(verb.i + 1, min(verb.i + _REACH, verb.right_edge.i + 1)):
        mention = reading.meaning_at(at)
        if mention is None or mention.head != at or mention.how not in ("name", "short") or mention.entities[0].kind != "person":
            continue
        above = reading.token[at]
        if above.dep_ == "poss":
            continue
        for _ in range(_REACH):
            if above.i == verb.i or above.dep_ in _APART:
                break
            above = above.head
        if above.i == verb.i:
            named.add(mention.entities[0])
    return named


def _means(reading: Reading, heads: list[int]) -> set[Entity]:
    """The entities of these nouns and of those joined to them."""
    joined = [at for head in heads for at in reading.children(head) if reading.token[at].dep_ == "conj"]
    mentions = (reading.meaning_at(at) for at in (*heads, *joined))
    return {entity for mention in mentions if mention for entity in mention.entities}


def _objects(reading: Reading, verb: Token) -> list[int]:
    """The verb's objects, with a preposition or without."""
    below = reading.right_of(verb) + [reading.token[at] for at in reading.children(verb.i) if at < verb.i]
    pobj = [at for child in below if child.dep_ == "prep" for at in reading.children(child.i) if reading.token[at].dep_ == "pobj"]
    return pobj + [child.i for child in below if child.dep_ in _OBJECTS]


def _shared(reading: Reading, verb: Token) -> list[Token]:
    """The verb and those that have its subject: was [trying] to [protect], [came] and [saw]."""
    verbs = [verb]
    for each in verbs:
        if len(verbs) > _MOST_SHARED:
            break
        controlled = any(child.dep_ == "dobj" for child in reading.right_of(each))
        for child in reading.right_of(each):
            own = any(reading.token[at].dep_ in SUBJECTS for at in reading.children(child.i))
            if not own and child.pos_ in _VERBS and (child.dep_ == "conj" or (child.dep_ == "xcomp" and not controlled)):
                verbs.append(child)
    return verbs


def _subject(reading: Reading, verb: Token) -> int | None:
    """Whoever does what the verb says, be it said with a verb that it hangs on: [Paul] made trouble after backing."""
    for _ in range(6):
        children = reading.children(verb.i)
        if (own := next((at for at in children if reading.token[at].dep_ in SUBJECTS), None)) is not None:
            return own
        above = verb.head
        controller = next((at for at in reading.children(above.i) if reading.token[at].dep_ == "dobj"), None)
        if verb.dep_ == "xcomp" and controller is not None:  # urged [Acme] to sell
            return controller
        if verb.dep_ == "pcomp" and above.dep_ == "prep":
            above = above.head
        elif verb.dep_ not in ("conj", "xcomp", "advcl"):
            return None
        if above.pos_ not in _VERBS:
            return None
        verb = above
    return None


def _salience(reading: Reading, token: Token, mention: Mention, gender: Gender | None) -> float:
    """Higher is likelier: near, subject, of the main clause, often spoken of, of the known gender."""
    anchor = reading.token[mention.anchor]
    entity = mention.entities[0]
    distance = reading.distance(token, mention)
    score = -1.2 * distance - 0.004 * (token.i - mention.head) + 0.15 * math.log(1 + len(entity.mentions))
    if anchor.dep_ in SUBJECTS:
        main = anchor.head.dep_ == "ROOT"
        score += 1.2 if main else 0.6
        if distance and token.dep_ in SUBJECTS:
            score += 0.4
        if main and distance and _speaks(token) and anchor.head.lemma_ in SAYING:
            score += 0.5
        if distance == 0 and anchor.head.lemma_ in SAYING:
            score += 0.4
    elif anchor.dep_ == "poss":
        score -= 0.2
    elif anchor.dep_ in ("pobj", "compound", "nmod", "appos"):
        score -= 0.4
    if distance == 0 and token.tag_ == "PRP$":
        clause = _clause(token)
        if anchor.dep_ in SUBJECTS and anchor.head.i == clause.i:
            score += 0.7
        elif anchor.dep_ == "dobj" and anchor.head.i == clause.head.i and clause.dep_ in ("xcomp", "ccomp"):
            score += 2.0  # "forced Acme to lower its prices"
        elif anchor.dep_ == "dobj" and anchor.head.i == clause.i and _is_reason(token):
            score += 1.2  # "praised Acme for its prices"
    if gender and entity.gender == gender:
        score += 0.6
    if entity.kind == "unknown" or (entity.kind == "person" and not entity.named and not entity.gender):
        score -= 0.5
    return score


def _is_reason(token: Token) -> bool:
    """Whether "for" stands before the possessive pronoun's noun phrase."""
    return token.head.dep_ == "pobj" and token.head.head.lower_ == "for" and token.head.head.dep_ == "prep"


def _speaks(token: Token) -> bool:
    return token.dep_ in SUBJECTS and token.head.lemma_ in SAYING


def _clause(token: Token) -> Token:
    """The verb over the token."""
    above = token.head
    for _ in range(6):
        if above.pos_ in ("VERB", "AUX") or above.head.i == above.i:
            break
        above = above.head
    return above


def _unlike_several(mention: Mention) -> float:
    if len(mention.entities) > 1:
        return -0.5
    entity = mention.entities[0]
    return 0.0 if entity.plural else {"organisation": 0.6, "country": 1.2, "person": 2.0}.get(entity.kind, 1.0)


def _pair(reading: Reading, token: Token, near: list[tuple[float, Mention]]) -> tuple[float, list[Entity]] | None:
    """Two persons, or two states, of one sentence: "Putin received Xi … their meeting"."""
    for n, (score, mention) in enumerate(near):
        entity = mention.entities[0]
        if entity.kind not in ("person", "country") or not entity.named or len(mention.entities) > 1:
            continue
        for other_score, other in near[n + 1 : n + 6]:
            if other.entities[0] is entity or other.entities[0].kind != entity.kind or not other.entities[0].named:
                continue
            if reading.distance(token, other) != reading.distance(token, mention):
                break
            joined = reading.token[mention.anchor].dep_ == "conj" and reading.token[mention.anchor].head.i == other.anchor
            return max(score, other_score) + (0.5 if joined else -0.8), [other.entities[0], entity]
    return None
