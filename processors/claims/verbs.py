"""Verbs as cues: every frame that a verb of the lexicon could head at its place in the parse."""

from collections.abc import Iterator
from typing import Protocol

from processors.claims.candidate import MARKS, Candidate, adverbial, clause_start, extent, hung_clause, words
from processors.claims.lexicon import Lexicon, Verb
from processors.claims.parse import VERBAL, Parse
from processors.claims.phrases import Range, noun_phrase, subject, verb_group

_LONGEST_HOLE = 24
"""Words of a speaker and a cue that stand within what is said."""
_LONGEST_HELD = 120
_CLAUSES = frozenset({"ccomp", "parataxis"})
_SEEMING = frozenset({"xcomp", "ccomp", "oprd", "acomp", "attr"})
_SAYING = frozenset({"saying", "stating", "adding", "noting", "arguing"})
_STOPS = frozenset({".", "?", "!", ";"})
_PARTS = _STOPS | {","}
_NOT_SAID = frozenset({"ADP", "PART", "SCONJ", "ADV", "CCONJ"})
"""What follows a verb of speech and is not what was said, where the parser sees no clause."""


class Make(Protocol):
    """Makes a candidate of the verb at hand."""

    def __call__(self, frame: str, content: list[Range], cue: Range = ..., addressee: int | None = ...) -> Candidate: ...


def verb_candidates(p: Parse, v: int, verb: Verb, lexicon: Lexicon) -> Iterator[Candidate]:
    """The readings of the verb at token `v`, best first."""
    if verb.lemma == "ask" and p.lower[v] == "asked" and p.sentence(v)[0] >= v - 1 and p.child(v, "nsubj") is None:
        return _asked(p, v, verb)
    if p.child(v, "auxpass") is not None or (p.tags[v] == "VBN" and p.deps[v] in {"acl", "advcl"}):
        return _passive(p, v, verb)
    return _active(p, v, verb, lexicon)


