"""What type of event a predicate or noun denotes: the lexicon's entry, then the operators over it, kept as a chain."""

from dataclasses import dataclass, field, replace

from processors.events.arguments import Arguments
from processors.events.frames import Around, Frames
from processors.events.lexicon import Entry, Lexicon, Operator
from processors.events.parse import NOMINAL, Parse
from processors.events.senses import Senses
from schemas import Factuality

MAX_DEPTH = 6
"""Operators over operators."""

PLAIN, SPECIFIC, WEAK = 0.9, 0.97, 0.4
"""How far an entry alone is to be trusted: a word, a word with its companion, a word that only types."""
OBLIGED = 0.5
"""What "said they must" is worth as a demand."""
FAINT = 0.3
"""What a word is worth that no pair of actors makes an event; at or below it nothing is anchored."""
PASSED_ON = 0.25
"""What an event noun is worth under a verb that is not known to lend it its subject."""


@dataclass(slots=True)
class Reading:
    """An event as a word in its context denotes it."""

    type: str
    mode: str
    trigger: int
    """The token that stands for the event."""
    holder: int
    """The predicate whose subject is the source; the trigger itself for a noun alone."""
    entry: Entry | None
    reliability: float
    operators: list[str] = field(default_factory=list)
    """Outermost first, without the base type."""
    base: str = ""
    inner: "Reading | None" = None
    """The complement of an operator."""
    factuality: Factuality | None = None
    cue: int | None = None
    swap: bool = False


@dataclass(slots=True)
class Complement:
    """What an operator says of an event beneath it: its factuality, None where it is no event, and the words that say so."""

    factuality: Factuality | None
    cue: int
    operator: str


