"""Quotes that go on: a quote without a cue of its own joined to the speech that it continues."""

from bisect import bisect_left

from processors.claims.candidate import Attribution
from processors.claims.gate import CONFIDENCE
from processors.claims.parse import Parse
from processors.claims.quotes import Quote, is_sentence, is_title

_LONGEST_GAP = 40
"""Characters between the sentence of a speech and a quote that goes on with it."""


def link_quotes(p: Parse, quotes: list[Quote], attributions: list[Attribution]) -> None:
    """Give quotes that no content covers to an attribution, in place.

    In the paragraph of a speech a quote after it goes on with it ("…," he said. "…"), and so does a quote that is the whole of the
    next paragraph; a quote that runs over paragraphs belongs to who speaks it in any of them.
    """
    top = [a for a in attributions if not a.nested]
    owners = _owners(quotes, top)
    _forward(p, quotes, top, owners)
    for number in range(len(quotes) - 2, -1, -1):
        owner = owners[number + 1]
        if quotes[number].running and owners[number] is None and owner is not None:
            owners[number] = owner
            owner.content.append((quotes[number].start, quotes[number].end))


def _owners(quotes: list[Quote], attributions: list[Attribution]) -> list[Attribution | None]:
    """For each quote an attribution whose content meets it."""
    pieces = sorted((start, end, n) for n, a in enumerate(attributions) for start, end in a.content)
    owners: list[Attribution | None] = []
    at = 0
    for quote in quotes:
        while at < len(pieces) and pieces[at][1] <= quote.start:
            at += 1
        meets = at < len(pieces) and pieces[at][0] < quote.end
        owners.append(attributions[pieces[at][2]] if meets else None)
    return owners


def _forward(p: Parse, quotes: list[Quote], attributions: list[Attribution], owners: list[Attribution | None]) -> None:
    speech = [a for a in attributions if (a.quoted or a.confidence >= CONFIDENCE["clause"]) and "quote" in a.candidate.verb.frames]
    last: Attribution | None = None
    at = reach = 0
    for number, quote in enumerate(quotes):
        while at < len(speech) and speech[at].cue[0][0] < quote.start:
            if last is None or speech[at].quoted or not last.quoted or not _same_sentence(p, last, speech[at]):
                last = speech[at]
                reach = max(end for _, end in last.source + last.cue + last.content)
            at += 1
        if last is None or owners[number] is not None or not is_sentence(p.text, quote):
            continue
        if is_title(p.text, quote) and not _stands_alone(p.text, quote):
            continue
        runs = number > 0 and quotes[number - 1].running and quotes[number - 1].end == reach
        begin = _sentence_end(p, reach)
        same_paragraph = p.text.find("\n", reach, quote.start) < 0
        next_paragraph = last.quoted and not p.text[begin : quote.start].strip() and _alone(p.text, quote)
        if runs or (quote.start - begin <= _LONGEST_GAP and (same_paragraph or next_paragraph)):
            last.content.append((quote.start, quote.end))
            owners[number] = last
            reach = max(reach, quote.end)


def _alone(text: str, quote: Quote) -> bool:
    """Whether the quote is the whole of its paragraph."""
    return text[quote.end : quote.end + 1] in {"", "\n"}


def _stands_alone(text: str, quote: Quote) -> bool:
    """Whether the quote is a sentence of its own: one ends before it, and it ends as one."""
    before = text[max(quote.start - 8, 0) : quote.start].rstrip("”\"'’ \n")[-1:]
    return before in ".?!" and text[max(quote.end - 4, 0) : quote.end].rstrip("”\"'’")[-1:] in {".", "?", "!"}


def _same_sentence(p: Parse, one: Attribution, other: Attribution) -> bool:
    return p.sentence_of[one.candidate.anchor] == p.sentence_of[other.candidate.anchor]


def _sentence_end(p: Parse, offset: int) -> int:
    """Where the sentence ends in which the character before `offset` stands."""
    token = max(bisect_left(p.starts, offset) - 1, 0)
    return max(p.ends[p.sentence(token)[1] - 1], offset)
