"""Who each name, pronoun and description in a Doc means: one pass from left to right over an article."""

import math
from collections import defaultdict
from collections.abc import Iterator

from spacy.attrs import HEAD
from spacy.tokens import Doc, Token

from processors.entities import names
from processors.entities.lexicon import CONTAINS, GENDER, GOVERNMENTS, RoleWord, role_ending
from processors.entities.model import Entity, Gender, Mention
from processors.entities.names import Name
from processors.entities.phrases import NUMBERS, Phrase, describe, read_modifiers

PRONOUNS: dict[str, tuple[Gender | None, str]] = {
    **dict.fromkeys(("he", "him", "his", "himself"), ("male", "person")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("female", "person")),
    **dict.fromkeys(("it", "its", "itself"), (None, "thing")),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), (None, "several")),
}  # type: ignore[dict-item]
RELATIVE = frozenset(("who", "whom", "whose", "which", "that"))
SUBJECTS = frozenset(("nsubj", "nsubjpass"))
SPEECH = frozenset("say tell add reply ask announce note stress write claim warn argue explain declare insist admit state".split())
MALE_WORDS = frozenset(
    "man boy king prince father son brother husband spokesman congressman chairman businessman gentleman actor emperor monk priest pope".split()
)
FEMALE_WORDS = frozenset(
    "woman girl queen princess mother daughter sister wife spokeswoman congresswoman chairwoman businesswoman lady actress nun".split()
)
_WINDOW = 40
"""How many mentions back a pronoun or description looks."""
_MAX_CHILDREN = 24
_SUFFIXES = frozenset("inc inc. corp corp. co co. ltd ltd. llc plc group company corporation & ,".split())