class Reader:
    """Reads events off one parse. After `read` of all predicates `complements` tells which triggers stand under an operator."""

    def __init__(self, parse: Parse, lexicon: Lexicon, arguments: Arguments, senses: Senses) -> None:
        self.parse = parse
        self.lexicon = lexicon
        self.arguments = arguments
        self.frames = Frames(parse, lexicon, arguments, senses)
        self.complements: dict[int, Complement] = {}
        self.negated: set[int] = set()
        """Triggers of acts that did not happen."""
        self._memo: dict[int, Reading | None] = {}

    def read(self, i: int, depth: int = 0) -> Reading | None:
        """The event that token `i` denotes, if the lexicon types it."""
        if i in self._memo:
            return self._memo[i]
        if depth > MAX_DEPTH:
            return None
        self._memo[i] = None  # a cycle ends here
        pos = self.parse.pos[i]
        if pos in {"VERB", "AUX"}:
            reading = self._polar(i, self._verb(i, depth))
        elif pos == "ADJ":
            reading = self._adjective(i, depth)
        else:
            reading = self._noun(i, depth)
        self._memo[i] = reading
        return reading

    # ---- verbs

    def _polar(self, i: int, reading: Reading | None) -> Reading | None:
        """Negation and future over a verb."""
        p, lex = self.parse, self.lexicon
        if reading is None:
            return None
        modal = self._auxiliary_bearer(i)
        negation = next((k for k in p.kids[i] if p.dep[k] == "neg" or p.lower[k] in {"never", "n't", "not"}), None)
        auxiliaries = [p.lower[k] for k in p.kids[modal] if p.dep[k] in {"aux", "auxpass"}]
        future = next((k for k in p.kids[modal] if p.dep[k] == "aux" and self._is_future(modal, p.lower[k])), None)
        if negation is not None:
            refuses = future is not None or any(a in {"would", "can", "could", "ca"} for a in auxiliaries)
            if (
                reading.entry is not None
                and (p.lemma[i] != "have" and p.dep[i] != "pcomp")  # has no support, by not supporting him: nothing is refused
                and (reading.entry.state or (refuses and lex.types[reading.type].stance == "cooperative"))
                and reading.operators in ([], ["stop"])
            ):
                return self._over("negation", "REJECT", i, reading, cue=negation)
            self.negated.add(reading.trigger)
            return None
        if future is not None and reading.factuality in {None, "actual"}:
            operator = lex.auxiliary_operators.get(p.lower[future]) or lex.auxiliary_operators["will"]
            return self._operate(operator, i, reading, future)
        return reading

    def _auxiliary_bearer(self, i: int) -> int:
        """The verb whose auxiliaries hold for verb `i`: "will meet and *discuss*"."""
        p = self.parse
        if p.dep[i] == "conj" and p.tag[i] in {"VB", "VBN", "VBG"} and p.child(i, "aux", "nsubj", "nsubjpass", "auxpass") is None:
            return p.first_conjunct(i)
        return i

    def _is_future(self, i: int, auxiliary: str) -> bool:
        """ "will"; and "would", where it is the future of a past: said it would send."""
        p = self.parse
        if auxiliary in {"would", "'d"}:  # not "he'd hired"
            return p.tag[i] not in {"VBN", "VBD"} and p.dep[i] == "ccomp" and p.lemma[p.head[i]] in self.lexicon.grammar["say"]
        return auxiliary in self.lexicon.auxiliary_operators

    def _over(self, name: str, type_: str, i: int, inner: Reading, cue: int, reliability: float = 0.97) -> Reading:
        return Reading(
            type_, inner.mode if type_ == inner.type else "", i, i, inner.entry, inner.reliability * reliability,
            [name, *inner.operators], inner.base, inner, None, cue, inner.swap,
        )  # fmt: skip

    def _operate(self, operator: Operator, i: int, inner: Reading, cue: int) -> Reading | None:
        """The operator at `i` over `inner`; notes what becomes of the complement."""
        type_ = operator.apply(inner.type)
        if operator.name == "ask" and inner.holder in self.parse.children(i, "xcomp") and inner.type == "SANCTION":
            type_ = "REQUEST"  # of whom is to punish another one
        same_place = operator.on_complement
        if same_place and type_ != inner.type and not (self._has_agent(inner.holder) or self._has_agent(i)):
            type_ = inner.type  # nobody threatens or agrees: "he will be sentenced"
        if not same_place and inner.trigger != i:
            self.complements.setdefault(inner.trigger, Complement(operator.content, cue, operator.name))
        if type_ is None:
            self.negated.add(inner.trigger)
            return None
        if operator.name == "order" and type_ == "COERCE" and not self._has_agent(i):
            return None  # was forced to apologize: by what happened
        reading = self._over(operator.name, type_, i, inner, cue, operator.reliability)
        reading.swap = inner.swap if same_place else False
        reading.factuality = operator.factuality or (inner.factuality if same_place else None)
        if same_place:
            reading.trigger = inner.trigger
            own = self.parse.child(inner.holder, "nsubj", "nsubjpass") is not None or self.parse.pos[i] not in {"VERB", "AUX"}
            reading.holder = inner.holder if own or inner.holder != inner.trigger else i
            if self.parse.pos[inner.trigger] not in NOMINAL:
                reading.holder = inner.holder
            if type_ == inner.type:
                reading.inner = inner.inner
        elif self.parse.pos[i] == "VERB" and (plain := self.frames.plain(i)) is not None and plain.type == type_:
            reading.mode = plain.mode
            reading.reliability = max(reading.reliability, PLAIN if plain.detect else reading.reliability)
        return reading

    def _has_agent(self, i: int) -> bool:
        if self.parse.pos[i] in {"VERB", "AUX"}:
            return bool(self.arguments.agent(i))
        return bool(self.arguments.of_noun(i)[0])

    def _verb(self, i: int, depth: int) -> Reading | None:
        p, lex = self.parse, self.lexicon
        lemma = p.lemma[i]
        around = self.frames.around(i)
        if lemma in lex.grammar["say"] and (demand := self._demand(around.clauses)) is not None:
            return demand
        frame = self.frames.framed(i, around)
        framed = self._entry_reading(frame.entry, i, frame.trigger) if frame is not None else None
        if frame is not None and frame.companion != frame.trigger and p.pos[frame.companion] == "NOUN":
            self.complements.setdefault(frame.companion, Complement(None, i, "frame"))  # of "lifted the embargo" no embargo comes
        if framed is not None and framed.type != "REQUEST":
            return self._by_means(i, depth) or framed
        operator = self._verb_operator(i, lemma, around.particles)
        if self.frames.only_speaks(i, around):
            return None
        if operator is not None and operator.name == "condemn" and (own := self.frames.plain(i)) is not None and own.source:
            return self._entry_reading(own, i)  # a crowd that protests the arrest of somebody
        if operator is not None:
            reading = self._operated(operator, i, depth, around)
            if reading is not None or i in self.negated:
                return reading
        if framed is not None:
            return framed
        if lemma == "be":
            return self._copula(i, depth)
        if lemma in lex.grammar["light"] and p.child(i, "prt") is None:
            for c in [*around.objects, *(o for _, o in around.governed)]:
                noun = self.read(c, depth + 1) if p.pos[c] in NOMINAL else None
                if noun is not None and noun.holder == noun.trigger and lex.types[noun.type].plover:
                    swap = lemma in lex.grammar["swapping"] or (noun.mode == "endorse" and lemma in lex.grammar["winning"])
                    reliability = noun.reliability * 0.98
                    if lemma == "have" and noun.mode in lex.grammar["lasting"]:
                        reliability = min(reliability, PASSED_ON)  # a state: has an agreement with Britain
                    return replace(noun, holder=i, reliability=reliability, swap=noun.swap != swap)
        plain = self.frames.plain(i)
        if plain is not None and plain.mutual and self.arguments.is_passive(i):
            plain = None  # was met with objections
        if plain is not None and p.child(i, "prt") is not None:
            return replace(self._entry_reading(plain, i), reliability=PASSED_ON)  # sought out, broke up: another verb
        if plain is not None:
            return self._by_means(i, depth) or self._entry_reading(plain, i)
        for c in around.objects:
            noun = self.read(c, depth + 1) if p.pos[c] == "NOUN" else None
            if noun is not None and noun.holder == noun.trigger and lex.types[noun.type].plover:
                return replace(noun, holder=i, reliability=min(noun.reliability, PASSED_ON))
        if operator is not None and operator.bare:
            bare = Reading(operator.bare, "", i, i, None, WEAK, [], operator.bare)
            return replace(bare, reliability=FAINT) if self._orders_his_own(operator, bare) else bare
        return None

    def _orders_his_own(self, operator: Operator, outcome: Reading) -> bool:
        """Whether those who are told to do it serve, and so nobody is coerced: ordered more officers to the border."""
        if (
            operator.name != "order"
            or outcome.type not in {"COERCE", "ACCUSE"}
            or self.parse.pos[outcome.holder] not in {"VERB", "AUX"}
        ):
            return False
        by, to = self.arguments.agent(outcome.holder).heads, self.arguments.patient(outcome.holder).heads
        senses = self.frames.senses
        serves = bool(by and to) and (senses.is_a(to[0], "subordinate") or senses.is_same_government(by[0], to[0]))
        return serves and all(a.role != "JUD" for a in senses.actors(by[0]))

    def _demand(self, clauses: list[int]) -> Reading | None:
        """ "Said the troops must leave": a demand, on whom the clause is about."""
        p = self.parse
        for c in clauses:
            if p.dep[c] == "ccomp" and p.child(c, "nsubj", "nsubjpass") is not None:
                must = next((k for k in p.kids[c] if p.dep[k] == "aux" and p.lower[k] in self.lexicon.grammar["obliging"]), None)
                if must is not None:
                    self.complements.setdefault(c, Complement("possible", must, "oblige"))
                    return Reading("REQUEST", "demand", c, p.head[c], None, OBLIGED, ["oblige"], "REQUEST", cue=must)
        return None

    def _by_means(self, i: int, depth: int) -> Reading | None:
        """ "Deepened ties by signing a treaty": the means is the act."""
        p = self.parse
        for k in p.kids[i]:
            if p.lower[k] == "by" and p.dep[k] in {"prep", "agent"}:
                for c in p.children(k, "pcomp"):
                    return self.read(c, depth + 1)
        return None

    def _verb_operator(self, i: int, lemma: str, particles: set[str]) -> Operator | None:
        by_particle = self.lexicon.verb_operators.get(lemma)
        if by_particle is None:
            return None
        going = lemma != "go" or (self.parse.tag[i] == "VBG" and self.parse.child(i, "xcomp") is not None)
        if not going or (lemma == "set" and "up" in particles):  # set up a meeting
            return None
        for particle, operator in by_particle.items():
            if particle in particles:
                return operator
        return by_particle.get("to") if lemma == "go" else by_particle.get("")

    def _operated(self, operator: Operator, i: int, depth: int, around: Around) -> Reading | None:
        """The outcome of the operator at verb `i`, if something beneath it denotes an event."""
        p = self.parse
        nominal = [c for c in around.objects if p.dep[c] != "dative"]
        governed = around.governed if operator.prepositions else []
        misplaced = [o for c in nominal for k in p.children(c, "prep") for o in p.children(k, "pcomp")]  # accuse the man of …
        for c in [*(c for c in around.clauses if c > i), *misplaced, *nominal, *(o for _, o in governed)]:
            if p.pos[c] == "PROPN" or p.pos[c] == "PRON":
                continue
            inner = self.read(c, depth + 1)
            if inner is not None and operator.name in {"promise", "offer"} and p.pos[c] == "NOUN" and self._is_given(inner):
                if inner.type == "RESIGNATION":  # offered to resign
                    return replace(inner, holder=i, factuality="planned", cue=i)
                return replace(inner, holder=i)  # offered criticism, praise
            if inner is not None:
                if c in around.clauses:
                    self._coordinated(c, operator, i, depth)
                outcome = self._operate(operator, i, inner, i)
                return replace(outcome, reliability=PASSED_ON) if outcome and self._orders_his_own(operator, outcome) else outcome
            if c in around.clauses or p.dep[c] == "pcomp":
                self.complements.setdefault(c, Complement(operator.content or operator.factuality, i, operator.name))
                if not operator.result:
                    self.negated.add(c)
        return None

    def _coordinated(self, clause: int, operator: Operator, i: int, depth: int) -> None:
        """What is coordinated with a complement stands under the operator too."""
        for other in self.parse.conjuncts(clause)[1:]:
            reading = self.read(other, depth + 1)
            if reading is not None and self.parse.child(other, "nsubj") is None:
                content = operator.content or operator.factuality
                self.complements.setdefault(reading.trigger, Complement(content, i, operator.name))

    def _is_given(self, r: Reading) -> bool:
        return not r.operators and (r.type == "SUPPORT" or self.lexicon.types[r.type].stance != "cooperative")

    def _copula(self, i: int, depth: int) -> Reading | None:
        """ "is ready to sign", "is open to talks", "was under arrest"."""
        p = self.parse
        for k in p.children(i, "acomp", "attr"):
            if p.pos[k] == "ADJ":
                return self.read(k, depth + 1)
        return None

    def _adjective(self, i: int, depth: int) -> Reading | None:
        p = self.parse
        operator = self.lexicon.adjective_operators.get(p.lemma[i])
        if operator is None:
            return None
        for c in [*p.children(i, "xcomp", "ccomp"), *p.objects(i, "to", "for")]:
            inner = self.read(c, depth + 1)
            if inner is not None:
                reading = self._operate(operator, p.head[i], inner, i)
                if reading is not None and p.lemma[i] in {"open", "likely", "bound"}:
                    reading.factuality = "possible"
                return reading
        return None

    @staticmethod
    def _entry_reading(entry: Entry, i: int, trigger: int | None = None) -> Reading:
        reliability = FAINT if entry.faint else WEAK if not entry.detect else SPECIFIC if entry.specific else PLAIN
        at = i if trigger is None else trigger
        return Reading(entry.type, entry.mode, at, i, entry, reliability, [], entry.type, swap=entry.swap)

    # ---- nouns

    def _noun(self, i: int, depth: int) -> Reading | None:
        p, lex = self.parse, self.lexicon
        if p.pos[i] not in {"NOUN", "PROPN"}:
            return None
        lemma = p.lemma[i]
        operator = lex.noun_operators.get(lemma)
        if operator is not None and p.pos[i] == "NOUN":
            for c in self.frames.complements_of_noun(i):
                inner = self.read(c, depth + 1)
                if inner is None:
                    continue
                reading = self._operate(operator, i, inner, i)
                if reading is not None and not operator.on_complement:
                    reading.holder = i
                return reading
        entry = self.frames.noun(i)
        if entry is not None:
            return self._entry_reading(entry, i)
        inner_head = p.content_head(i)
        return self.read(inner_head, depth + 1) if inner_head != i else None
