"""Quotations as typography shows them: found before any parsing, because a quote's edges are surer than a parser's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from spacy.attrs import SENT_START
from spacy.tokens import Doc

_NO_START = np.uint64(2**64 - 1)
"""spaCy's -1."""
_MARK = re.compile(r"""''|``|["“”„«»]""")
_SINGLE = re.compile(r"(?<!')['‘’](?!')")
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")
_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")
_FULL_STOP = frozenset(".,!?…;—-")
_STOPS = frozenset(".?!")
_LEAST_WORDS_OF_A_SENTENCE = 4
_LONGEST_TITLE = 8
_SMALL_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "&"})


@dataclass(slots=True)
class Quote:
    """`text[start:end]` with its marks. `paragraph` numbers the lines that are not blank."""

    start: int
    end: int
    paragraph: int
    closed: bool
    """False where the quote runs to its paragraph's end without a closing mark."""
    running: bool = False
    """True where it is open and the next paragraph begins with an opening mark: the quote goes on there."""


def find(text: str) -> list[Quote]:
    """The outermost quotes of `text`, in order: “…”, "…", «…», ''…'', ``…'', ‘…’ and '…'; linear in its length.

    A quote ends with its paragraph. An apostrophe or an inch mark (5'10") opens nothing; a single mark opens a quote only where a
    closing one follows in the paragraph; of two marks that open, one after the other, the first is a slip.
    """
    quotes: list[Quote] = []
    begins = -1  # the paragraph that began with an opening mark last
    for number, line in enumerate(_PARAGRAPH.finditer(text)):
        start, end = line.span()
        while text[start].isspace():
            start += 1
        while text[end - 1].isspace():
            end -= 1
        double = list(_double(text, start, end))
        found = _merge(double, list(_single(text, start, end, double)))
        if found and found[0][0] == start:
            begins = number
        if quotes and not quotes[-1].closed and quotes[-1].paragraph == number - 1 == begins - 1:
            quotes[-1].running = True
        for (a, b, closed), following in zip_longest(found, found[1:]):
            quotes.append(Quote(a, b, number, closed, running=following is not None and not closed and following[0] == b))
    return quotes


def is_sentence(text: str, quote: Quote) -> bool:
    """Whether the quote is speech and not a quoted phrase: it begins or ends a sentence, and has more than a word or two."""
    inner = text[quote.start : quote.end].strip("“”„«»\"'‘’` ")
    words = len(inner[:200].split())
    if not words or (inner.isupper() and words > 1):  # a subhead
        return False
    begins, ends = inner[0].isupper() or not inner[0].isalpha(), inner[-1] in ".,?!…—"
    return (begins and ends and words >= 2) or ((begins or ends) and words >= _LEAST_WORDS_OF_A_SENTENCE)


def is_title(text: str, quote: Quote) -> bool:
    """Whether the quote is what a book or a show is called: told Fox News' "The Morning Report"."""
    words = text[quote.start : quote.end].strip("“”„«»\"'‘’` .,").split()
    return 2 <= len(words) <= _LONGEST_TITLE and all(word[0].isupper() or word in _SMALL_WORDS for word in words)


def preset_sentences(doc: Doc, quotes: list[Quote]) -> None:
    """Tell the parser, before it runs, where sentences begin and cannot begin at a quote's edges.

    One begins at an opening mark after a full stop. None begins right after an opening mark, at a closing mark, after ',”' or
    before what goes on in lower case after a quote.
    """
    starts = {quote.start for quote in quotes}
    ends = {quote.end for quote in quotes if quote.closed}
    set_starts: dict[int, bool] = {}
    for token in doc[1:]:
        before = token.nbor(-1)
        if token.is_sent_start or token.is_space or "\n" in before.text:
            continue
        earlier = before.nbor(-1).text if before.i > 0 else ""
        closes = token.idx + len(token) in ends and not token.is_alpha
        after_quote = before.idx + len(before) in ends
        goes_on = token.text[0].islower() or token.is_punct or earlier == ","
        if token.idx in starts and (before.text in _STOPS or (after_quote and earlier in _STOPS)):
            set_starts[token.i] = True
        elif closes or before.idx in starts or (after_quote and goes_on):
            set_starts[token.i] = False
    set_sentence_starts(doc, set_starts)


