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
    if antecedent is None and token.i > 1:  # the parser missed it: "Jones, who"
        antecedent = reading.mention_at[token.i - 2 if reading.lower[token.i - 1] == "," else token.i - 1]
    word = reading.lower[token.i]
    if word in ("who", "whom") and not (antecedent and _is_someone(antecedent)):  # "men in three states who"
        antecedent = next((mention for mention in reading.recent(token, 0) if _is_someone(mention)), antecedent)
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
    for mention in reading.recent(token, _SENTENCES[sort]):
        if not _agrees(mention, gender, sort) or _cannot_be(reading, token, mention):
            continue
        score = _salience(reading, token, mention, gender)
        if speaker and mention.entities[0] is speaker:  # one does not call oneself "he"
            score -= 2.0
        if reading.quoted[mention.head] and not reading.quoted[token.i] and not reading.distance(token, mention):
            score -= 1.5  # nor speaks of oneself by name
        near.append((score, mention))
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
    if gender and entity.gender == gender:
        score += 0.6
    if entity.kind == "unknown" or (entity.kind == "person" and not entity.named and not entity.gender):
        score -= 0.5
    return score


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
    return (
        0.0
        if entity.plural
        else {"organisation": 0.6, "country": 1.2, "person": 3.0 if entity.gender else 2.0}.get(entity.kind, 1.0)
    )


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
