"""From a Doc to event drafts: reads every predicate, assigns its participants, judges it, and merges mentions."""

from spacy.tokens import Doc

from processors.document import EventDraft
from processors.events.arguments import NOBODY, Argument, Arguments
from processors.events.confidence import confidence
from processors.events.context import Context
from processors.events.factuality import Judge, Judgement
from processors.events.lexicon import lexicon
from processors.events.merging import Mention, merge
from processors.events.nearby import BENEATH, FALLBACK
from processors.events.parse import Parse
from processors.events.reading import FAINT, PASSED_ON, WEAK, Reader, Reading
from processors.events.roles import Roles
from processors.events.senses import Senses
from processors.events.signs import Signs

DEFAULT_MIN_CONFIDENCE = 0.71
"""Below it events are not published by default."""

WHOLE = 0.58
"""Strength from which an event stands without the participant that it lacks."""

ANCHORED = 0.82
"""What an entry that only types is worth between two actors in reliable constructions."""
RELIABLE = 0.8
"""Reliability of a construction that anchors an entry."""
NO_SOURCE = 0.45
PASSIVE_NO_SOURCE = 0.75
NO_TARGET = 0.65
NOT_AN_ACTOR = 0.4
UNRESOLVED = 0.6
HIMSELF = 0.5
"""A person does it to himself, and so one of the two is somebody else."""
QUOTED = 0.85
"""Inside a quotation: rhetoric more often than report."""
UNTYPED = 0.03
THINGS_DO = frozenset({"DISASTER", "ACCIDENT", "HEALTH"})
"""Types whose source need not be an actor."""
_REFERRING = frozenset({"the", "this", "that", "these", "those"})


def code(doc: Doc) -> list[EventDraft]:
    """All events of `doc`, in text order; offsets are code points of `doc.text`."""
    lex = lexicon()
    parse = Parse(doc, lex)
    context = Context(doc, parse)
    parse.skipped = context.skipped
    arguments = Arguments(parse, lex, context.skipped)
    senses = Senses(parse, lex)
    reader = Reader(parse, lex, arguments, senses)
    return _Coder(parse, context, arguments, senses, reader).code()


def _rank(mention: Mention) -> tuple[int, bool, float]:
    """Of two readings of one trigger the one under more operators holds, then the one with a subject."""
    return len(mention.draft.operators), mention.lent, mention.draft.confidence


