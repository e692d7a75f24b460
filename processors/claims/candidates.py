"""Every place where the parse could hold an attribution: over-generated, for the gate to judge."""

from collections.abc import Iterator

from processors.claims.candidate import OPENERS, Candidate, words
from processors.claims.lexicon import Lexicon, Verb
from processors.claims.parse import VERBAL, Parse
from processors.claims.phrases import noun_phrase, verb_group
from processors.claims.verbs import verb_candidates

_ACCORDING = Verb("according", frames={"according"})
_LONGEST_COPULA = 5
_LONGEST_SUBJECT = 30
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NOUN_PREPOSITIONS = frozenset({"of", "for", "on", "to", "about", "against", "over"})


def candidates(p: Parse, lexicon: Lexicon) -> Iterator[Candidate]:
    """Candidates in text order; a verb gives one for each frame that it could head here, best first."""
    for i in range(len(p)):
        word = p.lower[i]
        if word == "according" and i + 1 < len(p) and p.lower[i + 1] == "to":
            yield from _according(p, i)
        elif word in lexicon.hedges["reported"]:
            yield from _reportedly(p, i, lexicon)
        elif word in lexicon.stances and p.deps[i] == "attr":
            yield from _stance(p, i)
        elif word in lexicon.nouns and p.pos[i] == "NOUN":
            yield from _noun(p, i, lexicon)
        elif (verb := lexicon.verbs.get(word)) is not None and _verbal(p, i):
            yield from verb_candidates(p, i, verb, lexicon)
        elif word in lexicon.adjectives and p.deps[i] in {"acomp", "conj"}:
            yield from _adjective(p, i, lexicon)


def _verbal(p: Parse, i: int) -> bool:
    """A verb, or what the tagger missed: a word that has a subject or is a sentence's root beside a noun."""
    if p.pos[i] in VERBAL:
        return p.deps[i] not in {"aux", "auxpass"} and p.tags[i] != "MD"
    if p.sentence(i)[0] == i and p.lower[i].endswith(("ed", "said")) and p.pos[min(i + 1, len(p) - 1)] == "PROPN":
        return True  # Stated Sol: "…"
    return p.pos[i] in {"NOUN", "ADJ", "PROPN"} and p.child(i, "nsubj") is not None and p.deps[i] not in {"attr"}


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
    if i - begin <= 2:
        content = words(p, source[1], stop)
        comma = next((c for c in range(to + 2, source[1]) if p.words[c] == ","), None)
        if comma is not None and (not content or p.pos[content[0][0]] in VERBAL):  # the parser joins the speaker and the clause
            source, content = (to + 1, comma), words(p, comma, stop)
    else:
        while begin < i and (p.lower[begin] in OPENERS or p.words[begin] in {",", '"', "(", " "}):
            begin += 1
        content = words(p, begin, i)
        split = source[1] < stop and p.words[source[1]] == "," and not any(p.tags[c] in _FINITE for c in range(begin, i))
        if split and i - begin <= _LONGEST_SUBJECT:  # The offer, according to the paper, came by post
            content += words(p, source[1], stop)
    if content:
        yield Candidate(i, "according", _ACCORDING, (i, to + 1), source, speaker, content)


def _reportedly(p: Parse, i: int, lexicon: Lexicon) -> Iterator[Candidate]:
    head = p.heads[i]
    content = words(p, p.left[head], i) + words(p, i + 1, p.right[head])
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
    source = p.trim(p.left[owner], p.right[owner]) if owner < i else noun_phrase(p, owner)
    start = i
    while start - 1 > owner and p.deps[start - 1] in {"amod", "compound"} and p.heads[start - 1] == i:
        start -= 1
    for c in rights:
        if p.deps[c] == "prep" and p.lower[c] in _NOUN_PREPOSITIONS and "preposition" in noun.frames and p.right[c] > c + 1:
            about = p.child(c, "pobj")
            if about is not None and p.entities[about] in {"DATE", "TIME"}:  # his remarks on Tuesday
                continue
            near = c == i + 1
            content = words(p, c + 1 if near else c, p.right[c])
            yield Candidate(i, "noun", noun, (start, c + 1 if near else i + 1), source, owner, content)
            continue
        clause = p.deps[c] in {"acl", "ccomp"} and p.lower[p.left[c]] == "that" and "clause" in noun.frames
        if clause or (p.deps[c] in {"acl", "xcomp"} and p.lower[p.left[c]] == "to" and "infinitive" in noun.frames):
            yield Candidate(i, "noun", noun, (start, i + 1), source, owner, words(p, p.left[c], p.right[c]))


def _stance(p: Parse, i: int) -> Iterator[Candidate]:
    """He is a fierce critic of the plan."""
    copula = p.heads[i]
    speaker = p.child(copula, "nsubj")
    if speaker is None or speaker > copula or i + 2 > len(p) or p.lower[i + 1] != "of" or p.right[i + 1] <= i + 2:
        return
    cue = (verb_group(p, copula)[0], i + 2)
    stance = Verb(p.lower[i], "belief", {"preposition"})
    yield Candidate(i, "adjective", stance, cue, noun_phrase(p, speaker, copula), speaker, words(p, i + 2, p.right[i + 1]))


def _adjective(p: Parse, i: int, lexicon: Lexicon) -> Iterator[Candidate]:
    """He is confident that …, eager to …"""
    adjective, copula = lexicon.adjectives[p.lower[i]], p.heads[i]
    speaker = p.child(copula, "nsubj")
    if speaker is None or speaker > copula:
        return
    cue = (verb_group(p, copula)[0], i + 1) if i - copula <= _LONGEST_COPULA else (i, i + 1)
    for c in p.rights(i):
        if p.deps[c] == "prep" and (p.lower[c],) in adjective.prepositions and p.right[c] > c + 1:
            content = words(p, c + 1, p.right[c])
            yield Candidate(i, "adjective", adjective, (cue[0], c + 1), noun_phrase(p, speaker, copula), speaker, content)
            continue
        clause = p.deps[c] == "ccomp" and "clause" in adjective.frames
        if clause or (p.deps[c] == "xcomp" and "infinitive" in adjective.frames):
            content = words(p, max(p.left[c], cue[1]), p.right[c])
            yield Candidate(i, "adjective", adjective, cue, noun_phrase(p, speaker, copula), speaker, content)
