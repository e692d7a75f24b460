"""Source and target of an event that has been read: participants of its predicate, its noun, and of what its operators govern."""

from processors.events.arguments import NOBODY, Argument, Arguments
from processors.events.candidates import ACTOR_ENTITIES, OWN, PLACES, REFLEXIVE, Candidates
from processors.events.lexicon import Entry, Lexicon
from processors.events.nearby import Nearby
from processors.events.parse import NOMINAL, Parse
from processors.events.reading import Reading
from processors.events.senses import Senses

BLAMING = frozenset({"ACCUSE", "REJECT"})
"""Types that are done to who does what is beneath them."""
ADDRESSING = frozenset({"to", "on", "with", "against", "upon", "from"})
AT_WHOM = frozenset({"on", "against", "at", "into", "with", "toward", "towards", "through"})
"""Prepositions that, where an entry's frame names them, govern its target: march on."""
PLACED = frozenset({"ELECTION", "PROTEST", "DISASTER", "ACCIDENT", "CRIME", "HEALTH", "DEATH"})
"""Types whose noun a place owns as where it was: the city's election, the Newark riots."""
STRONG = frozenset({"on", "against"})
COLLIDING = frozenset({"ACCIDENT", "DISASTER"})
"""Types that vehicles and vessels undergo themselves."""
DEFAULT_TO = frozenset({"on", "against", "of"})


