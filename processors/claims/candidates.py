"""Every place where the parse could hold an attribution: over-generated, for the gate to judge."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from processors.claims.lexicon import Lexicon, Verb
from processors.claims.parse import MAX_CLIMB, VERBAL, Parse
from processors.claims.phrases import Range, noun_phrase, subject, verb_group


@dataclass(slots=True)
class Candidate:
    """One reading of one word as a cue. Ranges count tokens."""

    anchor: int
    frame: str
    verb: Verb
    cue: Range
    source: Range | None
    speaker: int | None
    """The head of the source."""
    content: list[Range] = field(default_factory=list)
    addressee: Range | None = None
    passive: bool = False


class Make(Protocol):
    """Makes a candidate of the verb at hand."""

    def __call__(self, frame: str, content: list[Range], cue: Range = ..., addressee: int | None = ...) -> Candidate: ...


_ACCORDING = Verb("according", frames={"according"})
_LONGEST_HOLE = 24
"""Words of a speaker and a cue that stand within what is said."""
_NOUN_PREPOSITIONS = frozenset({"of", "for", "on", "to", "about", "against", "with", "over", "at"})
_CLAUSES = frozenset({"ccomp", "parataxis"})
_NOT_SAID = frozenset({"ADP", "PART", "SCONJ", "ADV", "CCONJ"})
"""What follows a verb of speech and is not what was said, where the parser sees no clause."""
_ADVERBIAL = frozenset({"as", "after", "before", "while", "because", "since", "although", "though", "until", "unless"})
_MARKS = frozenset({"that", "whether", "if"})


def candidates(p: Parse, lexicon: Lexicon) -> Iterator[Candidate]:
    """Candidates in text order; a verb gives one for each frame that it could head here, best first."""
    for i in range(len(p)):
        word = p.lower[i]
        if word == "according" and i + 1 < len(p) and p.lower[i + 1] == "to":
            yield from _according(p, i)
        elif word in lexicon.hedges["reported"]:
            yield from _reportedly(p, i, lexicon)
        elif word in lexicon.nouns and p.pos[i] == "NOUN":
            yield from _noun(p, i, lexicon)
        elif (verb := lexicon.verbs.get(word)) is not None and _verbal(p, i):
            if verb.lemma == "ask" and word == "asked" and p.sentence(i)[0] >= i - 1 and p.child(i, "nsubj") is None:
                yield from _asked(p, i, verb)
            elif p.child(i, "auxpass") is not None or (p.tags[i] == "VBN" and p.deps[i] in {"acl", "advcl"}):
                yield from _passive(p, i, verb)
            else:
                yield from _active(p, i, verb, lexicon)
        elif word in lexicon.adjectives and p.deps[i] in {"acomp", "conj"}:
            yield from _adjective(p, i, lexicon)


def _verbal(p: Parse, i: int) -> bool:
    """A verb, or what the tagger missed: a word that has a subject or is a sentence's root beside a noun."""
    if p.pos[i] in VERBAL:
        return p.deps[i] not in {"aux", "auxpass"} and p.tags[i] != "MD"
    return p.pos[i] in {"NOUN", "ADJ", "PROPN"} and p.child(i, "nsubj") is not None and p.deps[i] not in {"attr"}


def _extent(p: Parse, verb: int, start: int) -> int:
    """Where a content that begins at token `start` ends: past the verb's last adjunct, before a second verb joined to it."""
    end = start
    for c in p.rights(verb):
        if p.right[c] <= start:
            continue
        dep = p.deps[c]
        if dep in {"cc", "conj"}:
            break
        if dep == "punct":
            if p.words[c] in {"-", "--", "—", "–", ";"}:
                break
            continue
        if dep == "advcl" and p.tags[c] == "VBG" and p.words[p.left[c] - 1] == ",":
            break
        if dep not in {"nsubj", "csubj", "expl"}:
            end = max(end, p.right[c])
    return end


