"""Source and target of an event that has been read: participants of its predicate, its noun, and of what its operators govern."""

from processors.events.arguments import NOBODY, RELATIVE_PRONOUNS, Argument, Arguments
from processors.events.lexicon import Entry, Lexicon
from processors.events.parse import NOMINAL, Parse
from processors.events.reading import Reading
from processors.events.senses import Senses

_ACTOR_CLASSES = ("person", "group", "state", "armed", "crowd", "court", "team")
_ACTOR_ENTITIES = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC"})
PERSON_ENDINGS = ("ician", "ist", "woman", "worker", "maker", "keeper")
"""Endings of nouns that mean people."""
REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves", "myself", "yourself", "ourselves", "each", "other", "another"})
_NOT_ACTORS = REFLEXIVE | frozenset(
    {
        "that",
        "this",
        "these",
        "those",
        "what",
        "which",
        "it",
        "there",
        "all",
        "any",
        "some",
        "such",
        "everything",
        "nothing",
        "anyone",
        "anybody",
    }
)
_TIMES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL"})
ABROAD = 0.8
"""Reliability of a foreign state in or for which something is done."""
FALLBACK = 0.35
"""Reliability of an actor who merely stands near."""
NEAREST = 0.3
"""Reliability of the nearest actor in the sentence."""
NEAR = 25
"""Tokens within which an actor is near."""
CONDITION = 0.75
"""Reliability of the one on whose act it depends."""
AIMED = {"MOBILIZE": 0.8, "COERCE": 0.75, "AID": 0.75, "ASSAULT": 0.7, "RETREAT": 0.7}
"""Types that are aimed at places, and the reliability of such a place."""
AIMING = frozenset({"to", "into", "in", "on", "near", "along", "across", "against", "toward", "towards", "around", "at"})
BENEATH = 0.7
"""Reliability of an actor found along the phrase of the object."""
BENEATH_DEPTH = 4
LEADING = frozenset(
    {"of", "on", "to", "against", "by", "for", "with", "from", "toward", "towards", "between", "over", "into", "at"}
)
BLAMING = frozenset({"ACCUSE", "REJECT"})
"""Types that are done to who does what is beneath them."""
CONDITIONAL = frozenset({"REJECT", "THREATEN", "AGREE"})
OWN = frozenset({"its", "their", "his", "her", "our", "my", "own"})
"""Possessives that mostly mean the subject."""
ADDRESSING = frozenset({"to", "on", "with", "against", "upon", "from"})
STRONG = frozenset({"on", "against"})
DEFAULT_TO = frozenset({"on", "against", "of"})