class Roles:
    """Assigns source and target."""

    def __init__(self, parse: Parse, lexicon: Lexicon, arguments: Arguments, senses: Senses) -> None:
        self.parse = parse
        self.lexicon = lexicon
        self.arguments = arguments
        self.senses = senses
        self.candidates = Candidates(parse, senses)
        self.nearby = Nearby(parse, arguments, senses, self.candidates)

    def assign(self, reading: Reading) -> tuple[Argument, Argument]:
        """Source and target of `reading`, as heads with reliabilities; either may be empty."""
        source, target = self._participants(reading)
        if reading.swap:
            source, target = target, source
        if self._is_mutual(reading) and not self._with_whom(target) and len(sides := self._sides(source.heads)) > 1:
            source, target = Argument(sides[:1], source.reliability), Argument(sides[1:], source.reliability)
        cooperative = self.lexicon.types[reading.base or reading.type].stance == "cooperative" and reading.type != "REQUEST"
        target = Argument(
            [
                h for h in target.heads
                if h not in source.heads and self.parse.lower[h] not in REFLEXIVE and not (cooperative and self._is_own_means(h))
            ],
            target.reliability,
        )  # fmt: skip
        if not target and self._is_mutual(reading) and any(len(self.senses.actors(h)) > 1 for h in source.heads):
            return self._named(source), target  # the two ministers met
        if reading.type == "REJECT" and self.parse.lemma[reading.holder] == "deny":  # of what it denies nobody is a target
            return self._named(source), self._named(target)
        if not target and source and self.lexicon.types[reading.type].plover:
            target = (
                self.nearby.addressee(reading)
                or self.nearby.until(reading)
                or self.nearby.where(reading)
                or self.nearby.beneath(reading, source)
                or self.nearby.abroad(reading, source)
            )
        if not target:
            target = self.nearby.fallback(reading, source) or self.nearby.nearest(reading, source, after=True)
        if reading.type in COLLIDING:  # the Iranian boat that was hit, not Iran
            target = Argument([self._thing(h) for h in target.heads], target.reliability)
        target = Argument([h for h in target.heads if not self.candidates.is_beside(h)], target.reliability)
        if not source:
            source = self.nearby.authority(reading) or self.nearby.nearest(reading, target, after=False)
        return self._named(source), self._named(target)

    def _thing(self, head: int) -> int:
        """The vessel or vehicle that a country or body before it only describes."""
        p = self.parse
        described = p.dep[head] in {"amod", "compound", "nmod", "poss"} and p.pos[p.head[head]] == "NOUN"
        return p.head[head] if described and self.senses.is_a(p.head[head], "vehicle") else head

    def _is_mutual(self, r: Reading) -> bool:
        """Whether several subjects do it with one another: met, agreed to meet."""
        return (r.entry is not None and r.entry.mutual) or self.parse.lemma[r.holder] == "agree"

    def _with_whom(self, target: Argument) -> bool:
        """Whether the target is a named one with whom the subjects do it together."""
        p = self.parse
        named = any(p.entity[h] or p.pos[h] == "PROPN" for h in target.heads)
        return named and any(p.lower[p.head[h]] in {"with", "by"} or p.dep[h] in {"dobj", "dative"} for h in target.heads)

    def _sides(self, heads: list[int]) -> list[int]:
        """Who the several are: the heads themselves, or the names before or beneath one plural: "British and French envoys"."""
        p = self.parse
        if len(heads) != 1:
            return list(dict.fromkeys(heads))
        (head,) = heads
        for k in (*p.children(head, "amod", "compound", "nmod", "poss"), *p.objects(head, "of")):
            members = [m for m in p.conjuncts(k) if p.entity[m] in ACTOR_ENTITIES or p.pos[m] == "PROPN"]
            if len(members) > 1 and (p.tag[head] in {"NNS", "NNPS"} or p.dep[k] == "pobj"):
                return members
        return heads

    def _is_own_means(self, head: int) -> bool:
        """Whether it is the subject's own force or body, and so nobody whom it agrees with: its troops."""
        p = self.parse
        return self.candidates.is_own([head]) and p.pos[head] == "NOUN" and not self.senses.is_a(head, "person")

    def _named(self, argument: Argument) -> Argument:
        return Argument([name for h in argument.heads for name in self.parse.names_of(h)], argument.reliability)

    def _participants(self, r: Reading) -> tuple[Argument, Argument]:
        p, a = self.parse, self.arguments
        if r.inner is not None and r.inner.trigger == r.trigger:  # an operator that stands where its complement stands
            inner_source, target = self._participants(r.inner)
            source = a.agent(r.holder) if p.pos[r.holder] in {"VERB", "AUX"} else NOBODY
            if source and source.heads != inner_source.heads and a.between(r.trigger):  # brings the two together
                target = Argument([*inner_source.heads, *target.heads], target.reliability)
            return source or inner_source, target
        if p.pos[r.holder] not in {"VERB", "AUX"}:
            return self._of_noun(r)
        source = a.agent(r.holder)
        if r.operators[:1] == ["oblige"]:
            return source, self.candidates.actors(a.subject(r.trigger))
        if r.trigger != r.holder:
            noun_source, target = self._of_lent_noun(r)
            return source or (noun_source if a.is_passive(r.holder) else NOBODY), target
        if r.inner is None:
            return source, self._of_verb(r)
        if r.type in BLAMING and (blamed := self._blamed(r, r.inner)):
            return source, blamed
        patient = a.patient(r.holder)  # who is asked or accused is somebody, known to us or not
        own = self.candidates.actors(patient) or self._somebody(patient, r.inner) or self._asked(r.holder)
        own = own or self.candidates.actors(a.prepositional(r.holder, ADDRESSING))
        if own and not set(own.heads) & {r.inner.trigger, r.inner.holder}:
            return source, own
        if r.operators[0] == "deny":
            return source, NOBODY  # who denies having fired on civilians does nothing to civilians
        if r.type == "REQUEST" and r.inner.inner is None and a.is_passive(r.inner.holder) and not a.agent(r.inner.holder):
            return source, NOBODY  # asked that the prisoner be questioned: not the prisoner
        if p.dep[r.inner.holder] in {"ccomp", "xcomp", "advcl"} and p.child(r.inner.holder, "nsubj") is not None:
            asked = self.candidates.actors(a.agent(r.inner.holder))  # demanded that she resign
            if asked and r.type in {"REQUEST", "REJECT"}:
                return source, asked
        owners = p.children(r.inner.trigger, "poss") if r.type == "REQUEST" and p.pos[r.inner.trigger] in NOMINAL else []
        if owners and self.candidates.is_actor(owners[0]):
            return source, Argument(owners, 0.8)  # called for her resignation
        _, target = self._participants(r.inner)
        if not target and r.operators[0] == "refuse" and self.parse.lemma[r.inner.holder] in self.lexicon.grammar["object_control"]:
            target = a.patient(r.inner.holder)  # refused to allow the ship to dock
        if not self.lexicon.types[r.type].targets_things:
            target = self.candidates.actors(target)
        return source, Argument(target.heads, target.reliability * 0.9)

    def _blamed(self, r: Reading, inner: Reading) -> Argument:
        """Of "condemned their attack on us" they, not we; else the act itself."""
        p, a = self.parse, self.arguments
        if p.pos[inner.trigger] in NOMINAL and r.operators[0] in {"condemn", "refuse"}:
            doer = self.candidates.actors(a.of_noun(inner.trigger)[0]) or self.candidates.actors(
                a.agent(inner.holder) if inner.holder != r.holder else NOBODY
            )
            if not doer and r.operators[0] == "refuse":  # refused talks with them
                doer = self.candidates.actors(self._of_noun(inner)[1]) if inner.inner is None else NOBODY
            doer = doer or Argument([k for c in self.candidates.done(inner.trigger) for k in p.objects(c, "by")], 0.85)
            return doer or Argument([inner.trigger], 0.8)
        if r.operators[0] == "accuse-of":  # accused the law of …
            patient = a.patient(r.holder)
            return self.candidates.actors(patient) or Argument(
                [h for h in patient.heads if h not in {inner.trigger, inner.holder}], 0.75
            )
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
        if a.between(r.trigger):  # somebody else brings the two together
            return source, Argument([*source.heads, *target.heads], target.reliability or source.reliability)
        to = (r.entry.to if r.entry else frozenset()) | {"on", "against", "to"}
        if r.swap:
            by = frozenset({"from", "by", "with"})
            giver = self.candidates.actors(a.prepositional(r.holder, by)) or self.candidates.actors(a.prepositional(r.trigger, by))
            return source, giver or source or target
        if not target and self.lexicon.types[r.type].plover:
            target = self._targets(r.type, a.prepositional(r.trigger, STRONG) or a.prepositional(r.holder, STRONG))
        if not target:
            target = self.candidates.actors(a.prepositional(r.holder, to))
        if not target:
            target = self._filled(p.children(r.holder, "dative"), 0.8)
        return source, target

    def _of_verb(self, r: Reading) -> Argument:
        """The target of a verb: its object, else what its entry's prepositions govern, beside it or beside the object."""
        p, a = self.parse, self.arguments
        entry, patient = r.entry, a.patient(r.holder)
        at_whom = a.prepositional(r.holder, AT_WHOM)
        if at_whom and patient and all(p.lemma[h] in self.lexicon.grammar["fired"] for h in patient.heads):
            return at_whom  # fired tear gas into the crowd
        datives = self._filled(p.children(r.holder, "dative"), 0.85)
        if datives:
            return datives
        own_means = entry is not None and entry.specific and self.candidates.is_own(patient.heads)  # recalled its envoy
        direct = entry is None or (entry.object and not own_means and not self._companions(entry, patient.heads))
        type_ = self.lexicon.types[r.base or r.type]
        found = NOBODY
        if entry is not None and type_.gives and "to" in entry.to:
            found = self.candidates.actors(a.prepositional(r.holder, frozenset({"to"})))
        if (
            not found
            and direct
            and not (self.candidates.is_own(patient.heads) and (type_.stance == "cooperative" or not type_.targets_things))
        ):
            found = self.candidates.blamed(patient) if type_.name == "ACCUSE" else self.candidates.actors(patient)
            if type_.name == "REQUEST" and any(self._is_of(h, patient.heads) for h in found.heads):
                found = NOBODY  # urged a reopening of the government
        if type_.name == "MOBILIZE":  # the troops that are sent are no target
            found = Argument([h for h in found.heads if not self.senses.is_a(h, "armed")], found.reliability)
        if not found and entry is not None and type_.gives and "to" in entry.to:
            found = self._recipient(r.holder)
        known = self.lexicon.known
        if not found and patient and direct and type_.targets_things and not any(p.lemma[h] in known for h in patient.heads):
            return patient
        if not found and type_.name == "REQUEST":
            for clause in p.children(r.holder, "ccomp", "xcomp", "advcl"):
                asked = p.dep[clause] != "advcl" or any(p.lower[k] == "for" and p.dep[k] == "mark" for k in p.kids[clause])
                if asked and p.child(clause, "nsubj") is not None:
                    found = found or self.candidates.actors(a.subject(clause))
        if not found and type_.name == "REQUEST":
            found = self._asked(r.holder)
        if not found and entry is not None:
            _, _, frame = entry.words.partition("+")[0].partition("~")
            found = self.candidates.actors(a.prepositional(r.holder, entry.to | (AT_WHOM & frozenset(frame.split("|")))))
            for head in patient.heads:
                to = (entry.to | DEFAULT_TO) - (DEFAULT_TO if type_.name == "REQUEST" else frozenset())
                found = found or self.candidates.actors(a.prepositional(head, to))  # not: requested a report on them
                for clause in p.children(head, "acl"):  # lifted the restrictions imposed on them
                    found = found or self.candidates.actors(a.prepositional(clause, DEFAULT_TO))
                    if type_.name == "REQUEST":  # signed the petition urging him to resign
                        found = found or self.candidates.actors(a.patient(clause))
                found = found or self._filled([k for k in p.children(head, "poss") if p.lower[k] not in OWN], 0.8)
        if not found and entry is not None and not entry.object and type_.targets_things:
            found = a.prepositional(r.holder, entry.to & AT_WHOM)  # blamed it on the contractors
        if not found and patient and direct and type_.targets_things:
            return Argument([h for h in patient.heads if not self.candidates.is_placed(h)], patient.reliability)
        if not found and type_.name in {"ASSAULT", "COERCE"} and entry is not None:  # fired on the boat, seized the cocaine
            _, _, frame = entry.words.partition("+")[0].partition("~")
            thing = patient if patient else a.prepositional(r.holder, AT_WHOM & frozenset(frame.split("|")))
            heads = [h for h in thing.heads if p.lemma[p.content_head(h)] not in self.lexicon.means]
            found = Argument(heads, 0.75) if heads else NOBODY
        return found

    def _asked(self, verb: int) -> Argument:
        """ "Called for both sides to stop": who is to do it."""
        p = self.parse
        for k in p.objects(verb, "for"):
            if self.candidates.is_actor(k) and any(p.tag[c] == "VB" and c > k for c in (*p.kids[k], *p.kids[verb])):
                return self.candidates.actors(Argument([k], 0.8))
        return NOBODY

    def _is_of(self, actor: int, heads: list[int]) -> bool:
        """Whether one of the heads is only of or about the actor."""
        return any(actor in self.parse.objects(h, "of", "on", "about") for h in heads)

    def _recipient(self, verb: int) -> Argument:
        """To whom it is given, where the parser hangs "to" on a word of the gift."""
        p = self.parse
        for k in sorted(p.subtree(verb)):
            if (
                k > verb
                and p.lower[k] == "to"
                and p.dep[k] in {"prep", "dative"}
                and p.dep[p.head[k]] not in {"acl", "relcl", "advcl"}
            ):
                found = self.candidates.actors(Argument(p.children(k, "pobj"), 0.75))
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
            companions = [h for h in companions if p.lemma[h] in self.lexicon.means or p.lemma[h] not in words]
        return any(p.pos[h] != "PROPN" and not self.senses.is_a(h, "person") for h in companions)

    def _of_noun(self, r: Reading) -> tuple[Argument, Argument]:
        a = self.arguments
        if r.inner is not None and self.parse.pos[r.trigger] in NOMINAL:
            agent, _ = a.of_noun(r.trigger)
            own = self.candidates.actors(a.prepositional(r.trigger, frozenset({"to", "on", "with", "against"})))
            if own and not set(own.heads) & {r.inner.trigger}:
                return agent, own
            _, target = self._participants(r.inner)
            return agent, target
        agent, patient = a.of_noun(r.trigger)
        if r.type in PLACED:
            agent = Argument([h for h in agent.heads if not self._is_place(h)], agent.reliability)
        to = r.entry.to if r.entry is not None else frozenset()
        owners = self.parse.children(r.trigger, "poss")
        if r.entry is not None and r.entry.suffered and not patient and owners and owners[0] in agent.heads:
            return NOBODY, agent
        if patient:
            return agent, patient
        target = self.candidates.actors(a.prepositional(r.trigger, (to | DEFAULT_TO) - {"of"}))
        if not target and self.parse.dep[r.trigger] == "compound":  # the peace effort with them
            target = self.candidates.actors(a.prepositional(self.parse.head[r.trigger], (to | DEFAULT_TO) - {"of"}))
        if not target and "of" in to | DEFAULT_TO:
            target = self.candidates.actors(a.prepositional(r.trigger, frozenset({"of"})))
        if not agent and r.type in {"RESIGNATION", "DEATH"}:
            return target, NOBODY  # the resignation of the judge
        return agent, target

    def _is_place(self, head: int) -> bool:
        p = self.parse
        return p.entity[head] in PLACES or (p.pos[head] == "NOUN" and self.senses.is_a(head, "area"))

    def _targets(self, type_: str, argument: Argument) -> Argument:
        """The actors of an argument; the thing itself, where the type takes things."""
        heads, reliability = [], argument.reliability
        for head in argument.heads:
            actor = self.candidates.actor_in(head)
            if actor is not None:
                heads.append(actor)
                if actor != self.parse.name_of(head):
                    reliability = min(reliability, 0.75)
            elif self.lexicon.types[type_].targets_things:
                heads.append(head)
        return Argument(heads, reliability) if heads else NOBODY