def _range(p: Parse, start: int, end: int) -> list[Range]:
    start, end = p.trim(start, end)
    return [(start, end)] if start < end else []


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
        return Candidate(v, frame, verb, cue, source, speaker, content, heard)

    after = max(cue[1], source[1] if source is not None and source[0] > v else 0)
    rights = [c for c in p.rights(v) if c >= cue[1]]
    objects = [c for c in rights if p.deps[c] in {"dobj", "dative"} and c != speaker]
    if "told" in verb.frames and objects:
        for c in rights:
            if c > objects[0] and p.deps[c] in _CLAUSES:
                yield candidate("told", _range(p, max(_clause_start(p, c), objects[0] + 1), _extent(p, v, c)), addressee=objects[0])
        for c in p.rights(objects[0]):  # the parser hangs "that …" on the noun
            if p.deps[c] in {"relcl", "acl", "ccomp"} and p.lower[_clause_start(p, c)] in _MARKS | {"how", "what", "why"}:
                yield candidate("told", _range(p, _clause_start(p, c), max(_extent(p, v, c), p.right[c])), addressee=objects[0])
        yield candidate("told_quote", [], (cue[0], cue[1]), addressee=objects[0])
    for c in rights:
        if p.deps[c] in _CLAUSES and c != speaker and not _adverbial(p, c):
            start = _clause_start(p, c)
            if objects and objects[0] < c and p.lower[start] not in _MARKS and "told" not in verb.frames:
                start = p.left[objects[0]]  # the parser takes the clause's subject for the verb's object
            yield candidate("clause", _range(p, max(start, after), max(_extent(p, v, max(p.left[c], after)), p.right[c])))
        elif p.deps[c] in {"prep", "npadvmod", "advmod"} and (hung := _hung_clause(p, c)) is not None:
            yield candidate("clause", _range(p, hung, _extent(p, v, hung)))
    for c in p.lefts(v):
        if p.deps[c] in _CLAUSES:
            stop = min(cue[0], source[0] if source is not None and source[0] > c else cue[0])
            yield candidate("clause_before", _range(p, p.left[v], stop))
    for c in rights:
        if p.deps[c] == "xcomp":
            start = max(p.left[c], cue[1])
            inner = p.child(c, "nsubj")
            earlier = [o for o in objects if o < c]
            if inner is not None and inner < c:
                earlier = [inner]
            if earlier:
                heard = bool({"told_infinitive", "urged_infinitive"} & verb.frames)
                content = _range(p, max(p.left[earlier[0]], cue[1]), _extent(p, v, c))
                if "told_infinitive" in verb.frames:
                    content = _range(p, max(p.left[c], p.right[earlier[0]], cue[1]), _extent(p, v, c))
                yield candidate("object_infinitive", content, addressee=earlier[0] if heard else None)
            elif p.tags[c] == "VB":
                yield candidate("infinitive", _range(p, start, _extent(p, v, c)))
            else:
                yield candidate("object", _range(p, start, _extent(p, v, c)))
    yield from _prepositional(p, v, verb, cue, rights, candidate)
    for o in objects:
        if p.deps[o] == "dobj":
            yield from _with_object(p, v, verb, cue, o, rights, candidate)
    for c in rights:
        if p.deps[c] in {"oprd", "acomp", "attr"}:
            yield candidate("predicate", _range(p, max(p.left[c], cue[1]), _extent(p, v, c)))
    for words in verb.fixed:
        end = cue[1] + len(words)
        if tuple(p.lower[cue[1] : end]) == words:
            yield from _fixed(p, v, (cue[0], end), candidate)
    if "clause" in verb.frames:
        yield from _parenthetical(p, v, cue, source, candidate)
    finite = p.tags[v] in {"VBD", "VBZ", "VBP"} and {"clause", "quote"} <= verb.frames
    if finite and not objects and (rest := _range(p, after, p.sentence(v)[1])) and p.pos[rest[0][0]] not in _NOT_SAID:
        yield candidate("rest", rest)
    yield candidate("bare", [])


def _adverbial(p: Parse, clause: int) -> bool:
    """A clause of time or reason that the parser takes for a complement: he said as some booed."""
    first = p.left[clause]
    if p.lower[first] == "when":  # "he did not say when it opens" is a complement, "he said when asked" is not
        return p.child(clause, "nsubj", "nsubjpass") is None
    return p.heads[first] == clause and p.deps[first] in {"mark", "advmod"} and p.lower[first] in _ADVERBIAL