def set_sentence_starts(doc: Doc, starts: dict[int, bool]) -> None:
    """Set `is_sent_start` of tokens by number, all at once: spaCy looks the whole Doc through each time that one is set."""
    values: Any = doc.to_array(SENT_START)
    for at, starts_here in starts.items():
        values[at] = np.uint64(1) if starts_here else _NO_START
    doc.from_array([SENT_START], values.reshape(-1, 1))


def _double(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Quotes in double marks within one paragraph."""
    opened = -1
    marks = list(_MARK.finditer(text, start, end))
    for number, mark in enumerate(marks):
        at, after = mark.span()
        sign = mark[0]
        left = " " if at == start else text[at - 1]
        right = " " if after >= end else text[after]
        if opened < 0:
            inch = sign in {'"', "''"} and (left.isdigit() or (right.isspace() and not left.isspace()))
            astray = sign in _CLOSING and not (left.isspace() and right.isalnum())
            if not inch and not astray:
                opened = at
        elif sign in _CLOSING or (sign not in _OPENING and sign != "``" and not _opens(left, right)):
            goes_on = sign == '"' and right.isalpha() and number + 1 < len(marks) and _closes(text, marks[number + 1], end)
            if goes_on:  # a paragraph's break was lost: …in 2014."They have had enough," he said
                yield opened, at, False
            elif at > opened + len(sign):
                yield opened, after, True
            opened = at if goes_on else -1
        elif sign not in _OPENING or text[opened] not in _OPENING:
            opened = at  # opens again: the earlier mark was a slip
    if opened >= 0 and end - opened > 2:
        yield opened, end, False


def _single(text: str, start: int, end: int, taken: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    """Quotes in single marks within one paragraph and outside the quotes `taken`.

    The first mark after punctuation closes ("…,'"); one after a letter may be a plural's apostrophe and closes only where no surer
    one comes before the next opening mark.
    """
    regions = iter(taken)
    region = next(regions, None)
    opened = weak = -1
    for mark in _SINGLE.finditer(text, start, end):
        at = mark.start()
        while region is not None and region[1] <= at:
            region = next(regions, None)
        if region is not None and region[0] < at:
            continue
        left = " " if at == start else text[at - 1]
        right = " " if at + 1 >= end else text[at + 1]
        if mark[0] != "’" and _opens(left, right) and not right.isdigit():
            if opened >= 0 and weak >= 0:
                yield opened, weak, True
            opened, weak = at, -1
        elif opened >= 0 and mark[0] != "‘" and not right.isalnum():
            if left in _FULL_STOP or right in ",;:":
                yield opened, at + 1, True
                opened = weak = -1
            elif weak < 0 and not left.isspace():
                weak = at + 1
    if opened >= 0 and weak >= 0:
        yield opened, weak, True


def _closes(text: str, mark: re.Match[str], end: int) -> bool:
    """Whether a mark can only end a quote: behind a word or full stop and before a blank."""
    at, after = mark.span()
    return not text[at - 1].isspace() and (after >= end or text[after].isspace())


def _opens(left: str, right: str) -> bool:
    return (left.isspace() or left in "([{—–-/\"“'") and not right.isspace() and right not in ",.;:!?)"


def _merge(double: list[tuple[int, int, bool]], single: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Both in order, without those that lie inside another."""
    merged: list[tuple[int, int, bool]] = []
    for quote in sorted(double + single, key=lambda quote: (quote[0], -quote[1])):
        if not merged or quote[0] >= merged[-1][1]:
            merged.append(quote)
    return merged
