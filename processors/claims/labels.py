"""Speech that layout attributes and no verb: labels with a colon, quotes signed with a dash, posts signed with a handle."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from processors.claims.candidate import Attribution, Candidate
from processors.claims.gate import CONFIDENCE
from processors.claims.lexicon import Lexicon, Verb
from processors.claims.parse import VERBAL, Parse
from processors.claims.phrases import animacy
from processors.claims.quotes import Quote, is_sentence
from processors.document import Piece

_LABEL = re.compile(r"^[ \t]*((?:[^\W\d_][\w.'’-]{0,30} ){0,4}[^\W\d_][\w.'’-]{0,30}):[ \t]+\S[^\n]*", re.M)
_COLON = re.compile(r":[ \t\xa0]*$")
_SIGNED = re.compile(r"[ \t\xa0]*\n{0,2}[ \t]*([-–—]{1,2})[ \t]*([^\W\d_][^\n]{1,60}?)\.?[ \t]*(?=\n|$)")
_LINE_BELOW = re.compile(r"[ \t\xa0]*\n{1,2}[ \t]*()([^\W\d_][^\n,]{1,40},[ ][^\n]{2,50}?)[ \t]*(?=\n|$)")
_HANDLE = re.compile(r"\(@\w{1,15}\)")
_DASH = re.compile(r"[ \t]*([-–—]{1,2})[ \t]+([^\n–—]{1,50})$")
_ENDS = frozenset(".?!:;")
_LEAST_LABELLED = 4
"""Words after a colon that make it speech and not a heading."""
_LEAST_POSTED_CHARS = 20
_MOST_NAMES = 8
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_BEFORE_A_NAME = frozenset(".!?”\"'’-–—])")


def labelled(p: Parse, quotes: list[Quote], lexicon: Lexicon) -> Iterator[Attribution]:
    """Attributions of a text by its layout."""
    taken = set()
    for quote in quotes:
        attribution = _named(p, quote) or _signed(p, quote)
        if attribution is not None:
            taken.add(attribution.cue[0])
            yield attribution
    for attribution in _lines(p, lexicon):
        if attribution.cue[0] not in taken:
            yield attribution
    yield from _posts(p)


def _attribution(p: Parse, source: Piece, cue: Piece, content: Piece) -> Attribution:
    first, last = bisect_left(p.starts, source[0]), max(bisect_left(p.starts, source[1]) - 1, 0)
    first = min(first, last)
    candidate = Candidate(last, "colon", Verb("say"), (last, last + 1), (first, last + 1), last)
    return Attribution([source], [cue], [content], candidate, CONFIDENCE["colon"])


def _named(p: Parse, quote: Quote) -> Attribution | None:
    """Ana Sol: "…", at the beginning of a sentence or behind a dash or another quote."""
    colon = _COLON.search(p.text, max(quote.start - 4, 0), quote.start)
    if colon is None or not is_sentence(p.text, quote):
        return None
    end = bisect_left(p.starts, colon.start())
    first = end
    while first > max(end - _MOST_NAMES, 0) and (p.pos[first - 1] == "PROPN" or (first < end and p.lower[first - 1] == "and")):
        first -= 1
    if first == end or p.lower[first] == "and" or p.entities[end - 1] in _PLACES:
        return None
    before = p.text[max(p.starts[first] - 2, 0) : p.starts[first]].rstrip(" \t")
    if before and before[-1] != "\n" and before[-1] not in _BEFORE_A_NAME:
        return None
    return _attribution(p, (p.starts[first], p.ends[end - 1]), (colon.start(), colon.start() + 1), (quote.start, quote.end))


def _signed(p: Parse, quote: Quote) -> Attribution | None:
    """ "…" – Ana Sol: a quote that is a paragraph, and who said it behind a dash."""
    if not quote.closed or (quote.start > 0 and p.text[quote.start - 1] != "\n") or not is_sentence(p.text, quote):
        return None
    sign = _SIGNED.match(p.text, quote.end) or _LINE_BELOW.match(p.text, quote.end)
    if sign is None:
        return None
    name = range(bisect_left(p.starts, sign.start(2)), bisect_left(p.starts, sign.end(2)))
    if not name or p.pos[name[0]] != "PROPN" or any(p.pos[i] in VERBAL or p.words[i] in _ENDS for i in name):
        return None
    if not sign[1] and p.entities[name[0]] not in {"PERSON", "ORG"}:
        return None
    cue = sign.span(1) if sign[1] else (p.text.index(",", sign.start(2)), p.text.index(",", sign.start(2)) + 1)
    return _attribution(p, sign.span(2), cue, (quote.start, quote.end))


def _lines(p: Parse, lexicon: Lexicon) -> Iterator[Attribution]:
    """SMITH: I did not. Poll: Smith is ahead. A name or a document, a colon and what it says, as a paragraph."""
    for match in _LABEL.finditer(p.text):
        start, colon = match.start(1), match.end(1)
        first, last = bisect_left(p.starts, start), bisect_left(p.starts, colon) - 1
        if last < first or first >= len(p) or p.starts[first] != start or p.lower[last] in lexicon.rubrics:
            continue
        who = animacy(p, lexicon, (first, last + 1), last)
        label = range(first, last + 1)
        names = all(p.pos[i] == "PROPN" or p.entities[i] == "PERSON" for i in label) and p.entities[last] not in _PLACES
        document = who == "document" and not any(p.pos[i] == "VERB" for i in label)
        end = match.end() - (p.text[match.end() - 1] == ".")
        named = document or names or match[1].isupper()
        if named and who in {"person", "document"} and len(match[0].split()) - len(label) > _LEAST_LABELLED:
            start_said = colon + 1 + len(p.text[colon + 1 : end]) - len(p.text[colon + 1 : end].lstrip())
            yield _attribution(p, (start, colon), (colon, colon + 1), (start_said, end))


def _posts(p: Parse) -> Iterator[Attribution]:
    """What was posted — Ana Sol (@anasol) May 5, 2026."""
    begin = 0
    for handle in _HANDLE.finditer(p.text):
        begin = max(begin, p.text.rfind("\n", begin, handle.start()) + 1)
        sign = _DASH.search(p.text, max(begin, handle.start() - 60), handle.start())
        if sign is not None and sign.start() - begin >= _LEAST_POSTED_CHARS:
            end = sign.start()
            if p.text[begin] == "<":  # the page's mark-up
                begin = max(begin, p.text.find(">", begin, end) + 1)
            while begin < end and p.text[begin].isspace():
                begin += 1
            yield _attribution(p, (sign.start(2), handle.end()), sign.span(1), (begin, end))
            begin = handle.end()
