"""Whether an event happened, is planned, possible, alleged or denied, and the words that say so."""

from dataclasses import dataclass

from processors.events.lexicon import Lexicon
from processors.events.parse import Parse
from processors.events.reading import Reader, Reading
from schemas import Factuality

_CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "relcl", "pcomp", "conj", "dobj", "pobj", "prep", "attr", "acomp", "csubj"})

_SCOPED = frozenset({"ccomp", "xcomp", "pcomp", "prep", "acomp", "attr"})
"""Relations that carry a negation down."""
_CIRCUMSTANCE = frozenset({"when", "after", "as", "since", "while", "because"})
"""Conjunctions of clauses for which what is said of the clause above does not hold."""
_YET_TO_COME = frozenset({"before", "until", "once", "when", "whenever"})
"""Conjunctions whose clause in the present tells what is to come."""
_OPENING = frozenset({"“", "``", '"', "‘"})
"""Tokens behind which another one's words may begin."""
_CLOSING = frozenset({"”", "''", '"', "’"})
LONGEST_QUESTION = 200
"""Tokens behind a trigger that are looked at for its question mark: a sentence without end must not cost its square."""
HABITUAL = 0.65
PREDICTED = 0.45
"""What is left of an event that somebody says will happen, though nobody can decide it."""
_UNDECIDED = frozenset({"DISASTER", "ACCIDENT", "DEATH", "HEALTH"})
_DONE_OR_NOT = frozenset({"LAW", "RESIGNATION", "APPOINTMENT"})
"""Types of which an attempt is not one."""
_WRONGS = frozenset({"ASSAULT", "CRIME", "REJECT", "COERCE", "THREATEN"})
"""Types of what people are charged with."""
_OUTCOMES = frozenset({("ELECTION", "win"), ("ELECTION", "lose"), ("SPORT", "win"), ("SPORT", "lose"), ("SPORT", "score")})
ATTRIBUTIVE = 0.55
"""What is left of a participle before a noun: the jailed leader is background, promised cuts are none."""
HEADLINES = 1
"""Sentences at the head of a text that may be a headline."""


@dataclass(slots=True)
class Judgement:
    """The factuality of one event; `weight` is what it does to the confidence (0 to 1)."""

    value: Factuality
    cue: int | None = None
    weight: float = 1.0


