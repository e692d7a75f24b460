"""Quotes beside a cue: which quotation a verb of speech introduces or follows, by what stands between them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from processors.claims.candidate import OPENERS, Candidate
from processors.claims.lexicon import Lexicon
from processors.claims.parse import Parse
from processors.claims.quotes import Quote, is_sentence, is_title
from processors.document import Piece

_SPEECH_GAP = 14
"""Tokens between a cue and the quote after it at most: said in a statement on Monday, '…'"""
_COLON_GAP = 32
"""The same where a colon stands before it."""
_LONGEST_POINTER = 2
"""Words that only point to a quote: this, the following."""
_LONGEST_INTERRUPTION = 160
"""Characters of what stands between the two parts of an interrupted quote."""
_MOST_QUOTES = 64
"""Quotes of one content that are counted."""
_FINAL = frozenset(".,?!…—-")
_LINKS = frozenset({",", "-", "--", "—", "–"})


class QuoteIndex:
    """The quotes of a Doc by token and by character."""

    def __init__(self, parse: Parse, quotes: list[Quote], lexicon: Lexicon) -> None:
        self.parse, self.quotes, self.lexicon = parse, quotes, lexicon
        self._starts = [quote.start for quote in quotes]
        self.of_token = [-1] * len(parse)
        """For each token the number of the quote that it lies in, or -1."""
        at = 0
        for i, start in enumerate(parse.starts):
            while at < len(quotes) and quotes[at].end <= start:
                at += 1
            if at < len(quotes) and quotes[at].start <= start:
                self.of_token[i] = at

    def next_after(self, token: int) -> int:
        """The number of the first quote that begins behind `token`."""
        return bisect_right(self._starts, self.parse.starts[token])

    def overlapping(self, start: int, end: int) -> list[Quote]:
        """The quotes that overlap a piece of text, the first of them where there are very many."""
        return [self.quotes[number] for number in self.numbers([(start, end)])]

    def numbers(self, content: list[Piece]) -> Iterator[int]:
        """The numbers of the quotes that overlap a content, the first of them where there are very many."""
        for start, end in content:
            first = max(bisect_right(self._starts, start) - 1, 0)
            last = min(bisect_left(self._starts, end), first + _MOST_QUOTES)
            yield from (number for number in range(first, last) if self.quotes[number].end > start)

    def _cut_by(self, start: int, end: int) -> list[Quote]:
        """The quotes that the edges of a piece of text may cut."""
        return self.overlapping(start, min(start + 1, end)) + self.overlapping(max(start, end - 1), end)

    def beside(self, candidate: Candidate) -> list[int]:
        """The quotes that the cue introduces: the one right before it or its source, the one after them."""
        if self.of_token[candidate.anchor] >= 0 or candidate.passive:
            return []
        start, end = candidate.cue
        left, right = start, end
        if candidate.source is not None:
            if candidate.source[1] <= start and start - candidate.source[1] <= 4:
                left = candidate.source[0]
            elif candidate.source[0] >= end and candidate.source[0] - end <= 2:
                right = candidate.source[1]
        before, after = self._before(candidate, left), self._after(candidate, right)
        distant = after is not None and self.parse.starts[right - 1] + 40 < self.quotes[after].start
        if before is not None and after is not None and distant and not self._goes_on(before, after):
            after = None  # another cue comes between: "…," he said, adding: "…"
        says_more = candidate.frame in {"clause", "told"} and self._goes_straight_on(candidate)
        if says_more and before is not None and after is not None and self._goes_on(before, after):
            return [before, after]  # "…," he said of those who had left, "…"
        if says_more and before is not None and self.of_token[candidate.content[0][0]] < 0:
            before = None  # "…," he said that …
        return [number for number in (before, after) if number is not None]

    def _goes_straight_on(self, candidate: Candidate) -> bool:
        """Whether what is said follows the cue and its speaker without a comma: "…," he said that …; not: he said, adding …"""
        if not candidate.content or (start := candidate.content[0][0]) < candidate.cue[1]:
            return False
        spoken_for = candidate.source is not None and candidate.source[0] <= start < candidate.source[1]
        return not spoken_for and self.parse.words[start - 1] != ","

    def _goes_on(self, before: int, after: int) -> bool:
        """Whether the words between two quotes only interrupt one: a comma ends the first and stands before the second."""
        text, end, start = self.parse.text, self.quotes[before].end, self.quotes[after].start
        short = start - end <= _LONGEST_INTERRUPTION
        return short and self.last_letter(before) == "," == text[end:start].rstrip()[-1:]

    def _before(self, candidate: Candidate, left: int) -> int | None:
        p = self.parse
        if candidate.speaker is not None and p.tags[candidate.speaker] in {"WP", "WDT"}:
            return None  # "…," Sol, who has proposed it, said
        if p.tags[candidate.anchor] == "VBG" and p.child(candidate.anchor, "nsubj", "aux") is None:
            return None  # "…," adding …: the quote is another cue's
        i = left - 1
        while i >= 0 and left - i <= 3 and self.of_token[i] < 0:
            if "\n" in p.words[i] or not (p.words[i].isspace() or p.words[i] in _LINKS or p.pos[i] == "ADV"):
                break
            i -= 1
        number = self.of_token[i] if i >= 0 else -1
        if number < 0 or not self.quotes[number].closed:
            return None
        if self._subordinate(bisect_left(p.starts, self.quotes[number].start) + 1, candidate.anchor):
            return None
        comma = i + 1 < len(p) and p.words[i + 1] == ","
        last = self.last_letter(number)
        full_stop = last == "." and (p.words[i + 1][0].isupper() or p.words[i + 1][0] == "@") and candidate.frame != "clause_before"
        return number if comma or (last in _FINAL and not full_stop) else None

    def _subordinate(self, i: int, anchor: int) -> bool:
        """Whether a quote's token belongs to another act: Noting that he had called it a "plot," Lind warned …"""
        p = self.parse
        return any(p.deps[above] == "advcl" and p.tags[above] == "VBG" and p.heads[above] == anchor for above in p.ancestors(i))

    def _after(self, candidate: Candidate, right: int) -> int | None:
        p, j, colon, adjacent = self.parse, right, False, False
        sentence_end = p.sentence(candidate.anchor)[1]
        while j < len(p) and j - right <= _COLON_GAP and self.of_token[j] < 0:
            word = p.words[j]
            over = (j >= sentence_end and p.words[j - 1] != ",") or "\n" in word
            if word == "." and j == right and candidate.frame == "bare" and right - p.sentence(candidate.anchor)[0] <= _SPEECH_GAP:
                j += 1  # Sol agreed. "…"
                adjacent = "\n" not in p.words[j : j + 1]
                break
            if word in {".", ";"} or (over and not colon) or self._speaks(j):
                break
            colon = word == ":" or (colon and word.isspace())
            j += 1
        number = self.of_token[j] if j < len(p) and j - right <= (_COLON_GAP if colon else _SPEECH_GAP) else -1
        if number < 0 or p.starts[j] != self.quotes[number].start:
            return None
        if is_title(p.text, self.quotes[number]):
            return None
        adjacent = adjacent or j == right or colon
        return number if adjacent or (p.words[j - 1] == "," and is_sentence(p.text, self.quotes[number])) else None

    def _speaks(self, i: int) -> bool:
        """Whether another cue that can have a quote stands at token `i`."""
        verb = self.lexicon.verbs.get(self.parse.lower[i])
        return verb is not None and "quote" in verb.frames and self.parse.pos[i] == "VERB"

    def is_speech(self, piece: Piece) -> bool:
        """Whether a piece of text is a quote that begins as a sentence does."""
        begins = self.parse.text[piece[0] : piece[1]].lstrip("“„«\"'‘` ")[:1].isupper()
        return begins and any((quote.start, quote.end) == piece for quote in self.overlapping(*piece))

    def ends_speech(self, number: int) -> bool:
        """Whether the quote is closed and ends as speech does before its speaker: with a comma or the end of a sentence."""
        return self.quotes[number].closed and self.last_letter(number) in _FINAL

    def last_letter(self, number: int) -> str:
        """The last letter or mark of a quote within its quotation marks."""
        quote = self.quotes[number]
        return self.parse.text[max(quote.start, quote.end - 6) : quote.end].rstrip("”\"'’» ")[-1:]

    def content(self, candidate: Candidate, numbers: list[int], parsed: list[Piece]) -> list[Piece]:
        """The quotes `numbers`; where the `parsed` content has a clause of which a quote is only a part, that clause."""
        cue_start = self.parse.starts[candidate.cue[0]]
        pieces = []
        for number in numbers:
            quote = self.quotes[number]
            said = next((piece for piece in parsed if piece[1] > cue_start), (0, 0))
            if quote.end <= cue_start:
                pieces.append((self._sentence_start(number), quote.end))
            elif self._is_part(number, said):
                pieces.append(said)
            else:
                pieces.append((quote.start, quote.end))
        if numbers and self.quotes[numbers[0]].start > cue_start:
            pieces = self._begun(candidate, numbers[0], parsed) + pieces
        return pieces

    def _begun(self, candidate: Candidate, number: int, parsed: list[Piece]) -> list[Piece]:
        """What stands before the speaker and belongs to the quote behind: what he called "…"; The park, she said, "is empty"."""
        p, source, quote = self.parse, candidate.source, self.quotes[number]
        if source is None or source[0] == 0 or source[1] > candidate.cue[0]:
            return []
        before = source[0] - 1
        if parsed and parsed[0] == p.piece(before, source[0]):  # what, which
            return [parsed[0]]
        inner = p.text[quote.start : quote.start + 4].lstrip("“„«\"'‘` ")[:1]
        start = p.sentence(before)[0]
        goes_on = inner.islower() and p.words[before] == "," == p.words[candidate.cue[1]] and before - start > 1
        return [p.piece(*p.trim(start, before))] if goes_on and self.of_token[before - 1] < 0 else []

    def _is_part(self, number: int, content: Piece) -> bool:
        """Whether the quote is words within the clause `content` and not all that was said."""
        quote = self.quotes[number]
        if content[0] < quote.start < content[1]:
            if quote.start - content[0] > _LONGEST_INTERRUPTION:
                return True
            before = self.parse.text[content[0] : quote.start].split()
            this = len(before) <= _LONGEST_POINTER and before[-1].endswith(":")  # he tweeted this: "…"
            when = before[-1].endswith(",") and is_sentence(self.parse.text, quote) and self._only_when(content[0], quote.start)
            return not (this or when)
        return content[0] == quote.start and content[1] > quote.end and self.last_letter(number) not in _FINAL

    def _only_when(self, start: int, end: int) -> bool:
        """Whether a piece of text has only words of time: he tweeted last May, "…"""
        p = self.parse
        between = range(bisect_left(p.starts, start), bisect_left(p.starts, end))
        return all(p.entities[i] in {"DATE", "TIME"} or p.pos[i] in {"ADV", "PUNCT", "SPACE"} for i in between)

    def _sentence_start(self, number: int) -> int:
        """Where the sentence begins that ends in the quote: The plan is "a disaster," he said."""
        p, quote = self.parse, self.quotes[number]
        before = bisect_left(p.starts, quote.start) - 1
        while before >= 0 and p.words[before].isspace() and "\n" not in p.words[before]:
            before -= 1
        if before < 0 or "\n" in p.words[before] or p.words[before][-1] in '.?!:”"([' or self.of_token[before] >= 0:
            return quote.start
        inner = p.text[quote.start : quote.start + 8].lstrip("“„«\"'‘` ")
        if inner[:1].isupper() and p.words[before] == ",":
            return quote.start
        start = p.sentence(before)[0]
        while start < before and (p.words[start] in {"(", ","} or p.lower[start] in OPENERS):
            start += 1
        return p.starts[start]

    def widen(self, content: list[Piece], taken: list[Piece]) -> list[Piece]:
        """Pieces widened to the quotes that they cut, without cue, source and the commas at their edges."""
        text, pieces = self.parse.text, []
        for start, end in content:
            for quote in self._cut_by(start, end):
                if not any(quote.start <= a < quote.end for a, _ in taken):
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
        return sorted(pieces)
