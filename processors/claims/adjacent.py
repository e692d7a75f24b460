"""Quotes that no reading of the parse claims: the word of speech beside them, wherever the parser hangs it."""

from bisect import bisect_left
from collections.abc import Iterator

from processors.claims.beside import QuoteIndex
from processors.claims.candidate import Candidate
from processors.claims.lexicon import Verb
from processors.claims.parse import VERBAL, Parse
from processors.claims.phrases import Range, animacy, noun_phrase, subject, verb_group
from processors.claims.quotes import is_sentence, is_title

_AFTER = 24
"""Tokens between a quote and the verb behind it at most: "…," the president of the club, Ana Sol, wrote."""
_BEFORE, _BEFORE_COLON = 14, 32
"""The same between a verb and the quote that it leads in."""
_LONGEST_CUE = 12
_ENDS = frozenset(".?!")
_STOPS = frozenset({".", ";", ":", "?", "!", "(", ")"})
_NOMINAL = frozenset({"PROPN", "NOUN", "PRON", "NUM"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_PAST = frozenset({"said", "read", "told", "wrote", "tweeted", "asked"})
"""Forms that are cues beside a quote though the tagger takes them for nouns."""
_HANGS_ON_SAID = frozenset({"prep", "npadvmod", "advmod", "punct", "nsubj", "aux"})


def adjacent(index: QuoteIndex, taken: set[int]) -> Iterator[tuple[Candidate, int]]:
    """Candidates, each with the number of the quote that it introduces; `taken` numbers the quotes that are claimed already."""
    text = index.parse.text
    for number, quote in enumerate(index.quotes):
        if number in taken or not is_sentence(text, quote) or (is_title(text, quote) and index.last_letter(number) not in _ENDS):
            continue
        candidate = _behind(index, number) or _before(index, number)
        if candidate is not None:
            yield candidate, number


def _cue(index: QuoteIndex, i: int) -> Verb | None:
    """The verb of speech whose form stands at token `i`."""
    p = index.parse
    verb = index.lexicon.verbs.get(p.lower[i])
    verbal = p.tags[i].startswith("VB") or p.lower[i] in _PAST
    return verb if verb is not None and verbal and "quote" in verb.frames else None


def _behind(index: QuoteIndex, number: int) -> Candidate | None:
    """ "…," the mayor of the town, Ana Sol, wrote."""
    p, quote = index.parse, index.quotes[number]
    if not quote.closed:
        return None
    full_stop = index.last_letter(number) == "." and p.text[quote.end : quote.end + 1] != ","
    first = bisect_left(p.starts, quote.end)
    while first < len(p) and (p.words[first] == "," or (p.words[first].isspace() and "\n" not in p.words[first])):
        first += 1
    relative = False
    for i in range(first, min(first + _AFTER, len(p))):
        if p.words[i] in _STOPS or "\n" in p.words[i] or index.of_token[i] >= 0:
            return None
        if i > first and (verb := _cue(index, i)) is not None and not relative:
            if full_stop and not (p.text[p.ends[i] : p.ends[i] + 1] == "." and p.text[p.ends[i] + 1 : p.ends[i] + 2] in {"", "\n"}):
                return None  # "…." Sol said. And no more stands in the paragraph
            return _spoken(p, i, verb, p.trim(first, verb_group(p, i)[0]))
        if p.tags[i] in _FINITE and not relative:
            return None
        relative = p.tags[i] == "WP" or (relative and p.words[i] != ",")
    return None


def _before(index: QuoteIndex, number: int) -> Candidate | None:
    """Ana Sol, the mayor, wrote: "…"; she issued a statement, saying "…"; with a colon any verb will do."""
    p = index.parse
    end = bisect_left(p.starts, index.quotes[number].start)
    last = end - 1
    while last > 0 and p.words[last].isspace():
        last -= 1
    if last < 1 or index.of_token[last] >= 0:
        return None
    colon, full_stop = p.words[last] == ":", p.words[last] == "."
    if not colon and any("\n" in p.words[i] for i in range(last + 1, end)):
        return None
    begin = max(p.sentence(last)[0], last - (_BEFORE_COLON if colon else _BEFORE))
    for i in range(last, begin - 1, -1):
        if index.of_token[i] >= 0 or (p.words[i] in _STOPS and i < last):
            return None
        if (verb := _cue(index, i)) is not None:
            if full_stop and not (p.heads[i] == i and all(p.deps[c] in _HANGS_ON_SAID for c in p.children(i))):
                return None  # Ana Sol said in a statement. "…"
            return _spoken(p, i, verb, _who(p, i, begin))
        if p.tags[i] in _FINITE and not colon:
            return None
    return _led_in(index, last) if colon else None


def _led_in(index: QuoteIndex, colon: int) -> Candidate | None:
    """The party issued the following statement: "…"; Her answer was: "…" """
    p = index.parse
    begin = max(p.sentence(colon)[0], colon - _BEFORE_COLON)
    root = next((i for i in range(begin, colon) if p.heads[i] == i and p.pos[i] in VERBAL), None)
    if root is None or (speaker := p.child(root, "nsubj")) is None or speaker > root:
        return None
    source = noun_phrase(p, speaker, root)
    if animacy(p, index.lexicon, source, speaker) not in {"person", "document"}:
        return None
    cue = verb_group(p, root)
    cue = (cue[0], colon) if colon - cue[0] <= _LONGEST_CUE else cue
    return Candidate(root, "bare", Verb("say", frames={"quote"}), cue, source, speaker)


def _spoken(p: Parse, i: int, verb: Verb, source: Range | None) -> Candidate | None:
    if source is None or source[0] >= source[1]:
        return None
    inside = [t for t in range(*source) if p.pos[t] in _NOMINAL]
    head = next((t for t in inside if not source[0] <= p.heads[t] < source[1]), inside[-1] if inside else None)
    return None if head is None else Candidate(i, "bare", verb, verb_group(p, i), source, head)


def _who(p: Parse, verb: int, begin: int) -> Range | None:
    """Who stands before a verb of speech: its subject, or the name before it with what stands in commas about it."""
    speaker = subject(p, verb)
    if speaker is not None and speaker < verb and p.pos[speaker] in _NOMINAL:
        return noun_phrase(p, speaker, verb)
    if p.tags[verb] == "VBG":  # shared the news, writing "…"
        finite = next((i for i in range(verb - 1, begin - 1, -1) if p.tags[i] in _FINITE), None)
        speaker = None if finite is None else subject(p, finite)
        return None if speaker is None or speaker > verb else noun_phrase(p, speaker, verb)
    start, stop = p.trim(begin, verb_group(p, verb)[0])
    commas = [i for i in range(start, stop) if p.words[i] == ","]
    if commas and p.entities[stop - 1] == "PERSON":
        earlier = commas[-2] + 1 if len(commas) > 1 else start
        return (commas[-1] + 1 if p.pos[earlier] == "ADP" else earlier), stop
    return None
