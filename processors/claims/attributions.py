"""From candidates to attributions: quotes joined to their cues, overlaps resolved, quotes that go on linked to their speaker."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from processors.claims.candidates import Candidate, candidates
from processors.claims.gate import CONFIDENCE, accept
from processors.claims.lexicon import Lexicon, Verb
from processors.claims.parse import Parse
from processors.claims.phrases import animacy, noun_phrase
from processors.claims.quotes import Quote, is_sentence
from processors.document import Piece

_SPEECH_GAP = 14
"""Tokens between a cue and its quotation at most: '…,' said the minister of …; said in a statement on Monday: '…'"""


_LABEL = re.compile(r"^[ \t]*((?:[^\W\d_][\w.'’-]* ?){1,5}):[ \t]+\S[^\n]*", re.M)
_LEAST_LABELLED = 12
"""Characters after a colon that make it speech."""
_LONGEST_GAP = 40
"""Characters between the sentence of a speech and a quote that goes on with it."""
_FINAL = frozenset(".,?!…—-")


@dataclass(slots=True)
class Attribution:
    """A source, a cue and a content in characters, before it is described as a claim."""

    source: list[Piece]
    cue: list[Piece]
    content: list[Piece]
    candidate: Candidate
    confidence: float
    quoted: bool = False
    nested: bool = False
    paragraph: int = 0
    tokens: list[int] = field(default_factory=list)


class Reader:
    """Reads the attributions of one Doc."""

    def __init__(self, parse: Parse, quotes: list[Quote], lexicon: Lexicon) -> None:
        self.parse, self.quotes, self.lexicon = parse, quotes, lexicon
        self.quote_of = self._quote_of()

    def _quote_of(self) -> list[int]:
        """For each token the number of the quote that it lies in, or -1."""
        numbers = [-1] * len(self.parse)
        at = 0
        for i, start in enumerate(self.parse.starts):
            while at < len(self.quotes) and self.quotes[at].end <= start:
                at += 1
            if at < len(self.quotes) and self.quotes[at].start <= start:
                numbers[i] = at
        return numbers

    def read(self) -> list[Attribution]:
        by_anchor: dict[int, list[Candidate]] = {}
        for candidate in candidates(self.parse, self.lexicon):
            by_anchor.setdefault(candidate.anchor, []).append(candidate)
        found = [attribution for readings in by_anchor.values() if (attribution := self._best(readings)) is not None]
        found = self._resolve([*found, *self._labels()])
        self._continue(found)
        return sorted(found, key=lambda attribution: attribution.cue)

    def _best(self, readings: list[Candidate]) -> Attribution | None:
        for candidate in readings:
            self._mend_source(candidate)
            beside = self._beside(candidate)
            who = animacy(self.parse, self.lexicon, candidate.source, candidate.speaker)
            if confidence := accept(candidate, who, quoted=bool(beside)):
                attribution = self._attribution(candidate, beside, confidence)
                if attribution.content:
                    return attribution
        return None

    def _mend_source(self, candidate: Candidate) -> None:
        """A speaker does not stand in the words that he speaks: where the parser says so, who stands beside the cue is taken."""
        p, speaker = self.parse, candidate.speaker
        if candidate.passive or self.quote_of[candidate.anchor] >= 0 or "quote" not in candidate.verb.frames:
            return
        if speaker is not None and self.quote_of[speaker] < 0:
            return
        candidate.source = candidate.speaker = None
        start, end = candidate.cue
        for beside in (start - 1, end):
            if 0 <= beside < len(p) and p.pos[beside] in {"PRON", "PROPN", "NOUN"} and self.quote_of[beside] < 0:
                head = beside
                while p.deps[head] in {"compound", "amod", "nmod", "poss"} and p.heads[head] > head and p.heads[head] - beside < 8:
                    head = p.heads[head]
                candidate.source, candidate.speaker = noun_phrase(p, head, candidate.anchor), head
                return

    # -- quotes beside a cue

    def _beside(self, candidate: Candidate) -> list[int]:
        """The quotes that the cue introduces: right before it or its source, right after them."""
        p, start, end = self.parse, *candidate.cue
        if self.quote_of[candidate.anchor] >= 0 or candidate.passive:
            return []
        spoken_after = candidate.frame in {"clause", "told"} and candidate.content and candidate.content[0][0] >= end
        left, right = start, end
        participle = p.tags[candidate.anchor] == "VBG" and p.child(candidate.anchor, "nsubj", "aux") is None
        if candidate.source is not None:
            if candidate.source[1] <= start and start - candidate.source[1] <= 4:
                left = candidate.source[0]
            elif candidate.source[0] >= end and candidate.source[0] - end <= 2:
                right = candidate.source[1]
        beside = []
        i = left - 1
        while (
            i >= 0
            and left - i <= 3
            and (p.words[i].isspace() or p.words[i] in {",", "-", "--", "—", "–"} or p.pos[i] == "ADV")
            and self.quote_of[i] < 0
        ):
            if "\n" in p.words[i]:
                break
            i -= 1
        if not participle and i >= 0 and (number := self.quote_of[i]) >= 0 and self.quotes[number].closed:
            inner = p.text[: self.quotes[number].end].rstrip("”\"'’» ")[-1:]
            if inner in {",", ".", "?", "!", "…", "-", "—"} or p.words[i + 1] == ",":
                beside.append(number)
        if spoken_after and (beside and self.quote_of[candidate.content[0][0]] < 0):
            beside = []  # "…," adding that …
        j, sentence_end = right, p.sentence(candidate.anchor)[1]
        colon = False
        while j < len(p) and j - right <= _SPEECH_GAP and self.quote_of[j] < 0 and "\n" not in p.words[j]:
            if p.words[j] in {".", ";"} or (j >= sentence_end and not colon and p.words[j - 1] not in {",", ":"}):
                break
            colon = p.words[j] == ":"
            j += 1
        if (
            j < len(p)
            and j - right <= _SPEECH_GAP
            and (number := self.quote_of[j]) >= 0
            and p.starts[j] == self.quotes[number].start
        ):
            before = p.words[j - 1]
            if (before in {",", ":"} or j == right) and (is_sentence(p.text, self.quotes[number]) or j == right or before == ":"):
                beside.append(number)
        return beside

    def _attribution(self, candidate: Candidate, beside: list[int], confidence: float) -> Attribution:
        p = self.parse
        cue = p.piece(*candidate.cue)
        source = [] if candidate.source is None else [p.piece(*candidate.source)]
        if p.text[cue[1] : cue[1] + 1] == ":":
            cue = (cue[0], cue[1] + 1)
        if (
            source
            and p.text[source[0][1] : source[0][1] + 1] == ","
            and "," in p.text[source[0][0] : source[0][1]]
            and source[0][1] + 2 == cue[0]
        ):
            source = [(source[0][0], source[0][1] + 1)]
        content = [p.piece(*piece) for piece in candidate.content]
        if beside:
            content = self._quoted_content(candidate, beside, content)
        content = self._with_quotes(content, [cue, *source])
        return Attribution(source, [cue], content, candidate, confidence, bool(beside))

    def _quoted_content(self, candidate: Candidate, beside: list[int], content: list[Piece]) -> list[Piece]:
        """The quotes beside the cue; where the parse has a clause of which a quote is only a part, that clause."""
        cue = self.parse.piece(*candidate.cue)
        pieces = []
        for number in beside:
            quote = self.quotes[number]
            if quote.end <= cue[0]:
                pieces.append((self._sentence_start(number), quote.end))
            elif candidate.frame in {"clause", "told"} and content and self._is_part(quote, content[0]):
                pieces.append(content[0])
            else:
                pieces.append((quote.start, quote.end))
        return pieces

    def _is_part(self, quote: Quote, content: Piece) -> bool:
        """Whether the quote is words within the clause `content` and not all that was said."""
        if content[0] < quote.start < content[1]:
            return True
        return content[0] == quote.start and content[1] > quote.end and self.parse.text[quote.end - 2] not in _FINAL

    def _sentence_start(self, number: int) -> int:
        """Where the sentence begins that ends in the quote: The plan is "a disaster," he said."""
        p, quote = self.parse, self.quotes[number]
        first = bisect_left(p.starts, quote.start)
        before = first - 1
        while before >= 0 and p.words[before] == " ":
            before -= 1
        inner = p.text[quote.start : quote.end].lstrip("“„«\"'‘` ")
        if before < 0 or "\n" in p.words[before] or p.words[before][-1] in '.?!:”"' or self.quote_of[before] >= 0:
            return quote.start
        if inner[:1].isupper() and p.words[before] == ",":
            return quote.start
        start = p.sentence(before)[0]
        return p.starts[start + 1 if p.words[start] == "(" else start]

    def _with_quotes(self, content: list[Piece], taken: list[Piece]) -> list[Piece]:
        """Pieces widened to the quotes that they cut, without cue, source and the commas at their edges."""
        text, pieces = self.parse.text, []
        for start, end in content:
            for quote in self.quotes:
                if quote.start >= end:
                    break
                if quote.end > start and not any(quote.start <= a < quote.end for a, _ in taken):
                    start, end = min(start, quote.start), max(end, quote.end)
            for a, b in taken:
                if start < a < end or start < b < end or start == a:
                    if a - start >= end - b:
                        end = a
                    else:
                        start = b
            while end > start and text[end - 1] in " \n,;:":
                end -= 1
            while start < end and text[start] in " \n,;:)":
                start += 1
            if end - start > 1:
                pieces.append((start, end))
        pieces.sort()
        return pieces

    def _labels(self) -> Iterator[Attribution]:
        """SMITH: I did not. Poll: Smith is ahead. A name or a document, a colon and what it says, as a paragraph."""
        p = self.parse
        for match in _LABEL.finditer(p.text):
            start, colon = match.start(1), match.end(1)
            first, last = bisect_left(p.starts, start), bisect_left(p.starts, colon) - 1
            if last < first or first >= len(p) or p.starts[first] != start:
                continue
            who = animacy(p, self.lexicon, (first, last + 1), last)
            named = who == "document" or all(p.pos[i] == "PROPN" or p.entities[i] == "PERSON" for i in range(first, last + 1))
            end = match.end()
            if p.text[end - 1] == ".":
                end -= 1
            if named and who in {"person", "document"} and end - colon > _LEAST_LABELLED:
                candidate = Candidate(last, "colon", Verb("say"), (last, last + 1), (first, last + 1), last)
                content = (colon + 1 + len(p.text[colon + 1 : end]) - len(p.text[colon + 1 : end].lstrip()), end)
                yield Attribution([(start, colon)], [(colon, colon + 1)], [content], candidate, CONFIDENCE["colon"])

    # -- overlap

    def _resolve(self, found: Iterable[Attribution]) -> list[Attribution]:
        """Outermost first: an attribution whose cue lies in another's content is nested."""

        def depth(attribution: Attribution) -> int:
            return sum(1 for _ in self.parse.ancestors(attribution.candidate.anchor))

        kept: list[Attribution] = []
        for attribution in sorted(found, key=lambda a: (depth(a), a.cue)):
            at = attribution.cue[0][0]
            inside = any(a <= at < b for other in kept for a, b in other.content)
            if not inside and self.quote_of[attribution.candidate.anchor] >= 0:
                continue
            attribution.nested = inside
            kept.append(attribution)
        return kept

    # -- quotes that go on

    def _continue(self, found: list[Attribution]) -> None:
        """A quote without a cue of its own belongs to the speech before it in its paragraph, or to the quote running into it."""
        text = self.parse.text
        top = sorted((a for a in found if not a.nested), key=lambda a: a.cue)
        covered = sorted(piece for attribution in top for piece in attribution.content)
        speech = [a for a in top if a.quoted or (a.confidence >= 0.85)]
        last, at, piece = None, 0, 0
        for number, quote in enumerate(self.quotes):
            while at < len(speech) and speech[at].cue[0][0] < quote.start:
                last, at = speech[at], at + 1
            while piece < len(covered) and covered[piece][1] <= quote.start:
                piece += 1
            if piece < len(covered) and covered[piece][0] < quote.end:
                continue
            if last is None or not is_sentence(text, quote):
                continue
            end = max(b for a, b in last.source + last.cue + last.content)
            gap = text[self._sentence_end(end) : quote.start]
            runs = number > 0 and self.quotes[number - 1].running and self.quotes[number - 1].end == end
            if runs or ("\n" not in gap and len(gap) <= _LONGEST_GAP):
                last.content.append((quote.start, quote.end))

    def _sentence_end(self, offset: int) -> int:
        """Where the sentence ends in which the character before `offset` stands."""
        p = self.parse
        token = max(bisect_left(p.starts, offset) - 1, 0)
        return max(p.ends[p.sentence(token)[1] - 1], offset)