def _hung_clause(p: Parse, adjunct: int) -> int | None:
    """Where "that …" begins which the parser hung on a noun before it: stressed during the talks that Russia was open."""
    for _ in range(MAX_CLIMB):
        for c in p.rights(adjunct):
            if p.deps[c] in {"relcl", "acl", "ccomp"} and p.lower[p.left[c]] == "that":
                topic = p.child(c, "nsubj", "nsubjpass", "expl")
                return p.left[c] if topic is not None and topic > p.left[c] else None
        last = [c for c in p.rights(adjunct) if p.deps[c] in {"pobj", "prep"}]
        if not last:
            return None
        adjunct = last[-1]
    return None


def _clause_start(p: Parse, clause: int) -> int:
    """The clause's conjunction where it has one, else its first word."""
    for c in p.lefts(clause):
        if p.deps[c] == "mark" and p.lower[c] in _MARKS:
            return c
    return p.left[clause]


def _parenthetical(p: Parse, v: int, cue: Range, source: Range | None, candidate: Make) -> Iterator[Candidate]:
    """Many of them, he said, are closed: the sentence around the cue and its speaker is the content."""
    if source is None or p.tags[v] == "VBG":
        return
    hole = (source[0], cue[1]) if source[1] <= cue[0] else (cue[0], source[1])
    begin, stop = p.sentence(v)
    if hole[1] - hole[0] > _LONGEST_HOLE or hole[0] - begin < 2 or p.words[hole[0] - 1] != ",":
        return
    if hole[1] < stop and p.words[hole[1]] not in {",", ".", "?", "!", ";"}:
        return
    after = _range(p, hole[1], stop) if hole[1] < stop and p.words[hole[1]] == "," else []
    yield candidate("parenthetical", _range(p, begin, hole[0]) + after)


def _prepositional(p: Parse, v: int, verb: Verb, cue: Range, rights: list[int], candidate: Make) -> Iterator[Candidate]:
    for words in sorted(verb.prepositions, key=lambda words: (-len(words), words)):
        end = cue[1] + len(words)
        near = tuple(p.lower[cue[1] : end]) == words
        if not near and len(words) == 1:  # the particle is in the cue already: "pointed out"
            near, end = p.lower[cue[1] - 1] == words[0] and cue[1] - 1 > v, cue[1]
        if near:
            content = _range(p, end, _extent(p, v, end))
            if content:
                yield candidate("preposition", content, (cue[0], end))
                continue
        for c in rights:
            if len(words) == 1 and p.lower[c] == words[0] and p.deps[c] in {"prep", "agent", "prt"} and p.right[c] > c + 1:
                if all(p.pos[i] == "ADV" for i in range(cue[1], c)):  # "spoke candidly about"
                    yield candidate("preposition", _range(p, c + 1, _extent(p, v, c)), (cue[0], c + 1))
                else:
                    yield candidate("far_preposition", _range(p, c, _extent(p, v, c)))


def _with_object(p: Parse, v: int, verb: Verb, cue: Range, o: int, rights: list[int], candidate: Make) -> Iterator[Candidate]:
    content = _range(p, max(p.left[o], cue[1]), _extent(p, v, o))
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
    yield candidate("object", content)


def _fixed(p: Parse, v: int, cue: Range, candidate: Make) -> Iterator[Candidate]:
    end = _extent(p, v, cue[1])
    if end > cue[1]:
        linked = p.lower[cue[1]] in {"about", "in", "for", "of", "over", "with", "at"}
        start = cue[1] + 1 if linked else cue[1]
        yield candidate("fixed", _range(p, start, end), (cue[0], start))