def _active(p: Parse, v: int, verb: Verb, lexicon: Lexicon) -> Iterator[Candidate]:
    cue = verb_group(p, v)
    head = p.heads[v]
    above = lexicon.verbs.get(p.lower[head])
    light = p.deps[v] == "xcomp" and p.pos[head] in VERBAL and 0 < v - head <= 3 and p.child(head, "dobj") is None
    light = light and (above is None or "infinitive" not in above.frames)
    if light:  # "went on to say", "continued to insist"
        cue = (verb_group(p, head)[0], cue[1])
    speaker = subject(p, v)
    source = None if speaker is None else noun_phrase(p, speaker, v)
    if source is not None and source[0] <= v < source[1]:
        source = speaker = None
    if "appearance" in verb.frames:
        yield from _appearance(p, v, verb, cue, source)
        return

    def candidate(frame: str, content: list[Range], cue: Range = cue, addressee: int | None = None) -> Candidate:
        heard = None if addressee is None else noun_phrase(p, addressee)
        if content and frame in {"clause", "infinitive", "predicate", "as"} and (fronted := _fronted(p, v, source)) is not None:
            content = [fronted, *content]
        return Candidate(v, frame, verb, cue, source, speaker, content, heard)

    after = max(cue[1], source[1] if source is not None and source[0] > v else 0)
    rights = [c for c in p.rights(v) if c >= cue[1]]
    objects = [c for c in rights if p.deps[c] in {"dobj", "dative"} and c != speaker]
    if "told" in verb.frames and objects:
        for c in rights:
            if c > objects[0] and p.deps[c] in _CLAUSES:
                yield candidate("told", words(p, max(clause_start(p, c), objects[0] + 1), extent(p, v, c)), addressee=objects[0])
        for c in p.rights(objects[0]):  # the parser hangs "that …" on the noun
            if p.deps[c] in {"relcl", "acl", "ccomp"} and p.lower[clause_start(p, c)] in MARKS | {"how", "what", "why"}:
                yield candidate("told", words(p, clause_start(p, c), max(extent(p, v, c), p.right[c])), addressee=objects[0])
        yield candidate("told_quote", [], (cue[0], cue[1]), addressee=objects[0])
    for c in rights:
        if p.deps[c] in _CLAUSES and c != speaker and not adverbial(p, c):
            start = clause_start(p, c)
            if objects and objects[0] < c and p.lower[start] not in MARKS and "told" not in verb.frames:
                start = p.left[objects[0]]  # the parser takes the clause's subject for the verb's object
            yield candidate("clause", words(p, max(start, after), max(extent(p, v, max(p.left[c], after)), p.right[c])))
        elif p.deps[c] in {"prep", "npadvmod", "advmod"} and (hung := hung_clause(p, c)) is not None:
            yield candidate("clause", words(p, hung, extent(p, v, hung)))
    for c in p.lefts(v):
        if p.deps[c] in _CLAUSES:
            stop = min(cue[0], source[0] if source is not None and source[0] > c else cue[0])
            if p.words[stop - 1] == ":":  # Roles changed: Sol demands …
                continue
            yield candidate("clause_before", words(p, p.left[v], stop))
    for c in rights:
        if p.deps[c] == "xcomp":
            start = max(p.left[c], cue[1])
            inner = p.child(c, "nsubj")
            earlier = [o for o in objects if o < c]
            if inner is not None and inner < c:
                earlier = [inner]
            if earlier:
                heard = bool({"told_infinitive", "urged_infinitive"} & verb.frames)
                content = words(p, max(p.left[earlier[0]], cue[1]), extent(p, v, c))
                if "told_infinitive" in verb.frames:
                    content = words(p, max(p.left[c], p.right[earlier[0]], cue[1]), extent(p, v, c))
                yield candidate("object_infinitive", content, addressee=earlier[0] if heard else None)
            elif p.tags[c] == "VB":
                yield candidate("infinitive", words(p, start, extent(p, v, c)))
            else:
                yield candidate("object", words(p, start, extent(p, v, c)))
    if "predicate" in verb.frames and len(objects) > 1:  # branded Sol a "plotter"
        yield candidate("predicate", words(p, max(p.left[objects[0]], cue[1]), extent(p, v, objects[0])))
    yield from _prepositional(p, v, verb, cue, rights, candidate)
    for o in objects:
        if p.deps[o] == "dobj":
            yield from _with_object(p, v, verb, cue, o, rights, candidate)
    for c in rights:
        if p.deps[c] in {"oprd", "acomp", "attr"}:
            yield candidate("predicate", words(p, max(p.left[c], cue[1]), extent(p, v, c)))
    for fixed in verb.fixed:
        end = cue[1] + len(fixed)
        if tuple(p.lower[cue[1] : end]) == fixed:
            yield from _fixed(p, v, (cue[0], end), candidate)
    if p.deps[v] == "advcl" and p.lower[p.left[v]] == "as" and {"clause", "quote"} <= verb.frames and source is not None:
        begin, stop = p.sentence(v)
        if p.left[v] - begin <= 2 and p.words[min(p.right[v], stop - 1)] == ",":
            yield candidate("clause_before", words(p, p.right[v] + 1, stop))  # As Sol said on Monday, …
    if "clause" in verb.frames:
        yield from _parenthetical(p, v, cue, source, candidate, quotes="quote" in verb.frames)
    finite = (p.tags[v] in {"VBD", "VBZ", "VBP"} and {"clause", "quote"} <= verb.frames) or p.lower[v] in _SAYING
    if finite and not objects and (rest := words(p, after, p.sentence(v)[1])) and p.pos[rest[0][0]] not in _NOT_SAID:
        yield candidate("rest", rest)
    yield candidate("bare", [])