class Judge:
    """Judges events by their operators and by what governs them."""

    def __init__(self, parse: Parse, lexicon: Lexicon, reader: Reader) -> None:
        self.parse = parse
        self.grammar = lexicon.grammar
        self.reader = reader

    def judge(self, r: Reading) -> Judgement | None:
        """The factuality of `r`; None where the act is negated and hence no event."""
        p, g = self.parse, self.grammar
        complement = self.reader.complements.get(r.trigger) if r.inner is None or r.trigger == r.inner.trigger else None
        if complement is not None and r.factuality is None:
            weight = 0.95 if complement.factuality in {"actual", "alleged"} else 0.4
            return Judgement(complement.factuality or "possible", complement.cue, weight)
        if self._is_negated(r):
            return None
        result = Judgement(
            r.factuality or "actual", r.cue if r.factuality else None, 1.0 if r.factuality in {None, "actual"} else 0.9
        )
        if self._is_wished(r):
            return Judgement("possible", r.cue, PREDICTED)  # wants somebody else to do it
        if r.factuality == "planned" and r.operators[:1] == ["future"] and (r.type in _UNDECIDED or (r.type, r.mode) in _OUTCOMES):
            return Judgement("possible", r.cue, PREDICTED)
        if result.value == "actual" and r.type == "RESIGNATION" and r.mode != "dismiss" and self._is_under_way(r.holder):
            return Judgement("planned", r.holder, 0.9)
        if result.value == "actual" and r.operators[:1] == ["attempt"] and r.type in _DONE_OR_NOT and self._is_tried(r):
            return Judgement("possible", r.cue, 0.5)
        unlikely = self._likelihood(r)
        if unlikely is not None:
            return Judgement("possible", unlikely, 0.3)
        if p.dep[r.trigger] == "amod" and p.pos[r.trigger] == "VERB":
            result.weight *= ATTRIBUTIVE
        for at in dict.fromkeys((r.trigger, r.holder)):
            for k in p.kids[at]:
                low = p.lower[k]
                if low in g["alleging"] and p.dep[k] in {"amod", "advmod"}:
                    return Judgement("alleged", k, 0.85)
                if low in g["planned_words"] and p.dep[k] == "amod":
                    return Judgement("planned", k, 0.8)
                if low in g["generic_adverbs"]:
                    return Judgement("possible", k, 0.3)
                if low == "according" and r.type in _WRONGS and any(p.lemma[o] in g["accusers"] for o in p.objects(k, "to")):
                    return Judgement("alleged", k, 0.85)
        stands = r.operators[:1] == ["accuse-of"]  # whoever accuses somebody of something has done so
        if self._is_simple_present(r) and result.value == "actual" and not stands:
            result.weight *= HABITUAL
        governed = self._governed(r)
        return governed if governed is not None and (governed.value != "actual" or result.value == "actual") else result

    def _is_wished(self, r: Reading) -> bool:
        """Whether somebody wants another one to do it: hope that it will be adopted."""
        p, at = self.parse, r.trigger
        wish = r.operators[:1] == ["intend"] and p.lemma[p.head[at]] in self.grammar["wishing"]
        return wish and p.child(at, "nsubj", "nsubjpass") is not None

    def _is_tried(self, r: Reading) -> bool:
        """ "Tried to pass it", other than "began to"."""
        p = self.parse
        return any(p.lemma[k] in self.grammar["trying"] for k in (r.holder, p.head[r.holder], p.head[r.trigger], r.trigger))

    def _is_under_way(self, i: int) -> bool:
        """ "Said she was resigning": what takes no time has yet to come."""
        p = self.parse
        return (
            p.tag[i] == "VBG"
            and p.dep[i] == "ccomp"
            and any(p.lower[k] in {"is", "are", "was", "were", "'s", "'re", "am"} for k in p.children(i, "aux"))
        )

    def _is_simple_present(self, r: Reading) -> bool:
        """ "Asks", "is elected", outside headlines: what is done habitually more often than what happened; not "is accused"."""
        p, i = self.parse, r.holder
        if p.sentence[i] <= HEADLINES or p.child(i, "aux") is not None:
            return False
        charged = r.type == "ACCUSE" and r.mode != "disapprove"  # is accused; but: is criticized
        passive = None if charged else p.child(i, "auxpass")
        return p.tag[i if passive is None else passive] in {"VBZ", "VBP"}

    def _likelihood(self, r: Reading) -> int | None:
        """The word that makes a rate or chance of it: the odds of being hit, people killed every year."""
        p, g = self.parse, self.grammar
        at = r.holder
        for k in p.ancestors(at):
            if p.pos[k] == "NOUN" and (p.lemma[k] in g["likelihoods"] or p.lower[k] in g["likelihoods"]):
                return k
            if (
                p.tag[r.holder] == "VBG"
                and p.lower[at] in {"for", "to", "toward", "towards"}
                and (word := self._way(k, at)) is not None
            ):
                return word
            if p.dep[r.holder] == "pcomp" and p.lower[at] in {"on", "at"} and p.lemma[k] in g["aiming"]:
                return k  # focus on winning
            if p.dep[at] not in {"pcomp", "pobj", "prep", "acl", "auxpass", "compound"} or p.pos[k] in {"VERB", "AUX"}:
                break
            at = k
        for k in (*p.kids[r.holder], *p.kids[r.trigger]):
            if (
                p.lemma[k] in g["periods"]
                and any(p.lower[d] in {"every", "each", "a"} for d in p.kids[k])
                and p.dep[k] == "npadvmod"
            ):
                return k
            if p.lower[k] == "per" and p.objects(r.holder, "per"):
                return k
        return None

    def _way(self, governor: int, preposition: int) -> int | None:
        """The noun that makes an aim of what follows its preposition, also where the parser hangs that on the verb: hold sway on
        the path to winning, the case for him winning."""
        p = self.parse
        return next((k for k in (governor, preposition - 1) if p.pos[k] == "NOUN" and p.lemma[k] in self.grammar["ways"]), None)

    def _is_negated(self, r: Reading) -> bool:
        p, g = self.parse, self.grammar
        if r.trigger in self.reader.negated:
            return True
        if p.pos[r.holder] == "VERB":  # no president has been impeached and then ran
            shared = self.reader.arguments.subject_of(r.holder).heads
            if any(p.lower[k] in {"no", "neither"} for h in shared for k in p.kids[h]) and r.type != "REJECT":
                return True
        for at in dict.fromkeys((r.trigger, r.holder)):
            for k in p.kids[at]:
                if p.dep[k] in {"det", "neg", "nsubj", "nsubjpass"} and p.lower[k] in g["negations"] and r.type != "REJECT":
                    return True
                if p.dep[k] in {"dobj", "nsubj", "nsubjpass"} and any(p.lower[d] in {"no", "not", "neither"} for d in p.kids[k]):
                    return True
                if p.lower[k] == "longer" and any(p.lower[d] == "no" for d in p.kids[k]):
                    return True
            for k in (*p.kids[at], *(k for a in p.children(at, "aux") for k in p.kids[a])):  # by no means, at no time
                means = [o for o in p.children(k, "pobj") if p.lemma[o] in {"mean", "means", "time", "way", "circumstance"}]
                if p.dep[k] == "prep" and any(p.lower[d] == "no" for o in means for d in p.kids[o]):
                    return True
            if p.dep[at] == "advcl" and any(p.dep[k] == "mark" and p.lower[k] == "than" for k in p.kids[at]):
                return True  # more often than he has met her
            governor = p.head[at]
            if p.lower[governor] == "of" and p.dep[at] in {"pobj", "pcomp"}:
                governor = governor - 1 if p.lower[governor - 1] == "instead" else governor  # instead of criticizing him
            if p.dep[at] in {"pobj", "pcomp"} and p.lower[governor] in {"without", "instead", "than", "despite"}:
                return p.lower[governor] != "despite"
        return False

    def _governed(self, r: Reading) -> Judgement | None:
        """What the clauses above and the auxiliaries say."""
        p = self.parse
        at, first = r.holder, True
        path = [at, *p.ancestors(at)]
        if p.pos[at] == "NOUN" and p.dep[at] in {"nsubj", "nsubjpass"} and not self._is_definite(at):
            modal = next((k for k in p.children(p.head[at], "aux") if p.lower[k] in self.grammar["modal_possible"]), None)
            if modal is not None:
                return Judgement("possible", modal, 0.4)  # a meeting could help
        for step, i in enumerate(path):
            if p.lemma[i] in self.grammar["allegations"] and r.factuality is None and step and self._is_that_clause(path[step - 1]):
                return Judgement("alleged", i, 0.85)
            if p.pos[i] in {"VERB", "AUX"}:
                judgement = self._clause(i, path[step - 1] if step else None, first, r)
                if judgement is not None:
                    return judgement
                first = False
            if p.dep[i] not in _CLAUSAL:
                break
            if p.dep[i] == "advcl" and any(p.dep[k] in {"mark", "advmod"} and p.lower[k] in _CIRCUMSTANCE for k in p.kids[i]):
                break  # accused him of lying when he voted
        return Judgement("possible", None, 0.3) if self._is_asked(r.trigger) else None

    def _is_asked(self, i: int) -> bool:
        """Whether its sentence is a question, also where one that asks follows: "Has he resigned?" she wrote."""
        p = self.parse
        end = p.sentences[p.sentence[i]][1]
        for k in range(i + 1, min(end, i + LONGEST_QUESTION)):
            if p.lower[k] in _OPENING:
                return p.lower[end - 1] == "?"
            if p.lower[k] == "?":
                return k + 1 == end or p.lower[k + 1] in _CLOSING
        return False

    def _is_that_clause(self, verb: int) -> bool:
        p = self.parse
        return p.dep[verb] in {"acl", "relcl", "ccomp"} and any(p.dep[k] == "mark" and p.lower[k] == "that" for k in p.kids[verb])

    def _is_definite(self, noun: int) -> bool:
        p = self.parse
        return any(p.dep[k] == "poss" or p.lower[k] in {"the", "this", "that", "these", "those"} for k in p.kids[noun])

    def _clause(self, i: int, below: int | None, own: bool, r: Reading) -> Judgement | None:
        p, g = self.parse, self.grammar
        above = p.head[i]
        if own and p.dep[i] == "ccomp" and p.lower[above] == "had" and above < i and p.child(above, "nsubj") is None:
            return Judgement("possible", above, 0.3)  # had they won
        coordinated = below is not None and (
            p.dep[below] in {"conj", "xcomp"}
            or (p.dep[below] == "acomp" and p.child(below, "xcomp") == r.holder)  # may be eager to sign
            or (p.lemma[i] == "get" and p.tag[below] == "VBN")  # could have gotten it enacted
        )
        for k in p.kids[i]:
            low = p.lower[k]
            if p.dep[k] == "mark" and low in g["hypothetical"] and (own or coordinated or below is None or p.dep[below] != "advcl"):
                return Judgement("possible", k, 0.35)
            if low in _YET_TO_COME and p.dep[k] in {"mark", "advmod"} and (own or coordinated) and self._is_still_to_come(i, low):
                return Judgement("possible", k, 0.35)
            if p.dep[k] == "aux" and (own or coordinated):
                if low in g["modal_possible"] and not (low == "would" and r.factuality == "planned"):
                    return Judgement("possible", k, 0.4)
                if low in g["modal_obliged"]:
                    return Judgement("possible", k, 0.4)
        if not own and below is not None and p.lower[below] == "by" and any(p.lower[k] in g["modal_possible"] for k in p.kids[i]):
            return Judgement("possible", i, 0.4)  # by passing it Congress could
        if not own and below is not None:
            if any(p.dep[k] == "neg" for k in p.kids[i]) and p.dep[below] in _SCOPED and p.pos[r.holder] == "VERB":
                return Judgement("possible", i, 0.3)
            if p.dep[below] in {"ccomp", "xcomp", "dobj", "prep"} and r.factuality is None:
                presupposed = p.pos[r.holder] == "NOUN" and p.pos[below] in {"VERB", "AUX"}  # denied knowing of their attack
                if p.lemma[i] in g["denying"] and not presupposed:
                    return Judgement("denied", i, 0.8)
                if p.lemma[i] in g["alleging_verbs"]:
                    return Judgement("alleged", i, 0.8)
                if p.lemma[i] in g["foreseeing"]:
                    return Judgement("possible", i, 0.4)
                if r.type in _WRONGS and self._is_charged(i, r):
                    return Judgement("alleged", i, 0.85)
                if p.dep[below] == "xcomp" and p.lemma[i] in g["hearsay"] and p.child(i, "nsubjpass") is not None:
                    return Judgement("alleged", i, 0.85)
                if p.lemma[i] in g["possible_verbs"] and p.dep[below] in {"ccomp", "xcomp"}:
                    return Judgement("possible", i, 0.4)
        if own and any(
            p.dep[k] == "advcl" and any(p.dep[m] == "mark" and p.lower[m] in {"if", "unless"} for m in p.kids[k]) for k in p.kids[i]
        ):
            return Judgement("possible", None, 0.35)
        if (
            own
            and self._is_infinitive(i)
            and r.factuality is None
            and p.dep[i] in {"advcl", "acl", "xcomp", "ROOT", "relcl", "ccomp", "conj"}
        ):
            return Judgement("possible", None, 0.4)  # "to attack", "attack!"
        return None

    def _is_still_to_come(self, i: int, conjunction: str) -> bool:
        """ "Until they meet", "when they meet on Monday": not there yet, or whenever it is; in headlines "after" is past."""
        p = self.parse
        auxiliaries = p.children(i, "aux", "auxpass")
        main = p.head[i] if p.dep[i] == "advcl" else i
        if conjunction == "until" and any(p.lower[k] in {"will", "would", "'ll", "'d", "wo"} for k in p.children(main, "aux")):
            return True  # would not be shown until they agreed
        if any(p.lower[k] not in {"is", "are"} for k in auxiliaries):
            return False
        present = p.tag[i] in {"VBP", "VBZ"} or any(p.dep[k] == "auxpass" for k in auxiliaries)
        return present and (conjunction in {"before", "until", "once"} or p.sentence[i] > HEADLINES)

    def _is_charged(self, say: int, r: Reading) -> bool:
        """Whether those who bring charges say so, or their papers, or somebody insists; that another broke a law any may say."""
        p, g = self.parse, self.grammar
        who = p.children(say, "nsubj")
        charges = p.lemma[say] in g["contending"] or any(p.lemma[k] in g["accusers"] for k in who)
        return charges or (r.mode == "defy" and p.lemma[say] in g["say"] and any(p.pos[k] != "PRON" for k in who))

    def _is_infinitive(self, i: int) -> bool:
        """ "To attack", "attack!", "to be attacked"; not "to have attacked"."""
        p = self.parse
        auxiliaries = [p.lower[k] for k in p.kids[i] if p.dep[k] in {"aux", "auxpass"}]
        if p.tag[i] == "VB":
            return all(low == "to" for low in auxiliaries)
        return p.tag[i] == "VBN" and auxiliaries == ["to", "be"]