class Coreference:
    """The entities of `doc`, and the mention that covers each token (`mention_at`), if any."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.tokens = [token.text.replace("’", "'") for token in doc]
        self.lower = [token.lower() for token in self.tokens]
        self.mention_at: list[Mention | None] = [None] * len(doc)
        self.entities: list[Entity] = []
        self.children = _children(doc)
        self._sentence = [0] * len(doc)
        for number, sentence in enumerate(doc.sents):
            self._sentence[sentence.start : sentence.end] = [number] * (sentence.end - sentence.start)
        self._recent: list[Mention] = []
        self._last: dict[int, int] = {}
        self._people: dict[str, list[Entity]] = defaultdict(list)
        self._by_form: dict[tuple[str, tuple[str, ...]], Entity] = {}
        found = names.find(doc)
        self._name_starts = {name.start: name for name in found}
        self._collect(found)
        self._read()

    # Names

    def _collect(self, found: list[Name]) -> None:
        """Make the entities of all names, the longest first, so that a short form before the full one finds it."""
        for name in sorted(found, key=lambda n: n.start - n.end):
            form = tuple(self.tokens[name.start : name.end])
            if (name.kind, form) in self._by_form:
                continue
            if name.known:
                self._by_form[name.kind, form] = self._listed(name, form)
            elif name.kind == "person":
                self._person(form)
            else:
                self._other(name, form)
        for name in found:  # "the International Criminal Court (ICC)"
            inner = name.end + 1
            if inner + 1 < len(self.tokens) and self.tokens[name.end] == "(" and self.tokens[inner + 1] == ")":
                entity = self._by_form.get((name.kind, tuple(self.tokens[name.start : name.end])))
                if entity and self.tokens[inner].isupper() and entity.kind == "organisation":
                    self._by_form["organisation", (self.tokens[inner],)] = entity

    def _new(self, **fields: object) -> Entity:
        entity = Entity(**fields)  # type: ignore[arg-type]
        self.entities.append(entity)
        return entity

    def _listed(self, name: Name, form: tuple[str, ...]) -> Entity:
        known = name.known
        assert known is not None
        place = known.form in ("capital", "region")
        label = " ".join(form) if known.form == "capital" else known.name
        key = ("group" if known.form == "nationals" else "place" if place else known.kind, (label,))
        if key not in self._by_form:
            self._by_form[key] = self._new(
                name=label,
                kind="place" if place else known.kind,
                country=known.country,
                role=known.role,
                capital_of=known.name if known.form == "capital" else None,
                plural=known.form == "nationals" or known.kind == "group",
                named=True,
            )
        return self._by_form[key]

    def _person(self, form: tuple[str, ...]) -> None:
        last = form[-1]
        if len(form) > 1:
            for entity in self._people[last]:
                if _part_of(form, tuple(entity.name.split())):
                    self._by_form["person", form] = entity
                    return
            gender = GENDER.get(form[0])
            entity = self._new(name=" ".join(form), kind="person", gender=gender, named=True)
            self._people[last].append(entity)
            if form[0] not in GENDER or form[0] not in self._people:
                self._people[form[0]].append(entity)
            self._by_form["person", form] = entity
        elif not self._people.get(last):
            self._people[last].append(self._new(name=last, kind="person", gender=GENDER.get(last), named=True))

    def _other(self, name: Name, form: tuple[str, ...]) -> None:
        kind = name.kind
        core = tuple(word for word in form if word.lower() not in _SUFFIXES) or form
        keys = [(kind, form), (kind, core)]
        if kind == "organisation":
            keys.append((kind, (" ".join(form),)))
        entity = next((self._by_form[key] for key in keys if key in self._by_form), None)
        if not entity:
            text = self.doc[name.start : name.end].text
            role = role_ending([word.lower() for word in form], len(form)) if kind == "organisation" else None
            entity = self._new(
                name=" ".join(text.split()), kind=kind, role=_role(role[1]) if role else None, plural=kind == "group", named=True
            )
            if role:
                entity.descriptions.add(role[1].phrase)
            if kind == "organisation":
                entity.country = next(
                    (known.country for word in form if (known := names.NAMES.get((word,))) and known.country), None
                )
                initials = "".join(word[0] for word in form if word[:1].isupper())
                if len(initials) > 1:
                    self._by_form.setdefault((kind, (initials,)), entity)
                if core[0][:1].isupper() and len(core) > 1 and (core[0],) not in names.NAMES:
                    self._by_form.setdefault((kind, core[:-1]), entity)
                    self._by_form.setdefault((kind, core[:1]), entity)
        for key in keys:
            self._by_form.setdefault(key, entity)

    def _named(self, name: Name) -> Mention:
        form = tuple(self.tokens[name.start : name.end])
        entity = self._by_form.get((name.kind, form))
        if entity is None:
            candidates = self._people[form[-1]] or self._people[form[0]]
            gender = self._honorific(name.start)
            fitting = [c for c in candidates if not (gender and c.gender and c.gender != gender)] or candidates
            entity = max(fitting, key=lambda c: self._last.get(id(c), -1))
        head = next(
            (i for i in range(name.end - 1, name.start, -1) if not name.start <= self.doc[i].head.i < name.end), name.end - 1
        )
        short = entity.kind == "person" and len(form) < len(entity.name.split())
        return Mention(
            name.start, name.end, head, "short" if short else "name", [entity], name.known.form if name.known else "name"
        )

    def _honorific(self, start: int) -> Gender | None:
        before = self.lower[start - 1] if start else ""
        if before in ("mr.", "mr", "sir", "lord"):
            return "male"
        return "female" if before in ("mrs.", "ms.", "mrs", "ms", "miss", "lady", "dame") else None

    # Reading

    def _read(self) -> None:
        """Resolve every mention in the order of the text, which is the order in which readers do it."""
        at = 0
        while at < len(self.tokens):
            name = self._name_starts.get(at)
            mention = self._named(name) if name else self._unnamed(self.doc[at])
            if mention:
                self._add(mention)
                if name:
                    self._learn_about(mention)
                    at = name.end
                    continue
            at += 1

    def _add(self, mention: Mention) -> None:
        for at in range(mention.start, mention.end):
            self.mention_at[at] = mention
        self.mention_at[mention.head] = mention
        for entity in mention.entities:
            entity.mentions.append(mention)
            self._last[id(entity)] = mention.head
        if mention.form != "adjective":
            self._recent.append(mention)

    def _learn_about(self, mention: Mention) -> None:
        """Office, country and sex of a named person or body, from title, apposition and "is"."""
        entity = mention.entities[0]
        if entity.kind not in ("person", "organisation", "group"):
            return
        if gender := self._honorific(mention.start):
            entity.gender = gender
        if entity.kind == "person" and (title := role_ending(self.lower, mention.start, max(0, mention.start - 5))):
            start = title[0]
            head = self.doc[mention.start - 1]
            while start and mention.start - start < 9 and self._belongs_to_title(start - 1):
                start -= 1
            phrase = Phrase(start, title[0], mention.start, mention.start - 1, title[1])
            read_modifiers(phrase, head, self.lower, self.mention_at)
            self._learn(entity, phrase)
        head = self.doc[mention.head]
        if head.dep_ == "appos" and head.head.pos_ in ("NOUN", "PROPN") and not self._is_name(head.head.i):
            self._learn_from(entity, head.head)
        for child in self._right_of(head):
            if child.dep_ == "appos" and child.i >= mention.end and not self._is_name(child.i):
                self._learn_from(entity, child)
        if head.dep_ == "nsubj" and head.head.lemma_ == "be":
            for child in self._right_of(head.head):
                if child.dep_ == "attr":
                    self._learn_from(entity, child)

    def _right_of(self, head: Token) -> list[Token]:
        return [self.doc[at] for at in self.children[head.i] if at > head.i]

    def _is_name(self, at: int) -> bool:
        mention = self.mention_at[at]
        return at in self._name_starts or (mention is not None and mention.how in ("name", "short"))

    def _belongs_to_title(self, at: int) -> bool:
        mention = self.mention_at[at]
        if mention and mention.how in ("name", "short"):
            return True
        return (
            self.doc[at].pos_ in ("ADJ", "PROPN", "PART", "NOUN")
            or self.doc[at].tag_ in ("PRP$", "HYPH")
            or self.lower[at] == "former"
        )

    def _learn_from(self, entity: Entity, head: Token) -> None:
        phrase = describe(head, self.lower, self.mention_at, self.children)
        if phrase.role and phrase.role.sort != "people":
            self._learn(entity, phrase)

    def _learn(self, entity: Entity, phrase: Phrase) -> None:
        assert phrase.role
        word = phrase.role.phrase
        if (entity.kind == "person") != (phrase.role.sort == "person"):
            return
        if word == "counterpart" and (like := self._counterpart_of(entity)):
            entity.descriptions |= like.descriptions
            entity.role = entity.role or like.role
        entity.descriptions.add(word)
        if entity.kind == "person":
            entity.gender = entity.gender or _gender_of(word)
        role, country = coded(phrase)
        if role and entity.role in (None, "CVL") and not phrase.former:
            entity.role = role
        entity.country = entity.country or country

    def _counterpart_of(self, entity: Entity) -> Entity | None:
        for mention in reversed(self._recent[-_WINDOW:]):
            other = mention.entities[0]
            if other is not entity and other.kind == "person" and other.role:
                return other
        return None

    # Pronouns and descriptions

    def _unnamed(self, token: Token) -> Mention | None:
        word = self.lower[token.i]
        if word in PRONOUNS and token.pos_ == "PRON":
            return self._pronoun(token, *PRONOUNS[word])
        if word in RELATIVE and token.tag_ in ("WP", "WDT", "WP$"):
            return self._relative(token)
        if (
            word == "both"
            and token.dep_ in (*SUBJECTS, "dobj", "pobj")
            or (word == "two" and token.dep_ in SUBJECTS and token.i and self.lower[token.i - 1] == "the")
        ):
            group = self._several(2, None, None, token)
            return Mention(token.i, token.i + 1, token.i, "pronoun", group) if group else None
        if token.pos_ in ("NOUN", "PROPN", "ADJ") and self.mention_at[token.i] is None:
            return self._description(token)
        return None

    def _relative(self, token: Token) -> Mention | None:
        clause = token
        for _ in range(6):
            if clause.dep_ == "relcl" or clause.head.i == clause.i:
                break
            clause = clause.head
        antecedent = self.mention_at[clause.head.i] if clause.dep_ == "relcl" and clause.head.i < token.i else None
        if antecedent is None and token.i > 1:  # the parser missed it: "Blinken, who"
            before = token.i - 2 if self.lower[token.i - 1] == "," else token.i - 1
            antecedent = self.mention_at[before]
        return Mention(token.i, token.i + 1, token.i, "pronoun", antecedent.entities) if antecedent else None

    def _pronoun(self, token: Token, gender: Gender | None, sort: str) -> Mention | None:
        if token.dep_ == "expl":
            return None
        best: tuple[float, Mention] | None = None
        for mention in self._candidates(token, 4):
            if not _agrees(mention, gender, sort) or self._cannot_be(token, mention):
                continue
            score = self._salience(token, mention, gender, sort)
            if best is None or score > best[0]:
                best = score, mention
        if not best:
            return None
        entities = best[1].entities
        if sort == "person" and gender and entities[0].named:
            entities[0].gender = entities[0].gender or gender
        return Mention(token.i, token.i + 1, token.i, "pronoun", entities)

    def _candidates(self, token: Token, sentences: int) -> Iterator[Mention]:
        """Recent mentions, nearest first, at most so many sentences back."""
        here = self._sentence[token.i]
        for mention in reversed(self._recent[-_WINDOW:]):
            if here - self._sentence[mention.head] > sentences:
                break
            yield mention

    def _cannot_be(self, token: Token, mention: Mention) -> bool:
        """Arguments of one verb differ unless the pronoun is reflexive; a possessive is not its own noun phrase."""
        head = self.doc[mention.head]
        if token.tag_ == "PRP$":
            above = token.head
            for _ in range(4):
                if above.i == head.i:
                    return True
                if above.pos_ in ("VERB", "AUX"):
                    break
                above = above.head
            return False
        if self.lower[token.i].endswith(("self", "selves")):
            return False
        return (
            token.head.i == head.head.i
            and head.dep_ != "poss"
            and mention.how != "pronoun"
            or (token.head.i == head.head.i and head.dep_ in SUBJECTS)
        )

    def _salience(self, token: Token, mention: Mention, gender: Gender | None, sort: str) -> float:
        """Higher is likelier: near, subject, of the main clause, spoken of often, of the known sex."""
        head = self.doc[mention.head]
        entity = mention.entities[0]
        distance = self._sentence[token.i] - self._sentence[mention.head]
        score = -1.2 * distance - 0.004 * (token.i - mention.head)
        if head.dep_ in SUBJECTS:
            score += 1.0 if head.head.dep_ in ("ROOT", "ccomp", "conj") else 0.6
            if distance and token.dep_ in SUBJECTS:
                score += 0.4
            if distance == 0 and head.head.lemma_ in SPEECH:
                score += 0.4
        elif head.dep_ == "poss":
            score -= 0.2
        elif head.dep_ in ("pobj", "compound", "nmod", "appos"):
            score -= 0.3
        score += 0.25 * math.log(1 + len(entity.mentions))
        if gender and entity.gender == gender:
            score += 0.6
        if sort == "several":
            if len(mention.entities) > 1:
                score += 0.5
            elif not entity.plural:
                score -= {"organisation": 0.6, "country": 1.2, "person": 2.0}.get(entity.kind, 1.0)
        if sort == "thing" and entity.kind == "unknown":
            score -= 0.2
        return score

    def _description(self, token: Token) -> Mention | None:
        """A noun phrase with a role word, or the subject of a clause."""
        if (
            token.dep_ in ("compound", "amod", "nmod")
            and token.head.pos_ in ("NOUN", "PROPN")
            and token.i + 1 not in self._name_starts
        ):
            return None
        phrase = describe(token, self.lower, self.mention_at, self.children)
        if phrase.role and phrase.role_end in self._name_starts and self._name_starts[phrase.role_end].kind == "person":
            return None  # a title
        if not phrase.role:
            if token.dep_ not in SUBJECTS or token.pos_ != "NOUN":
                return None
            entity = self._new(name=self._text(phrase), kind="unknown", plural=token.tag_ == "NNS", country=None)
            return Mention(phrase.start, token.i + 1, token.i, "description", [entity])
        entities = self._government(phrase) or self._same(phrase, token)
        if not entities:
            role, country = coded(phrase)
            kind = {"person": "person", "body": "organisation", "people": "group"}[phrase.role.sort]
            entities = [
                self._new(
                    name=self._text(phrase),
                    kind=kind,
                    country=country,
                    role=role,
                    plural=phrase.role.sort == "people" or token.tag_ == "NNS",
                    gender=_gender_of(phrase.role.phrase),
                    descriptions={phrase.role.phrase},
                )
            ]
        return Mention(phrase.role_start, phrase.role_end, token.i, "description", entities)

    def _text(self, phrase: Phrase) -> str:
        start = phrase.start
        while start < phrase.role_start and self.doc[start].pos_ in ("DET", "PRON", "PUNCT", "SPACE"):
            start += 1
        return " ".join(self.doc[start : max(phrase.role_end, phrase.head + 1)].text.split())

    def _government(self, phrase: Phrase) -> list[Entity]:
        """ "The Russian government" is Russia."""
        if (
            phrase.role
            and phrase.role.phrase in GOVERNMENTS
            and phrase.state
            and phrase.state.kind == "country"
            and not phrase.belongs_to
        ):
            return [phrase.state]
        return []

    def _same(self, phrase: Phrase, token: Token) -> list[Entity]:
        """Whom a definite description means, of those already spoken of."""
        assert phrase.role
        word = phrase.role.phrase
        if phrase.role.sort == "people":
            if phrase.count and phrase.definite or self.lower[phrase.start] == "both":
                return self._several(phrase.count or 2, phrase.role, phrase, token)
            if not phrase.definite or phrase.qualified:
                return []
        if not phrase.definite or phrase.belongs_to and phrase.role.sort == "body":
            return []
        wanted = {word, *CONTAINS.get(word, ())}
        tried: set[int] = set()
        for mention in self._candidates(token, 30 if phrase.role.sort == "person" else 8):
            for entity in mention.entities if len(mention.entities) == 1 else ():
                if id(entity) in tried:
                    continue
                tried.add(id(entity))
                if phrase.country and phrase.country != entity.country:
                    continue
                if entity.descriptions & wanted and (entity.kind == "person") == (phrase.role.sort == "person"):
                    if not phrase.qualified or entity.named and phrase.role.sort == "person" and word in entity.descriptions:
                        return [entity]
                if (
                    phrase.role.sort == "body"
                    and not phrase.qualified
                    and self._is_such_a_body(phrase.role, entity, mention, token)
                ):
                    return [entity]
                if (
                    phrase.role.role == "CVL"
                    and not phrase.qualified
                    and phrase.possessor is None
                    and self._is_the_man(word, entity, mention, token)
                ):
                    return [entity]
        return []

    def _is_such_a_body(self, role: RoleWord, entity: Entity, mention: Mention, token: Token) -> bool:
        """ "The company" is the last firm named; "the ministry" must be called so."""
        if entity.kind != "organisation" or not entity.named or self._sentence[token.i] - self._sentence[mention.head] > 4:
            return False
        return role.role in ("BUS", "UNK", "NGO", "SPT") and entity.role in (None, role.role)

    def _is_the_man(self, word: str, entity: Entity, mention: Mention, token: Token) -> bool:
        gender = _gender_of(word)
        near = self._sentence[token.i] - self._sentence[mention.head] <= 2
        return near and gender is not None and entity.gender == gender and entity.kind == "person"

    def _several(self, count: int, role: RoleWord | None, phrase: Phrase | None, token: Token) -> list[Entity]:
        """The last `count` persons (or states, or sides) that a plural can mean; none where fewer are known."""
        wanted = {role.phrase, *CONTAINS.get(role.phrase, ())} if role else set()
        states = role is not None and role.phrase in ("country", "nation", "state", "government", "side")
        gender = _gender_of(role.phrase) if role else None
        chosen: list[Entity] = []
        for mention in self._candidates(token, 10):
            for entity in mention.entities:
                if entity in chosen or not entity.named:
                    continue
                person = entity.kind == "person" and (role is None or role.role == "CVL" or bool(entity.descriptions & wanted))
                if gender and entity.gender not in (None, gender):
                    continue
                if entity.kind == "country" if states else person:
                    chosen.append(entity)
                    if len(chosen) == count:
                        return chosen[::-1]
        return []


def coded(phrase: Phrase) -> tuple[str | None, str | None]:
    """Role and country of whom the phrase describes: the office's own, or that of the body it belongs to."""
    assert phrase.role
    owner = phrase.belongs_to
    country = phrase.country or (owner.country if owner else None)
    role: str | None = phrase.role.role
    if (
        owner
        and owner.kind == "organisation"
        and (role == "UNK" or phrase.role.phrase in ("president", "vice president", "secretary", "official", "officer"))
    ):
        role = owner.role or ("BUS" if phrase.role.phrase in ("president", "vice president") else role)
    elif (
        role == "UNK"
        and country
        and phrase.role.phrase in ("leader", "counterpart", "negotiator", "delegation", "leadership", "side")
    ):
        role = "GOV"
    return (None if role == "UNK" else role), country