def _appearance(p: Parse, v: int, verb: Verb, cue: Range, source: Range | None) -> Iterator[Candidate]:
    """The plan seems dead: nobody says it; what seems is content, before and after the cue."""
    for c in p.rights(v):
        if p.deps[c] in {"xcomp", "ccomp", "oprd", "acomp", "prep", "attr"}:
            before = [] if source is None or p.lower[source[0]] == "it" else [source]
            yield Candidate(v, "appearance", verb, cue, None, None, before + _range(p, max(p.left[c], cue[1]), _extent(p, v, c)))
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
        content += _range(p, p.left[topic], min(p.right[topic], cue[0]))
    frame = "passive"
    complements = [
        c for c in p.rights(v) if p.deps[c] in {"xcomp", "ccomp", "prep", "oprd", "dobj", "acomp", "attr"} and c >= cue[1]
    ]
    if complements:
        c = complements[0]
        frame += ":" + (p.lower[c] if p.deps[c] == "prep" else p.deps[c])
        content += _range(p, max(p.left[c], cue[1]), max(p.right[x] for x in complements))
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
    if content := _range(p, start, end):
        yield Candidate(i, "passive_asked", verb, (i, start), None, None, content, passive=True)


def _according(p: Parse, i: int) -> Iterator[Candidate]:
    begin, stop = p.sentence(i)
    to = i + 1
    speaker = p.child(to, "pobj") if to < len(p) else None
    if speaker is None:
        speaker = next(
            (c for c in range(to + 1, min(to + 12, stop)) if p.pos[c] in {"NOUN", "PROPN", "PRON"} and p.right[c] > c), None
        )
    if speaker is None:
        return
    source = p.trim(to + 1, max(min(p.right[speaker], stop), speaker + 1))
    content = _range(p, begin, i)
    if i - begin <= 2:
        content = _range(p, source[1], stop)
    if content:
        yield Candidate(i, "according", _ACCORDING, (i, to + 1), source, speaker, content)


def _reportedly(p: Parse, i: int, lexicon: Lexicon) -> Iterator[Candidate]:
    head = p.heads[i]
    content = _range(p, p.left[head], i) + _range(p, i + 1, p.right[head])
    if content:
        yield Candidate(i, "reportedly", Verb(p.lower[i], frames={"reportedly"}), (i, i + 1), None, None, content)


def _noun(p: Parse, i: int, lexicon: Lexicon) -> Iterator[Candidate]:
    """His criticism of the plan; the claim by officials that …: whose noun it is, is the source."""
    noun = lexicon.nouns[p.lower[i]]
    owner = p.child(i, "poss")
    rights = [c for c in p.rights(i) if c > i]
    for c in rights:
        if owner is None and p.deps[c] == "prep" and p.lower[c] in {"by", "from", "among"}:
            owner = p.child(c, "pobj")
    if owner is None:
        return
    source = (p.left[owner], p.right[owner]) if owner < i else noun_phrase(p, owner)
    start = i
    while start - 1 > owner and p.deps[start - 1] in {"amod", "compound"} and p.heads[start - 1] == i:
        start -= 1
    for c in rights:
        if p.deps[c] == "prep" and p.lower[c] in _NOUN_PREPOSITIONS and "preposition" in noun.frames and p.right[c] > c + 1:
            near = c == i + 1
            content = _range(p, c + 1 if near else c, p.right[c])
            yield Candidate(i, "noun", noun, (start, c + 1 if near else i + 1), source, owner, content)
            continue
        clause = p.deps[c] in {"acl", "ccomp"} and p.lower[p.left[c]] == "that" and "clause" in noun.frames
        if clause or (p.deps[c] in {"acl", "xcomp"} and p.lower[p.left[c]] == "to" and "infinitive" in noun.frames):
            yield Candidate(i, "noun", noun, (start, i + 1), source, owner, _range(p, p.left[c], p.right[c]))


def _adjective(p: Parse, i: int, lexicon: Lexicon) -> Iterator[Candidate]:
    """He is confident that …, eager to …"""
    adjective, copula = lexicon.adjectives[p.lower[i]], p.heads[i]
    speaker = p.child(copula, "nsubj")
    if speaker is None or speaker > copula:
        return
    cue = (verb_group(p, copula)[0], i + 1)
    for c in p.rights(i):
        clause = p.deps[c] == "ccomp" and "clause" in adjective.frames
        if clause or (p.deps[c] == "xcomp" and "infinitive" in adjective.frames):
            content = _range(p, max(p.left[c], cue[1]), p.right[c])
            yield Candidate(i, "adjective", adjective, cue, noun_phrase(p, speaker, copula), speaker, content)
