"""Who does what a predicate says and to whom, by the construction in which they stand, with the reliability of each construction.

The reliabilities are the precision of the construction on Wikinews (shared/EXTRACTION.md), where it was measured there.
"""

from dataclasses import dataclass, field

from processors.events.lexicon import Lexicon
from processors.events.parse import MAX_WALK, NOMINAL, Parse

RELATIVE_PRONOUNS = frozenset({"who", "which", "that", "whom"})
QUOTES = frozenset({'"', "“", "”", "``", "''"})
_FILLERS = NOMINAL | {"ADJ", "X"}
_THIRD = frozenset({"he", "she", "it", "they"})


@dataclass(slots=True)
class Argument:
    """The heads of the noun phrases that fill a role, and how far the construction is to be trusted (0 to 1)."""

    heads: list[int] = field(default_factory=list)
    reliability: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.heads)


NOBODY = Argument()


class Arguments:
    """Finds the participants of predicates in one parse. `skipped`: tokens that are no participants (datelines)."""

    def __init__(self, parse: Parse, lexicon: Lexicon, skipped: set[int]) -> None:
        self.parse = parse
        self.say = lexicon.grammar["say"]
        self.documents = lexicon.grammar["documents"]
        self.object_control = lexicon.grammar["object_control"]
        self.intransitive = lexicon.grammar["intransitive"]
        self.adverbial = lexicon.grammar["adverbial"]
        self.bodies = lexicon.grammar["bodies"]
        self.harming = lexicon.grammar["harming"]
        self.happenings = lexicon.grammar["happenings"]
        self.skipped = skipped
        self._passive: dict[int, bool] = {}
        self._agents: dict[int, Argument] = {}
        self._depth = 0

    def is_passive(self, verb: int) -> bool:
        """Whether the subject of `verb` is who it is done to."""
        if verb not in self._passive:
            self._passive[verb] = self._is_passive(verb)
        return self._passive[verb]

    def _is_passive(self, verb: int) -> bool:
        p = self.parse
        if p.child(verb, "nsubjpass", "auxpass") is not None:
            return True
        if p.tag[verb] == "VBN" and p.child(verb, "agent") is not None and p.child(verb, "aux") is None:
            return True  # the commander killed by them, whom the parser makes the subject
        if p.lemma[verb] in self.intransitive or p.child(verb, "aux", "nsubj") is not None:
            return False  # was arrested and pleaded guilty
        told = p.lemma[verb] in self.object_control and p.child(verb, "xcomp") is not None and p.child(verb, "dobj") is None
        if p.dep[verb] == "conj" and (p.tag[verb] == "VBN" or (p.tag[verb] == "VBD" and told)):  # was approached and asked to
            first = p.first_conjunct(verb)
            return p.dep[first] != "conj" and p.tag[first] == "VBN" and self.is_passive(first)
        if p.tag[verb] != "VBN":
            return False
        return p.dep[verb] in {"acl", "amod", "advcl", "ROOT", "ccomp", "xcomp"} or p.child(verb, "agent") is not None

    def agent(self, verb: int) -> Argument:
        """Who does it."""
        if verb not in self._agents:
            self._agents[verb] = NOBODY  # a cycle of governors ends here
            self._agents[verb] = self._by_phrase(verb) if self.is_passive(verb) else self.subject(verb)
        return self._agents[verb]

    def patient(self, verb: int) -> Argument:
        """To whom it is done: the subject of a passive, else the direct object."""
        p = self.parse
        if self.is_passive(verb):
            subject = self.subject(verb)
            return Argument(subject.heads, round(subject.reliability * 0.94, 3))
        objects = [k for k in p.children(verb, "dobj", "dative", "oprd") if p.pos[k] in NOMINAL or p.pos[k] == "ADJ"]
        dative = [k for k in objects if p.dep[k] == "dative"]
        if p.dep[verb] == "relcl" and any(p.lower[k] in {"who", "whom"} for k in objects):  # the senator whom he accused
            return self._filled([self._whose_place(p.head[verb])], 0.8)
        if objects:
            return self._filled(dative or objects, 0.82)
        if p.dep[verb] == "relcl" and p.child(verb, "nsubj") is not None and self._relative_object(verb):
            return self._filled([p.head[verb]], 0.7)
        if p.lemma[verb] in self.object_control:  # allowed the ship to dock, which the parser makes the ship's clause
            for clause in p.children(verb, "ccomp"):
                own = p.child(clause, "nsubj", "nsubjpass")
                if own is not None and p.tag[clause] == "VB":
                    return self._filled([own], 0.8)
        return NOBODY

    def _relative_object(self, verb: int) -> bool:
        """Whether the noun that the relative clause of `verb` describes is its object: "the city that the army took"."""
        p = self.parse
        return not any(p.lower[k] in RELATIVE_PRONOUNS for k in p.children(verb, "nsubj", "nsubjpass"))

    def _by_phrase(self, verb: int) -> Argument:
        p = self.parse
        for k in p.kids[verb]:
            if p.lower[k] == "by" and p.dep[k] in {"agent", "prep"}:
                heads = [o for o in p.children(k, "pobj") if p.entity[o] not in {"DATE", "TIME", "CARDINAL", "PERCENT", "MONEY"}]
                if heads:
                    return self._filled(heads, 0.92)
        return NOBODY

    def subject(self, verb: int) -> Argument:
        """The grammatical subject, own or shared: by coordination, control, or the noun that a clause describes."""
        p = self.parse
        subjects = p.children(verb, "nsubj", "nsubjpass")
        if subjects:  # a dateline may be parsed as one more: the nearest before the verb is the subject
            return self._own_subject(verb, next((k for k in reversed(subjects) if k < verb), subjects[0]))
        dep, head = p.dep[verb], p.head[verb]
        if dep == "conj" and p.tag[verb] == "VBD" and p.tag[head] in {"VB", "VBG"}:  # joined to what it cannot be joined to
            head = next((k for k in p.ancestors(head) if p.tag[k] in {"VBD", "VBZ", "VBP", "VBN"}), head)
        if dep == "conj" and (own := p.joined_to_object(verb)) is not None:
            return self._filled([own], 0.85)
        if dep == "conj" and p.pos[head] in {"VERB", "AUX"}:
            head = self._told_before(head)
            return self._shared(self.subject_of(head), 0.93)
        if dep == "xcomp":
            if p.lemma[head] in self.object_control and not self.is_passive(head):
                objects = p.children(head, "dobj", "dative") or p.objects(head, "on", "for", "upon")
                if objects:
                    return self._filled(objects[:1], 0.87)
            if p.pos[head] in {"VERB", "AUX"}:
                return self._shared(self.subject_of(head), 0.89)
            if p.pos[head] == "ADJ":
                return self._shared(self.subject_of(p.head[head]), 0.87)
        if dep == "acl" and p.pos[head] in NOMINAL:
            if p.tag[verb] == "VBN":
                return self._filled([head], 0.8)
            if p.tag[verb] == "VBG" and p.lemma[head] in self.documents:
                sender = self._filled(p.objects(head, "from"), 0.85)  # got calls from her party urging her to
                author = sender or self._holder_of_noun(head)  # issued a statement criticising
                if author:
                    return self._shared(author, 0.9)
            if p.tag[verb] == "VBG":
                return self._filled([head], 0.7)
            return self._shared(self._holder_of_noun(head), 0.75)  # "its plan to attack"
        if dep == "relcl" and p.pos[head] in NOMINAL:
            return self._filled([self._described(head)], 0.6)
        if dep == "amod" and p.pos[head] in NOMINAL and verb < head:
            return self._filled([head], 0.75)  # the retiring judge, the jailed leader
        if dep == "advcl" and p.tag[verb] in {"VBG", "VBN", "VB"} and p.pos[head] in {"VERB", "AUX"}:
            return self._shared(self.subject_of(head), 0.85)
        if dep == "pcomp":
            governor = p.head[head]
            if p.pos[governor] in {"VERB", "AUX"}:
                patient = self.patient(governor)
                if p.lower[head] in {"of", "for", "from"} and patient and p.pos[governor] == "VERB":
                    return self._shared(patient, 0.92)  # accused X of doing
                return self._shared(self.subject_of(governor), 0.85)
            if p.lower[head] == "of" and p.dep[governor] in {"dobj", "nsubjpass"}:
                return self._filled([governor], 0.85)
        return NOBODY

    def _told_before(self, verb: int) -> int:
        """What a verb of saying put in between tells of: "the senator [came], said an aide, and stayed"."""
        p = self.parse
        told, own = p.child(verb, "ccomp"), p.child(verb, "nsubj")
        between = p.lemma[verb] in self.say and told is not None and own is not None and told < verb and told < own
        if told is None or not between or any(p.lower[k] in QUOTES for k in range(told, verb)):
            return verb
        return told

    def subject_of(self, verb: int) -> Argument:
        """The subject of a governor, remembered; what a governor shares is not asked for twice."""
        key = -verb - 1  # beside the agents in one memo
        if key not in self._agents:
            if self._depth > MAX_WALK:
                return NOBODY
            self._agents[key] = NOBODY
            self._depth += 1
            self._agents[key] = self.subject(verb)
            self._depth -= 1
        return self._agents[key]

    def _own_subject(self, verb: int, own: int) -> Argument:
        p = self.parse
        low = p.lower[own]
        if low in RELATIVE_PRONOUNS and p.tag[own] in {"WP", "WDT", "IN"}:
            head = p.head[verb]
            if p.dep[verb] == "relcl" and p.pos[head] in NOMINAL:
                if low == "who":
                    return self._filled([self._described(self._whose_place(head))], 0.85)
                return Argument([self._described(self._happening(verb, self._last_before(head, own)))], 0.85)
            return NOBODY
        if low == "it" and (p.child(verb, "expl") is not None or (p.child(verb, "ccomp") is not None and p.lemma[verb] == "be")):
            return NOBODY
        if low in _THIRD:
            speaker = self._reporter(verb)
            if speaker:
                return Argument(speaker.heads, 0.8)
        return self._filled([own], 0.98)

    def _last_before(self, noun: int, pronoun: int) -> int:
        """What "that" and "which" are about behind "Ana Cruz and the states that …": the last."""
        return next((k for k in reversed(self.parse.conjuncts(noun)) if k < pronoun), noun)

    def _happening(self, verb: int, noun: int) -> int:
        """What killed behind "the attack on a ship that killed": the attack."""
        p, at = self.parse, noun
        while p.lemma[verb] in self.harming and p.dep[at] == "pobj" and p.lemma[p.head[p.head[at]]] in self.happenings:
            at = p.head[p.head[at]]
        return at

    def _whose_place(self, noun: int) -> int:
        """Who "who" and "whom" are about behind "the senator from Oregon", "lawmakers of both parties": the senator, they."""
        p = self.parse
        governor = p.head[p.head[noun]]
        from_there = p.dep[noun] == "pobj" and p.lower[p.head[noun]] in {"of", "from", "in"}
        no_people = p.entity[noun] == "GPE" or p.lemma[noun] in self.bodies
        return governor if from_there and no_people and p.pos[governor] in NOMINAL else noun

    def _described(self, noun: int) -> int:
        """Whom a predicate noun describes: of "Chad is one of the countries that …" Chad."""
        p, at = self.parse, noun
        if p.dep[at] == "pobj" and p.lower[p.head[at]] == "of" and p.lemma[p.head[p.head[at]]] in p.of_heads:
            at = p.head[p.head[at]]
        if p.dep[at] == "attr" and p.lemma[p.head[at]] == "be":
            subject = p.child(p.head[at], "nsubj")
            if subject is not None and (p.pos[subject] == "PROPN" or (p.pos[subject] == "NOUN" and p.pos[noun] != "PROPN")):
                return subject
        return noun

    def _reporter(self, verb: int) -> Argument:
        """ "The army said it had withdrawn": who reports it, where the pronoun can stand for them."""
        p = self.parse
        for _ in range(MAX_WALK):
            head = p.head[verb]
            if p.dep[verb] == "relcl" and p.entity[head] in {"DATE", "TIME"}:  # said on Monday that it had
                head = p.clause(head)
                if p.lemma[head] in self.say:
                    own = p.child(head, "nsubj")
                    return self._filled([own], 0.9) if own is not None and p.pos[own] != "PRON" else NOBODY
            if p.dep[verb] not in {"ccomp", "conj"} or head == verb:
                return NOBODY
            if p.dep[verb] == "ccomp" and p.lemma[head] in self.say:
                own = p.child(head, "nsubj")
                return self._filled([own], 0.9) if own is not None and p.pos[own] != "PRON" else NOBODY
            verb = head
        return NOBODY

    def _holder_of_noun(self, noun: int) -> Argument:
        """Whose plan, promise or attempt it is: its possessor, or the subject of the verb whose object it is."""
        p = self.parse
        owner = p.children(noun, "poss")
        if owner:
            return self._filled(owner, 0.9)
        governor = p.head[noun]
        if p.dep[noun] in {"dobj", "attr"} and p.pos[governor] in {"VERB", "AUX"}:
            return self.subject_of(governor)
        return NOBODY

    def of_noun(self, noun: int) -> tuple[Argument, Argument]:
        """Who does and to whom, as far as the phrase of an event noun says: "A's talks with B", "the killing of B by A"."""
        p = self.parse
        agent = self._by_phrase(noun)
        owner = p.children(noun, "poss")
        members = self.between(noun)
        if members:
            if len(members) > 1:
                return Argument(members[:1], 0.92), Argument(members[1:], 0.92)
            return Argument(members, 0.85), NOBODY
        patient = NOBODY
        if owner:
            if agent:
                patient = self._filled(owner, 0.85)
            else:
                agent = self._filled(owner, 0.9)
        if not agent:
            named = [
                k for k in p.children(noun, "compound", "amod", "nmod")
                if p.entity[k] in {"GPE", "NORP", "ORG", "PERSON"} and p.head[k] == noun and not p.is_named_after(noun, k)
            ]  # fmt: skip
            if named:
                agent = self._filled(named[:1], 0.7)
        if not agent and p.dep[noun] == "pobj" and p.lower[p.head[p.head[noun]]] in {"responsible", "guilty"}:
            agent = self._shared(self.subject_of(p.head[p.head[p.head[noun]]]), 0.85)
        if not agent:
            origin = p.objects(noun, "from")
            if origin:
                agent = self._filled(origin[:1], 0.6)
        return agent, patient

    def between(self, noun: int) -> list[int]:
        """Those between whom it is: talks between A and B, the mediation effort between them."""
        p = self.parse
        outer = p.head[noun] if p.dep[noun] == "compound" else noun
        first = p.objects(noun, "between", "among") or p.objects(outer, "between", "among")
        return p.conjuncts(first[0]) if first else []

    def prepositional(self, i: int, prepositions: frozenset[str]) -> Argument:
        """The objects of the first of these prepositions beside `i`."""
        p = self.parse
        for k in p.kids[i]:
            if p.lower[k] in prepositions and p.dep[k] in {"prep", "dative"} and not self._leads(k, i):
                heads = [
                    o for o in (*p.children(k, "pobj"), *(x for pc in p.children(k, "pcomp") for x in p.children(pc, "dobj")))
                    if p.entity[o] not in {"DATE", "TIME", "PERCENT", "MONEY"}
                    and p.lemma[o] not in self.adverbial
                    and not self._is_aside(k, o)
                ]  # fmt: skip
                if heads:
                    return self._filled(heads, 0.85)
        return NOBODY

    def _leads(self, preposition: int, i: int) -> bool:
        """Whether it only says where, before the clause: "On the radio, she demanded …"."""
        lower = self.parse.lower
        return lower[preposition] in {"on", "in", "at", "from"} and "," in lower[preposition:i]

    def _is_aside(self, preposition: int, noun: int) -> bool:
        """Whether it is the subject of a clause of circumstance: praised the move, with a spokeswoman saying …"""
        p = self.parse
        after_comma = preposition > 0 and p.lower[preposition - 1] == ","
        return after_comma and p.lower[preposition] == "with" and any(p.tag[k] == "VBG" for k in p.children(noun, "acl"))

    def _filled(self, heads: list[int], reliability: float) -> Argument:
        p = self.parse
        found: list[int] = []
        for head in heads:
            for member in p.conjuncts(head):
                if (
                    member not in found
                    and member not in self.skipped
                    and p.lower[member] not in RELATIVE_PRONOUNS
                    and p.pos[member] in _FILLERS
                    and not (p.pos[head] == "NUM" and p.pos[member] == "PROPN")  # won 12 seats and the Greens 4
                ):
                    found.append(member)
        return Argument(found[:8], reliability) if found else NOBODY

    @staticmethod
    def _shared(argument: Argument, share: float) -> Argument:
        return Argument(argument.heads, round(argument.reliability * share, 3)) if argument else NOBODY
