"""The other side of an event where no construction of its word names it: whose act it waits for, where it goes, who stands near."""

from processors.events.arguments import NOBODY, RELATIVE_PRONOUNS, Argument, Arguments
from processors.events.candidates import ACTOR_ENTITIES, OWN, Candidates
from processors.events.parse import NOMINAL, Parse
from processors.events.reading import Reading
from processors.events.senses import Senses

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
    {"of", "on", "to", "against", "by", "for", "with", "from", "toward", "towards", "between", "over", "into", "at", "out", "among"}
)
_NO_ACTORS = OWN | RELATIVE_PRONOUNS
_UNMET = frozenset({"until", "unless", "if", "before"})
_MET = frozenset({"after", "once", "following"})
CONDITIONAL = {"REJECT": _UNMET, "THREATEN": _UNMET, "AGREE": _UNMET, "CONCEDE": _MET, "RETREAT": _MET}
"""Types that depend on somebody's act, and the words before that act."""
DIRECTED = frozenset({"REQUEST", "ACCUSE"})
"""Types that are done to somebody, not to whom a thing belongs or where it was."""
AUTHORITATIVE = frozenset({"COERCE", "SANCTION"})
EXPELLED = 0.7
"""Reliability of the state from which somebody is expelled."""


class Nearby:
    """Looks around an event whose other participant no construction names."""

    def __init__(self, parse: Parse, arguments: Arguments, senses: Senses, candidates: Candidates) -> None:
        self.parse = parse
        self.arguments = arguments
        self.senses = senses
        self.candidates = candidates
        self.documents = senses.lexicon.grammar["documents"]
        self.addressing = senses.lexicon.grammar["addressing"]

    def abroad(self, r: Reading, source: Argument) -> Argument:
        """Another state, in which or for which it is done: "called for reforms in Egypt"."""
        p = self.parse
        own = {actor.country for h in source.heads for actor in self.senses.actors(h)}
        nouns = [k for at in (r.trigger, r.holder) for k in (*p.children(at, "dobj"), *p.objects(at, "for", "of", "on", "to"))]
        for at in dict.fromkeys((r.trigger, r.holder, *nouns)):
            trip = r.type == "ACCUSE" and at in nouns  # an investigation of a trip to Chad
            for k in p.objects(at, "in", "for", "from", "with", *(() if trip else ("to",))):
                actor = self.senses.actors(k)[0]
                if (
                    actor.kind == "country"
                    and actor.resolved_from != "metonym"
                    and actor.country not in own
                    and k not in source.heads
                ):
                    return Argument([k], ABROAD)
        return NOBODY

    def until(self, r: Reading) -> Argument:
        """Whose act a refusal, threat or promise depends on: "will not end the strike until the firm pays"."""
        p = self.parse
        marks = CONDITIONAL.get(r.type)
        if marks is None:
            return NOBODY
        for at in dict.fromkeys((r.trigger, r.holder)):
            for clause in p.children(at, "advcl"):
                if any(p.dep[k] == "mark" and p.lower[k] in marks for k in p.kids[clause]):
                    for one in p.conjuncts(clause):
                        found = self.candidates.actors(self.arguments.agent(one)) or self.candidates.actors(
                            self.arguments.patient(one)
                        )
                        if found:
                            return Argument(found.heads, CONDITION)
            for k in p.children(at, "prep"):
                if p.lower[k] in marks:
                    for o in p.children(k, "pobj", "pcomp"):
                        with_whom = self.arguments.prepositional(o, frozenset({"with", "by"}))
                        found = self.candidates.actors(with_whom)
                        for noun in p.children(o, "dobj"):
                            found = found or self.candidates.actors(self.arguments.prepositional(noun, frozenset({"with", "by"})))
                        if found:
                            return Argument(found.heads, CONDITION)
        return NOBODY

    def addressee(self, r: Reading) -> Argument:
        """To whom one turns to do it: called her to apologize."""
        p = self.parse
        governor = p.head[r.holder]
        if r.type == "REQUEST" and p.tag[r.holder] == "VBG" and p.dep[r.holder] in {"acl", "advcl", "xcomp"}:
            verb = p.clause(governor)  # wrote to her, sent a letter to her, requesting
            texts = [k for k in p.children(verb, "dobj") if p.lemma[k] in self.documents]
            if texts or p.lemma[verb] in self.addressing:
                to = [o for at in (verb, *texts) for o in p.objects(at, "to")] or p.children(verb, "dative")
                return self.candidates.actors(Argument([o for k in to[:1] for o in p.conjuncts(k)], 0.85))
        if p.dep[r.holder] in {"xcomp", "advcl", "ccomp"} and p.tag[r.holder] == "VB" and p.lemma[governor] in self.addressing:
            found = self.candidates.actors(self.arguments.patient(governor))
            if not found and (own := p.child(r.holder, "nsubj")) is not None:
                found = self.candidates.actors(Argument([own], 0.8))
            return found
        return NOBODY

    def authority(self, r: Reading) -> Argument:
        """The state that does it, where only the place tells: was expelled from Mali, was arrested in Niger."""
        p = self.parse
        if p.pos[r.holder] != "VERB" or not self.arguments.is_passive(r.holder) or r.type not in AUTHORITATIVE:
            return NOBODY
        for prepositions, reliability in ((("from",), EXPELLED), (("in",), FALLBACK)):
            for k in p.objects(r.holder, *prepositions):
                if p.entity[k] == "GPE" and self.senses.actors(k)[0].kind == "country":
                    return Argument([k], reliability)
        return NOBODY

    def where(self, r: Reading) -> Argument:
        """The place that an act of force or relief is aimed at: sent troops to the border, a curfew in the city."""
        p = self.parse
        if (r.base or r.type) not in AIMED or r.type == "REQUEST":  # of the place nothing is asked
            return NOBODY
        nouns = [k for at in (r.trigger, r.holder) for k in (*p.children(at, "dobj", "nsubjpass"), *p.objects(at, "on"))]
        for at in dict.fromkeys((r.trigger, r.holder, *nouns)):
            for k in p.kids[at]:
                if p.dep[k] == "prep" and p.lower[k] in AIMING:
                    for o in p.children(k, "pobj"):
                        if p.entity[o] in {"GPE", "LOC", "FAC"} or self.senses.is_a(o, "area"):
                            return Argument([o], AIMED[r.base or r.type])
        return NOBODY

    def beneath(self, r: Reading, source: Argument) -> Argument:
        """Whose the object of the act is, along its phrase: eased tariffs on goods from China."""
        p = self.parse
        taken = self._taken(source) | {k for h in source.heads for k in p.conjuncts(h)}
        readings = [r] if r.inner is None else [r.inner, r]
        starts = [at for one in readings for at in dict.fromkeys((one.trigger, one.holder))]
        level = [k for at in starts for k in self._links(at) if k not in starts and (p.dep[k] != "poss" or k > at)]
        for _ in range(BENEATH_DEPTH):
            for k in level:
                if (
                    k not in taken
                    and not (r.type in DIRECTED and self._is_aside(k))
                    and p.lower[k] not in _NO_ACTORS
                    and p.pos[k] in NOMINAL | {"ADJ"}
                    and self.candidates.is_actor(k)
                ):
                    moved = (r.base or r.type) == "MOBILIZE" and self.senses.is_a(k, "armed")
                    if not moved and (
                        p.entity[k] in ACTOR_ENTITIES or any(self.senses.is_a(k, name) for name in ("crowd", "armed"))
                    ):
                        return Argument([k], BENEATH)
            level = [k for at in level[:8] for k in self._links(at)]
        return NOBODY

    def _is_aside(self, k: int) -> bool:
        """Whether it only describes a thing, or says where: the IMF reforms, an investigation of a trip to Chad."""
        p = self.parse
        named = self.senses.lexicon.known - self.senses.lexicon.grammar["happenings"]
        names_thing = p.dep[k] in {"compound", "nmod"} and p.lemma[p.head[k]] not in named
        where = p.dep[k] == "pobj" and p.lower[p.head[k]] in {"to", "into", "in", "at"} and p.entity[k] in {"GPE", "LOC", "FAC"}
        return names_thing or (where and p.pos[p.head[p.head[k]]] == "NOUN")

    def _links(self, at: int) -> list[int]:
        """What the phrase of `at` leads to: its object, its owner, what its prepositions govern, who it is done by."""
        p = self.parse
        found = [
            k
            for k in p.children(at, "dobj", "dative", "poss", "amod", "compound", "nmod")
            if k != at and p.lower[k] not in OWN and not p.is_named_after(at, k)
        ]
        if p.pos[at] in {"VERB", "AUX"}:
            found = [k for k in found if p.dep[k] in {"dobj", "dative"}] + p.children(at, "nsubjpass")
        for k in p.kids[at]:
            if p.dep[k] in {"prep", "agent", "dative"} and p.lower[k] in LEADING:
                found += [o for o in p.children(k, "pobj", "pcomp") if p.lemma[o] not in self.candidates.adverbial]
                for inner in p.children(k, "prep"):  # flights out of
                    found += p.children(inner, "pobj")
            elif p.dep[k] == "acl" and p.tag[k] == "VBN":
                found += self.arguments.agent(k).heads if k in self.candidates.done(at) else []
            elif p.dep[k] == "acl" and p.child(k, "nsubj") is not None:  # claims that they
                found += p.children(k, "nsubj")
            elif p.dep[k] == "acl" and p.tag[k] == "VB":
                found.append(k)
        return found

    def fallback(self, r: Reading, source: Argument) -> Argument:
        """The nearest actor beneath the event, whom no construction marks: worth little, but more than nobody."""
        p = self.parse
        taken = self._taken(source)
        if r.entry is not None and not r.entry.object:
            taken.update(p.children(r.holder, "dobj", "nsubjpass"))
        other = NOBODY
        for at in dict.fromkeys((r.trigger, r.holder, *((r.inner.trigger, r.inner.holder) if r.inner else ()))):
            below = p.subtree(at)
            clauses = [c for c in below if p.dep[c] == "advcl" and (p.head[c] == at or p.child(c, "mark") is not None)]
            aside = {k for c in clauses for k in p.subtree(c)}
            for k in sorted(below):
                if k <= at or k in taken or k in aside or p.dep[k] in {"nsubj", "compound", "poss"} or self.candidates.is_own([k]):
                    continue
                if p.lower[p.head[k]] == "as" or p.pos[k] not in NOMINAL or p.lower[k] in _NO_ACTORS:
                    continue
                if self.candidates.is_actor(k):
                    if any(p.entity[m] in ACTOR_ENTITIES for m in (k, *p.children(k, "amod", "compound", "poss"))):
                        return Argument([k], FALLBACK)
                    other = other or Argument([k], FALLBACK)
        return other

    def _taken(self, argument: Argument) -> set[int]:
        """The tokens of its phrases, also where the parser does not join the parts of a name."""
        p = self.parse
        taken = {k for h in argument.heads for k in p.subtree(h)}
        for h in argument.heads:
            first, last = p.name_at.get(h, (h, h))
            left, right = p.phrase(h)
            taken.update(k for k in range(max(first - 4, 0), min(last + 5, len(p.start))) if left <= p.start[k] < right)
        return taken

    def nearest(self, r: Reading, other: Argument, after: bool) -> Argument:
        """The nearest actor of the sentence before or behind the event, the last resort of coders since KEDS."""
        p = self.parse
        taken = self._taken(other)
        start, end = p.sentences[p.sentence[r.trigger]]
        for k in (
            range(r.trigger + 1, min(end, r.trigger + NEAR))
            if after
            else range(r.trigger - 1, max(start, r.trigger - NEAR) - 1, -1)
        ):
            named = p.entity[k] in ACTOR_ENTITIES
            if k in taken or k in self.arguments.skipped or p.dep[k] == "compound" or p.lower[k] in _NO_ACTORS:
                continue
            if (p.pos[k] in {"NOUN", "PROPN"} or (named and p.pos[k] == "ADJ")) and self.candidates.is_actor(k):
                return Argument([k], NEAREST)
        return NOBODY