class _Coder:
    def __init__(self, parse: Parse, context: Context, arguments: Arguments, senses: Senses, reader: Reader) -> None:
        self.parse = parse
        self.context = context
        self.arguments = arguments
        self.senses = senses
        self.reader = reader
        self.lexicon = lexicon()
        self.roles = Roles(parse, self.lexicon, arguments, senses)
        self.judge = Judge(parse, self.lexicon, reader)
        self.signs = Signs(parse, senses, self.roles)

    def code(self) -> list[EventDraft]:
        predicates = [i for i in range(len(self.parse.lower)) if self._may_denote(i)]
        readings = {i: self.reader.read(i) for i in predicates}
        best: dict[int, Mention] = {}
        covered: set[int] = set()
        for i, reading in readings.items():
            if reading is None or i in self.context.skipped:
                continue
            mention = self._mention(reading)
            if mention is None:
                continue
            covered |= {reading.trigger, reading.holder}
            before = best.get(reading.trigger)
            if before is None or _rank(before) < _rank(mention):
                best[reading.trigger] = mention
        for i in predicates:
            if i not in covered and i not in best and i not in self.reader.negated and i not in self.context.skipped:
                untyped = self._untyped(i)
                if untyped is not None:
                    best[i] = untyped
        return merge([best[i] for i in sorted(best)], lambda draft: draft.trigger[0])

    def _may_denote(self, i: int) -> bool:
        p = self.parse
        if p.pos[i] == "VERB" or (p.pos[i] == "AUX" and p.dep[i] not in {"aux", "auxpass"}):
            return p.dep[i] not in {"aux", "auxpass"}
        if p.pos[i] == "NOUN":
            return p.lemma[i] in self.lexicon.known or p.lower[i] in self.lexicon.known or p.lemma[i] in self.lexicon.event_nouns
        return False

    def _mention(self, r: Reading) -> Mention | None:
        judgement = self.judge.judge(r)
        if judgement is None:
            return None
        source, target = self.roles.assign(r)
        if self.context.is_quoted(r.trigger):
            judgement.weight *= QUOTED
        strength = self._strength(r, source, target) * judgement.weight
        sure_source = NOBODY if source.reliability <= FALLBACK else source
        sure_target = NOBODY if target.reliability <= BENEATH else target
        if sure_source is not source or sure_target is not target:
            without = self._strength(r, sure_source, sure_target) * judgement.weight
            if without >= WHOLE:  # whole without the one who merely stands near
                target = target if target.reliability > FALLBACK else NOBODY
                source, strength = sure_source, max(strength, without)
        mention = self._draft(
            r.type, None if r.type == "OTHER" else r.mode or None, r.trigger, r.holder,
            [*r.operators, r.base] if r.operators else [], source, target, judgement, strength,
            r,
        )  # fmt: skip
        mention.lent = bool(source) and r.holder != r.trigger and r.reliability > PASSED_ON
        return mention

    def _strength(self, r: Reading, source: Argument, target: Argument) -> float:
        """The entry's reliability times those of its participants' constructions; what is missing or unclear costs."""
        value = r.reliability if r.type != "OTHER" else UNTYPED
        if self._is_one_person(source, target):
            value *= HIMSELF
        pair = self._is_pair(r, source)
        sure = min(source.reliability, 1.0 if pair else target.reliability) >= RELIABLE
        types_pairs = self.lexicon.types[r.base or r.type].plover or self.parse.pos[r.trigger] == "VERB"
        if FAINT < value <= WEAK and types_pairs and sure and self._are_actors(source) and self._are_actors(target):
            value = ANCHORED
        if source:
            value *= source.reliability
            if not self._are_actors(source) and r.type not in THINGS_DO:
                value *= NOT_AN_ACTOR
        elif self.parse.pos[r.holder] == "VERB" and self.arguments.is_passive(r.holder):
            value *= PASSIVE_NO_SOURCE
        else:
            value *= NO_SOURCE
        if target:
            value *= target.reliability
        elif self._needs_target(r) and not pair:
            value *= NO_TARGET
        return value * (1.0 if self._are_resolved(source) and self._are_resolved(target) else UNRESOLVED)

    def _is_one_person(self, source: Argument, target: Argument) -> bool:
        """Whether one person, and nobody else, is on both sides."""
        who = [[(a.name, a.kind) for h in side.heads for a in self.senses.actors(h)] for side in (source, target)]
        return len(who[0]) == 1 and who[0][0][1] == "person" and who[0] == who[1]

    def _needs_target(self, r: Reading) -> bool:
        return self.lexicon.types[r.type].needs_target and r.mode not in {"mediate"}

    def _is_pair(self, r: Reading, source: Argument) -> bool:
        """Whether the sources do it with one another: "their meeting", where "their" is known to be two."""
        if r.entry is None or not r.entry.mutual:
            return False
        plural = any(self.parse.lower[h] in {"they", "their", "both"} for h in source.heads)
        return plural or sum(len(self.senses.actors(h)) for h in source.heads) > 1

    def _are_resolved(self, argument: Argument) -> bool:
        """Whether no head is a pronoun of which nobody knows whom it stands for."""
        p = self.parse
        return not any(
            p.pos[h] == "PRON" and p.lower[h] != "those" and all(a.name.lower() == p.lower[h] for a in self.senses.actors(h))
            for h in argument.heads
        )

    def _are_actors(self, argument: Argument) -> bool:
        return all(self.roles.candidates.is_actor(h) for h in argument.heads)

    def _untyped(self, i: int) -> Mention | None:
        """An event that no entry types, where it has participants."""
        p = self.parse
        if p.pos[i] == "NOUN":
            source, target = self.arguments.of_noun(i)
        else:
            if p.lemma[i] in self.lexicon.grammar["uneventful"] or p.pos[i] == "AUX" or p.child(i, "neg") is not None:
                return None
            source, target = self.arguments.agent(i), self.arguments.patient(i)
        if not source and not target:
            return None
        share = max(source.reliability, target.reliability)
        return self._draft("OTHER", None, i, i, [], source, target, Judgement("actual"), UNTYPED * share, None)

    def _draft(
        self, type_: str, mode: str | None, trigger: int, holder: int, operators: list[str],
        source: Argument, target: Argument, judgement: Judgement, strength: float, reading: Reading | None,
    ) -> Mention:  # fmt: skip
        p = self.parse
        piece = p.start[trigger], p.end[trigger]
        phrases = [[p.phrase(h) for h in argument.heads] for argument in (source, target)]
        heads = {*source.heads, *target.heads}
        today = judgement.value == "actual" and p.sentence[trigger] < 5
        place, time = self.context.place(trigger, holder, heads, today), self.context.time(trigger, holder)
        placed = place is not None and place != self.context.dateline
        signs = [] if reading is None else self.signs.of(reading, source, target, time is not None, placed)
        draft = EventDraft(
            type=type_,
            mode=mode,
            trigger=piece,
            factuality=judgement.value,
            mentions=[piece],
            operators=operators,
            source=phrases[0],
            target=phrases[1],
            place=place,
            time=time,
            factuality_cue=(p.start[judgement.cue], p.end[judgement.cue]) if judgement.cue is not None else None,
            claim=self.context.claim(trigger),
            confidence=round(confidence(strength, signs) if signs else strength, 3),
            evidence=[("strength", round(strength, 3)), *((name, 1.0) for name in signs)],
        )
        definite = p.pos[trigger] == "NOUN" and any(p.lower[k] in _REFERRING or p.dep[k] == "poss" for k in p.kids[trigger])
        nobody: frozenset[str] = frozenset()
        if type_ == "OTHER":  # never merged
            return Mention(draft, nobody, nobody, definite)
        here = draft.place[1] if draft.place is not None and placed else None
        where = None if here is None else (here.country or "", here.admin1 or "", here.name)
        return Mention(draft, self._names(source), self._names(target), definite, where)

    def _names(self, argument: Argument) -> frozenset[str]:
        """The canonical names of an argument's actors."""
        return frozenset(actor.name.lower() for h in argument.heads for actor in self.senses.actors(h))