class Roles:
    """Assigns source and target."""

    def __init__(self, parse: Parse, lexicon: Lexicon, arguments: Arguments, senses: Senses) -> None:
        self.parse = parse
        self.lexicon = lexicon
        self.arguments = arguments
        self.senses = senses
        self._actor: dict[int, bool] = {}

    def is_actor(self, head: int) -> bool:
        """Whether the noun phrase of `head` is one who can act: a name, a person, a body of people."""
        if head not in self._actor:
            self._actor[head] = self._is_actor(head)
        return self._actor[head]

    def _is_actor(self, head: int) -> bool:
        p = self.parse
        inner = p.content_head(head)
        if p.entity[inner] in _TIMES or p.lower[head] in _NOT_ACTORS:
            return False
        if p.entity[inner] in _ACTOR_ENTITIES or p.pos[inner] == "PRON":
            return True
        if p.pos[inner] == "PROPN":
            return True
        return p.lemma[inner].endswith(PERSON_ENDINGS) or any(self.senses.is_a(head, name) for name in _ACTOR_CLASSES)

    def actor_in(self, head: int) -> int | None:
        """The actor that a phrase is about: itself, or whose act it is ("the government's decision", "Russian aggression")."""
        p = self.parse
        if self.is_actor(head):
            return p.name_of(head)
        for k in (
            *(
                k
                for k in p.children(head, "poss")
                if p.lower[k] not in OWN and not any(p.lower[d] in {"a", "an"} for d in p.kids[k])
            ),
            *p.objects(head, "by"),
            *(k for c in p.children(head, "acl") if p.tag[c] == "VBN" for k in p.objects(c, "by")),
            *p.objects(head, "of", "from", "against", "on", "into"),
        ):
            if self.is_actor(k):
                return k
        for k in p.children(head, "compound", "amod", "nmod", "appos"):
            if p.entity[k] in _ACTOR_ENTITIES:
                return k
        return None

    def assign(self, reading: Reading) -> tuple[Argument, Argument]:
        """Source and target of `reading`, as heads with reliabilities; either may be empty."""
        source, target = self._participants(reading)
        if reading.swap:
            source, target = target, source
        with_whom = bool(target) and any(self.parse.entity[h] or self.parse.pos[h] == "PROPN" for h in target.heads)
        if reading.entry is not None and reading.entry.mutual and not with_whom and len(source.heads) > 1:
            source, target = Argument(source.heads[:1], source.reliability), Argument(source.heads[1:], source.reliability)
        target = Argument(
            [h for h in target.heads if h not in source.heads and self.parse.lower[h] not in REFLEXIVE], target.reliability
        )
        if not target and source and self.lexicon.types[reading.type].plover:
            target = self._until(reading) or self._where(reading) or self._beneath(reading, source) or self._abroad(reading, source)
        if not target:
            target = self._fallback(reading, source) or self._nearest(reading, source, after=True)
        if not source:
            source = self._nearest(reading, target, after=False)
        return self._named(source), self._named(target)

    def _named(self, argument: Argument) -> Argument:
        return Argument([self.parse.name_of(h) for h in argument.heads], argument.reliability)

    def _participants(self, r: Reading) -> tuple[Argument, Argument]:
        p, a = self.parse, self.arguments
        if r.inner is not None and r.inner.trigger == r.trigger:  # an operator that stands where its complement stands
            inner_source, target = self._participants(r.inner)
            source = a.agent(r.holder) if p.pos[r.holder] in {"VERB", "AUX"} else NOBODY
            return source or inner_source, target
        if p.pos[r.holder] not in {"VERB", "AUX"}:
            return self._of_noun(r)
        source = a.agent(r.holder)
        if r.operators[:1] == ["oblige"]:
            return source, self._actors(a.subject(r.trigger))
        if r.trigger != r.holder:
            noun_source, target = self._of_lent_noun(r)
            return source or (noun_source if a.is_passive(r.holder) else NOBODY), target
        if r.inner is None:
            return source, self._of_verb(r)
        if r.type in BLAMING and (blamed := self._blamed(r, r.inner)):
            return source, blamed
        own = self._actors(a.patient(r.holder)) or self._actors(a.prepositional(r.holder, ADDRESSING))
        if not own:  # who is asked or accused is somebody, known to us or not
            own = self._somebody(a.patient(r.holder), r.inner)
        if own and not set(own.heads) & {r.inner.trigger, r.inner.holder}:
            return source, own
        if p.dep[r.inner.holder] in {"ccomp", "xcomp"} and p.child(r.inner.holder, "nsubj") is not None:
            asked = self._actors(a.agent(r.inner.holder))  # demanded that she resign
            if asked and r.type in {"REQUEST", "REJECT"}:
                return source, asked
        _, target = self._participants(r.inner)
        if not self.lexicon.types[r.type].targets_things:
            target = self._actors(target)
        return source, Argument(target.heads, target.reliability * 0.9)

    def _blamed(self, r: Reading, inner: Reading) -> Argument:
        """Of "condemned their attack on us" they, not we; else the act itself."""
        p, a = self.parse, self.arguments
        if p.pos[inner.trigger] in NOMINAL and r.operators[0] in {"condemn", "refuse"}:
            doer = self._actors(a.of_noun(inner.trigger)[0]) or self._actors(
                a.agent(inner.holder) if inner.holder != r.holder else NOBODY
            )
            return doer or Argument([inner.trigger], 0.8)
        if r.operators[0] == "accuse-of":  # accused the law of …
            patient = a.patient(r.holder)
            return self._actors(patient) or Argument([h for h in patient.heads if h not in {inner.trigger, inner.holder}], 0.75)
        return NOBODY

    def _somebody(self, argument: Argument, inner: Reading) -> Argument:
        p = self.parse
        below = {inner.trigger, inner.holder, *p.ancestors(inner.trigger)}
        heads = [
            h
            for h in argument.heads
            if p.pos[h] == "NOUN" and h not in below and not self.senses.is_a(h, "thing") and p.lemma[h] not in self.lexicon.known
        ]
        return Argument(heads, argument.reliability * 0.9) if heads else NOBODY

    def _of_lent_noun(self, r: Reading) -> tuple[Argument, Argument]:
        """Of a noun whose subject a light verb lends: launched an attack on X."""
        p, a = self.parse, self.arguments
        source, target = self._of_noun(r)
        to = (r.entry.to if r.entry else frozenset()) | {"on", "against", "to"}
        if r.swap:
            by = frozenset({"from", "by", "with"})
            return source, target or self._actors(a.prepositional(r.holder, by)) or self._actors(a.prepositional(r.trigger, by))
        if not target and self.lexicon.types[r.type].plover:
            target = self._targets(r.type, a.prepositional(r.trigger, STRONG) or a.prepositional(r.holder, STRONG))
        if not target:
            target = self._actors(a.prepositional(r.holder, to))
        if not target:
            target = self._filled(p.children(r.holder, "dative"), 0.8)
        return source, target

    def _of_verb(self, r: Reading) -> Argument:
        """The target of a verb: its object, else what its entry's prepositions govern, beside it or beside the object."""
        p, a = self.parse, self.arguments
        entry, patient = r.entry, a.patient(r.holder)
        datives = self._filled(p.children(r.holder, "dative"), 0.85)
        if datives:
            return datives
        direct = entry is None or (entry.object and not self._companions(entry, patient.heads))
        type_ = self.lexicon.types[r.base or r.type]
        found = NOBODY
        if entry is not None and type_.gives and "to" in entry.to:
            found = self._actors(a.prepositional(r.holder, frozenset({"to"})))
        if (
            not found
            and direct
            and not (self._is_own(patient.heads) and (type_.stance == "cooperative" or not type_.targets_things))
        ):
            found = self._actors(patient)
            if type_.name == "REQUEST" and any(self._is_of(h, patient.heads) for h in found.heads):
                found = NOBODY  # urged a reopening of the government: of nobody we know
        if type_.name == "MOBILIZE":  # the troops that are sent are no target
            found = Argument([h for h in found.heads if not self.senses.is_a(h, "armed")], found.reliability)
        if not found and entry is not None and type_.gives and "to" in entry.to:
            found = self._recipient(r.holder)
        known = self.lexicon.known
        if not found and patient and direct and type_.targets_things and not any(p.lemma[h] in known for h in patient.heads):
            return patient
        if not found and type_.name == "REQUEST":
            for clause in p.children(r.holder, "ccomp", "xcomp"):
                found = found or (self._actors(a.subject(clause)) if p.child(clause, "nsubj") is not None else NOBODY)
        if not found and entry is not None:
            found = self._actors(a.prepositional(r.holder, entry.to))
            for head in patient.heads:
                found = found or self._actors(a.prepositional(head, entry.to | DEFAULT_TO))
                for clause in p.children(head, "acl"):  # lifted the restrictions imposed on them
                    found = found or self._actors(a.prepositional(clause, DEFAULT_TO))
                found = found or self._filled([k for k in p.children(head, "poss") if p.lower[k] not in OWN], 0.8)
        if not found and patient and direct and type_.targets_things:
            return patient
        return found

    def _is_of(self, actor: int, heads: list[int]) -> bool:
        """Whether the actor stands in an of-phrase of one of the heads."""
        return any(actor in self.parse.objects(h, "of") for h in heads)

    def _recipient(self, verb: int) -> Argument:
        """To whom it is given, where the parser hangs "to" on a word of the gift."""
        p = self.parse
        for k in sorted(p.subtree(verb)):
            if k > verb and p.lower[k] == "to" and p.dep[k] in {"prep", "dative"}:
                found = self._actors(Argument(p.children(k, "pobj"), 0.75))
                if found:
                    return found
        return NOBODY

    def _filled(self, heads: list[int], reliability: float) -> Argument:
        heads = [h for h in heads if self.parse.pos[h] in NOMINAL]
        return Argument(heads, reliability) if heads else NOBODY

    def _companions(self, entry: Entry | None, heads: list[int]) -> bool:
        """Whether the object is the companion word of the entry's frame and hence no target."""
        if entry is None or not entry.specific or "+" not in entry.words:
            return False
        words = entry.words.partition("+")[2].split("|")
        p = self.parse
        companions = [
            h for h in heads
            if {p.lemma[k] for k in (h, p.content_head(h), *p.objects(h, "of"), *p.children(h, "compound"))}.intersection(words)
        ]  # fmt: skip
        if entry.type in {"ASSAULT", "COERCE"}:  # opened fire; but: seized the town
            means = self.lexicon.grammar["means"] | self.lexicon.known
            companions = [h for h in companions if p.lemma[h] in means or p.lemma[h] not in words]
        return any(p.pos[h] != "PROPN" and not self.senses.is_a(h, "person") for h in companions)

    def _is_own(self, heads: list[int]) -> bool:
        """Whether it is the subject's own: its troops."""
        p = self.parse
        return any(p.lower[k] in {"its", "their"} for h in heads for k in p.children(p.content_head(h), "poss"))

    def _of_noun(self, r: Reading) -> tuple[Argument, Argument]:
        a = self.arguments
        if r.inner is not None and self.parse.pos[r.trigger] in NOMINAL and r.holder == r.trigger:
            agent, _ = a.of_noun(r.trigger)
            own = self._actors(a.prepositional(r.trigger, frozenset({"to", "on", "with", "against"})))
            if own and not set(own.heads) & {r.inner.trigger}:
                return agent, own
            _, target = self._participants(r.inner)
            return agent, target
        agent, patient = a.of_noun(r.trigger)
        to = r.entry.to if r.entry is not None else frozenset()
        owners = self.parse.children(r.trigger, "poss")
        if r.entry is not None and r.entry.suffered and not patient and owners and owners[0] in agent.heads:
            return NOBODY, agent
        if patient:
            return agent, patient
        target = self._actors(a.prepositional(r.trigger, (to | DEFAULT_TO) - {"of"}))
        if not target and "of" in to | DEFAULT_TO:
            target = self._actors(a.prepositional(r.trigger, frozenset({"of"})))
        if not agent and r.type in {"RESIGNATION", "DEATH"}:
            return target, NOBODY  # the resignation of the judge
        return agent, target

    def _targets(self, type_: str, argument: Argument) -> Argument:
        """The actors of an argument; the thing itself, where the type takes things."""
        heads, reliability = [], argument.reliability
        for head in argument.heads:
            actor = self.actor_in(head)
            if actor is not None:
                heads.append(actor)
                if actor != self.parse.name_of(head):
                    reliability = min(reliability, 0.75)
            elif self.lexicon.types[type_].targets_things:
                heads.append(head)
        return Argument(heads, reliability) if heads else NOBODY

    def _actors(self, argument: Argument) -> Argument:
        heads = [actor for h in argument.heads if (actor := self.actor_in(h)) is not None]
        return Argument(heads, argument.reliability) if heads else NOBODY

    def _abroad(self, r: Reading, source: Argument) -> Argument:
        """Another state, in which or for which it is done: "called for reforms in Egypt"."""
        p = self.parse
        own = {actor.country for h in source.heads for actor in self.senses.actors(h)}
        nouns = [k for at in (r.trigger, r.holder) for k in (*p.children(at, "dobj"), *p.objects(at, "for", "of", "on", "to"))]
        for at in dict.fromkeys((r.trigger, r.holder, *nouns)):
            for k in p.objects(at, "in", "for", "from", "with", "to"):
                actor = self.senses.actors(k)[0]
                if (
                    actor.kind == "country"
                    and actor.resolved_from != "metonym"
                    and actor.country not in own
                    and k not in source.heads
                ):
                    return Argument([k], ABROAD)
        return NOBODY

    def _until(self, r: Reading) -> Argument:
        """Whose act a refusal, threat or promise depends on: "will not end the strike until the firm pays"."""
        p = self.parse
        if r.type not in CONDITIONAL:
            return NOBODY
        for at in dict.fromkeys((r.trigger, r.holder)):
            for clause in p.children(at, "advcl"):
                if any(p.dep[k] == "mark" and p.lower[k] in {"until", "unless", "if", "before"} for k in p.kids[clause]):
                    found = self._actors(self.arguments.agent(clause))
                    if found:
                        return Argument(found.heads, CONDITION)
        return NOBODY

    def _where(self, r: Reading) -> Argument:
        """The place that an act of force or relief is aimed at: sent troops to the border, a curfew in the city."""
        p = self.parse
        if (r.base or r.type) not in AIMED:
            return NOBODY
        nouns = [k for at in (r.trigger, r.holder) for k in (*p.children(at, "dobj", "nsubjpass"), *p.objects(at, "on"))]
        for at in dict.fromkeys((r.trigger, r.holder, *nouns)):
            for k in p.kids[at]:
                if p.dep[k] == "prep" and p.lower[k] in AIMING:
                    for o in p.children(k, "pobj"):
                        if p.entity[o] in {"GPE", "LOC", "FAC"} or self.senses.is_a(o, "area"):
                            return Argument([o], AIMED[r.base or r.type])
        return NOBODY

    def _beneath(self, r: Reading, source: Argument) -> Argument:
        """Whose the object of the act is, along its phrase: eased tariffs on goods from China."""
        p = self.parse
        taken = {k for h in source.heads for k in (h, *p.conjuncts(h))}
        readings = [r] if r.inner is None else [r.inner, r]
        starts = [at for one in readings for at in dict.fromkeys((one.trigger, one.holder))]
        level = [k for at in starts for k in self._links(at) if k not in starts]
        for _ in range(BENEATH_DEPTH):
            for k in level:
                if (
                    k not in taken
                    and p.lower[k] not in OWN | RELATIVE_PRONOUNS
                    and p.pos[k] in NOMINAL | {"ADJ"}
                    and self.is_actor(k)
                ):
                    moved = (r.base or r.type) == "MOBILIZE" and self.senses.is_a(k, "armed")
                    if not moved and (
                        p.entity[k] in _ACTOR_ENTITIES or any(self.senses.is_a(k, name) for name in ("crowd", "armed"))
                    ):
                        return Argument([k], BENEATH)
            level = [k for at in level[:8] for k in self._links(at)]
        return NOBODY

    def _links(self, at: int) -> list[int]:
        """What the phrase of `at` leads to: its object, its owner, what its prepositions govern, who it is done by."""
        p = self.parse
        found = [
            k for k in p.children(at, "dobj", "dative", "poss", "amod", "compound", "nmod") if k != at and p.lower[k] not in OWN
        ]
        if p.pos[at] in {"VERB", "AUX"}:
            found = [k for k in found if p.dep[k] in {"dobj", "dative"}] + p.children(at, "nsubjpass")
        for k in p.kids[at]:
            if p.dep[k] in {"prep", "agent", "dative"} and p.lower[k] in LEADING:
                found += p.children(k, "pobj", "pcomp")
            elif p.dep[k] == "acl" and p.tag[k] == "VBN":
                found += self.arguments.agent(k).heads
            elif p.dep[k] == "acl" and p.tag[k] == "VB":
                found.append(k)
        return found

    def _fallback(self, r: Reading, source: Argument) -> Argument:
        """The nearest actor beneath the event, whom no construction marks: worth little, but more than nobody."""
        p = self.parse
        taken = {k for h in source.heads for k in p.subtree(h)}
        if r.entry is not None and not r.entry.object:
            taken.update(p.children(r.holder, "dobj", "nsubjpass"))
        for at in dict.fromkeys((r.trigger, r.holder, *((r.inner.trigger, r.inner.holder) if r.inner else ()))):
            aside = {k for c in p.children(at, "advcl") for k in p.subtree(c)}
            for k in sorted(p.subtree(at)):
                if k <= at or k in taken or k in aside or p.dep[k] in {"nsubj", "compound", "poss"} or self._is_own([k]):
                    continue
                if p.pos[k] in NOMINAL and p.lower[k] not in OWN | RELATIVE_PRONOUNS and self.is_actor(k):
                    return Argument([k], FALLBACK)
        return NOBODY

    def _nearest(self, r: Reading, other: Argument, after: bool) -> Argument:
        """The nearest actor of the sentence before or behind the event, the last resort of coders since KEDS."""
        p = self.parse
        taken = {k for h in other.heads for k in p.subtree(h)}
        start, end = p.sentences[p.sentence[r.trigger]]
        for k in (
            range(r.trigger + 1, min(end, r.trigger + NEAR))
            if after
            else range(r.trigger - 1, max(start, r.trigger - NEAR) - 1, -1)
        ):
            named = p.entity[k] in _ACTOR_ENTITIES
            if k in taken or k in self.arguments.skipped or p.dep[k] == "compound" or p.lower[k] in OWN | RELATIVE_PRONOUNS:
                continue
            if (p.pos[k] in {"NOUN", "PROPN"} or (named and p.pos[k] == "ADJ")) and self.is_actor(k):
                return Argument([k], NEAREST)
        return NOBODY