def _role(word: RoleWord) -> str | None:
    return None if word.role == "UNK" else word.role


def _gender_of(phrase: str) -> Gender | None:
    last = phrase.split()[-1]
    return "male" if last in MALE_WORDS else "female" if last in FEMALE_WORDS else None


def _part_of(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the words of `short` stand in `full` in that order; initials and a first name's short form count."""
    rest = iter(full)
    return all(any(word == other or (word.rstrip(".") == other[: len(word.rstrip("."))]) for other in rest) for word in short)


def _agrees(mention: Mention, gender: Gender | None, sort: str) -> bool:
    entity = mention.entities[0]
    if sort == "person":
        return len(mention.entities) == 1 and entity.kind == "person" and not entity.plural and entity.gender in (None, gender)
    if sort == "thing":
        return (
            len(mention.entities) == 1
            and entity.kind in ("organisation", "country", "place", "unknown")
            and not entity.plural
            and mention.form != "nationals"
        )
    return len(mention.entities) > 1 or entity.plural or entity.kind in ("organisation", "group", "country", "person")


def _children(doc: Doc) -> list[list[int]]:
    """Each token's children, at most so many: a parse may hang thousands on one token."""
    children: list[list[int]] = [[] for _ in range(len(doc))]
    for at, offset in enumerate(doc.to_array(HEAD).astype("int64").tolist()):
        if offset and len(children[at + offset]) < _MAX_CHILDREN:
            children[at + offset].append(at)
    return children