def _fronted(p: Parse, v: int, source: Range | None) -> Range | None:
    """The pronoun of "which, he said, …", "that they hope to pass": it belongs to what is said."""
    if source is None or source[0] > v or source[0] == 0:
        return None
    before = source[0] - 1
    if p.deps[v] != "relcl" and not (p.heads[before] == v and p.tags[before] in {"WP", "WDT"}):
        return None
    return (before, before + 1) if p.tags[before] in {"WDT", "WP", "WRB"} else None


def _parenthetical(p: Parse, v: int, cue: Range, source: Range | None, candidate: Make, *, quotes: bool) -> Iterator[Candidate]:
    """Many of them, he said, are closed: the sentence around the cue and its speaker is the content."""
    if source is None or p.tags[v] == "VBG":
        return
    hole = (source[0], cue[1]) if source[1] <= cue[0] else (cue[0], source[1])
    begin, stop = p.sentence(v)
    if hole[1] - hole[0] > _LONGEST_HOLE or hole[0] - begin < 2 or p.words[hole[0] - 1] != ",":
        return
    if hole[1] < stop and p.words[hole[1]] not in _PARTS and (not quotes or p.words[_adjuncts_end(p, v, hole[1])] not in _STOPS):
        return
    begin = next((i + 1 for i in range(hole[0] - 1, max(begin, hole[0] - _LONGEST_HELD), -1) if p.words[i] == ";"), begin)
    after = words(p, hole[1], stop) if hole[1] < stop and p.words[hole[1]] == "," else []
    yield candidate("parenthetical", words(p, begin, hole[0]) + after)


def _adjuncts_end(p: Parse, v: int, start: int) -> int:
    """Where the words end that say when and where it was said: the Post reported in 1991."""
    end = start
    for c in p.rights(v):
        if p.left[c] <= end <= c and p.deps[c] in {"prep", "npadvmod", "advmod"} and p.right[c] - start <= _LONGEST_HOLE:
            end = p.right[c]
    return min(end, len(p) - 1)


def _prepositional(p: Parse, v: int, verb: Verb, cue: Range, rights: list[int], candidate: Make) -> Iterator[Candidate]:
    for link in sorted(verb.prepositions, key=lambda link: (-len(link), link)):
        end = cue[1] + len(link)
        near = tuple(p.lower[cue[1] : end]) == link
        if not near and len(link) == 1:  # the particle is in the cue already: "pointed out"
            near, end = p.lower[cue[1] - 1] == link[0] and cue[1] - 1 > v, cue[1]
        if near:
            content = words(p, end, extent(p, v, end))
            if content:
                yield candidate("preposition", content, (cue[0], end))
                continue
        for c in rights:
            if len(link) == 1 and p.lower[c] == link[0] and p.deps[c] in {"prep", "agent", "prt"} and p.right[c] > c + 1:
                if all(p.pos[i] == "ADV" for i in range(cue[1], c)):  # "spoke candidly about"
                    yield candidate("preposition", words(p, c + 1, extent(p, v, c)), (cue[0], c + 1))
                else:
                    yield candidate("far_preposition", words(p, c, extent(p, v, c)))


def _with_object(p: Parse, v: int, verb: Verb, cue: Range, o: int, rights: list[int], candidate: Make) -> Iterator[Candidate]:
    content = words(p, max(p.left[o], cue[1]), extent(p, v, o))
    for c in rights:
        if c <= o:
            continue
        if p.deps[c] == "prep" and p.lower[c] == "as":
            yield candidate("as", content)
        elif p.deps[c] == "prep" and p.lower[c] in verb.object_prepositions:
            yield candidate("object_preposition", content)
        elif p.deps[c] in {"oprd", "acomp"}:
            yield candidate("predicate", content)
    if any(p.deps[c] == "prep" and p.lower[c] in verb.object_prepositions | {"as"} for c in p.rights(o)):
        yield candidate("object_preposition", content)
    yield candidate("object", words(p, max(p.left[o], cue[1]), _without_time(p, v, o)))


def _without_time(p: Parse, v: int, o: int) -> int:
    """Where an object and its complements end, before what says when, how or because of what the act was done."""
    end = p.right[o]
    for c in p.rights(v):
        if c <= o:
            continue
        inner = p.child(c, "pobj")
        timed = p.deps[c] == "prep" and (
            p.child(c, "pcomp") is not None or (inner is not None and p.entities[inner] in {"DATE", "TIME"})
        )
        if timed or p.deps[c] in {"advcl", "npadvmod", "advmod", "cc", "conj"}:
            break
        if p.deps[c] == "punct":
            if p.words[c] in {"-", "--", "—", "–", ";"}:
                break
            continue
        end = max(end, p.right[c])
    return end


def _fixed(p: Parse, v: int, cue: Range, candidate: Make) -> Iterator[Candidate]:
    end = extent(p, v, cue[1])
    if end <= cue[1]:
        yield candidate("fixed", [], cue)  # as Sol put it, "…"
    else:
        linked = p.lower[cue[1]] in {"about", "in", "for", "of", "over", "with", "at"}
        start = cue[1] + 1 if linked else cue[1]
        yield candidate("fixed", words(p, start, end), (cue[0], start))


def _appearance(p: Parse, v: int, verb: Verb, cue: Range, source: Range | None) -> Iterator[Candidate]:
    """The plan seems dead: nobody says it; what seems is content, before and after the cue."""
    for c in p.rights(v):
        if p.deps[c] in _SEEMING or (p.deps[c] == "prep" and p.lower[c] in {"like", "as"}):  # not: appeared in court
            before = [] if source is None or p.lower[source[0]] == "it" else [source]
            yield Candidate(v, "appearance", verb, cue, None, None, before + words(p, max(p.left[c], cue[1]), extent(p, v, c)))
            return


def _passive(p: Parse, v: int, verb: Verb) -> Iterator[Candidate]:
    """He is accused of fraud by them: the agent is the source; the subject and the complement are content."""
    cue = verb_group(p, v)
    agent = p.child(v, "agent")
    speaker = None if agent is None else p.child(agent, "pobj")
    source = None if speaker is None else noun_phrase(p, speaker)
    topic = p.child(v, "nsubjpass")
    content: list[Range] = []
    if topic is not None and p.lower[topic] not in {"it", "that", "which", "who"} and topic < cue[0]:
        content += words(p, p.left[topic], min(p.right[topic], cue[0]))
    frame = "passive"
    complements = [
        c for c in p.rights(v) if p.deps[c] in {"xcomp", "ccomp", "prep", "oprd", "dobj", "acomp", "attr"} and c >= cue[1]
    ]
    if complements:
        c = complements[0]
        frame += ":" + (p.lower[c] if p.deps[c] == "prep" else p.deps[c])
        content += words(p, max(p.left[c], cue[1]), max(p.right[x] for x in complements))
    if source is not None:
        frame = "passive_by"
        content = [piece for piece in content if not (piece[0] <= source[0] < piece[1])] or content[:1]
    if content:
        yield Candidate(v, frame, verb, cue, source, speaker, content, passive=True)


def _asked(p: Parse, i: int, verb: Verb) -> Iterator[Candidate]:
    """Asked whether he would go, …: nobody is named who asks; the question ends at the comma of the main clause."""
    stop = next((c for c in range(i + 2, p.sentence(i)[1]) if p.words[c] == "," and p.heads[c] != i), p.sentence(i)[1])
    end = min(max(p.right[i], i + 1), stop) if p.right[i] > i + 1 else stop
    start = i + 2 if p.lower[min(i + 1, len(p) - 1)] in {"about", "for"} else i + 1
    if content := words(p, start, end):
        yield Candidate(i, "passive_asked", verb, (i, start), None, None, content, passive=True)
