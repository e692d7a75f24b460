"""Marks: what stays in the text but is not running prose (headline, subheads, datelines, correction notes)."""

import re
from collections import Counter
from pathlib import Path

from processors.cleaning.lines import Line, Lines
from schemas import Mark

_PLACE_WORD = r"(?:[A-ZÀ-Þ][\w.'’-]*|de|del|la|le|al|el|of|the|and|sur|am|en|di|do|da|D\.C\.|U\.S\.|U\.N\.)"
_AGENCY = r"\([A-Z][\w .,/&'’-]{1,40}\)"
_DATE = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})"
_PLACES = rf"{_PLACE_WORD}(?:[ /]{_PLACE_WORD}){{0,4}}(?:, ?{_PLACE_WORD}(?: {_PLACE_WORD}){{0,3}}){{0,2}}"
_CAPITALS = r"(?=[A-ZÀ-Þ]{2})"
_DASH = r"(?:--?|–|—|―)"
_AGENCIES = (Path(__file__).parent / "agencies.txt").read_text(encoding="utf-8").split("\n")
_KNOWN_AGENCY = r"\((?:" + "|".join(re.escape(name) for name in _AGENCIES if name) + r")\)"
_DATELINE = re.compile(
    rf"(?!FILE\b)(?:{_PLACES}(?:, {_DATE})?,? ?{_AGENCY} ?(?:{_DASH}|:)"  # LONDON, May 14 (Reuters) —
    rf"|{_PLACES}(?:, {_DATE})?,? ?{_KNOWN_AGENCY}"  # Istanbul (CNN)
    rf"|{_PLACES}(?:, {_DATE})? {_DASH}(?=\s)"  # Moscow, Russia -
    rf"|{_CAPITALS}{_PLACES}(?:, {_DATE})?(?:—|--)"  # WASHINGTON—
    rf"|{_AGENCY} ?{_DASH})"  # (CNN) —
    r"(?=\s?\S)"
)
_IN_DATELINES = ("(", "—", "–", " -", "--", "―")
_DATELINE_CHARS = 90
_SHORTEST_LEDE_WORDS = 8
_SUBHEAD_WORDS = 14


def marks(lines: Lines) -> list[Mark]:
    """The marks of an article, sorted. To be called when the steps have removed what is not the article's."""
    kept = lines.kept
    found: list[Mark] = []
    headline = kept[0] if kept and _is_headline(kept, lines.title) else None
    if headline:
        found.append(Mark(start=headline.start, end=headline.end, kind="headline"))
    dateline = False
    times = Counter(line.text for line in kept if line.word_count <= _SUBHEAD_WORDS)
    for n, line in enumerate(kept):
        if line is headline:
            continue
        if "correction" in line.says:
            found.append(Mark(start=line.start, end=line.end, kind="correction"))
        elif not dateline and n < 6 and line.word_count >= _SHORTEST_LEDE_WORDS and (length := dateline_length(line.text)):
            dateline = True
            found.append(Mark(start=line.start, end=line.start + length, kind="dateline"))
        elif line.word_count > _SUBHEAD_WORDS:
            continue
        elif times[line.text] <= 2 and _is_subhead(line, kept[n + 1] if n + 1 < len(kept) else None):  # else: who speaks
            found.append(Mark(start=line.start, end=line.end, kind="subhead"))
    return sorted(found, key=lambda mark: mark.start)


def dateline_length(paragraph: str) -> int:
    """How many characters of a paragraph are its dateline: place, perhaps date and agency, and the dash. 0: none.

    A place in mixed case with a single word and a spaced dash counts too (`Moscow - `): what follows must begin a sentence.
    """
    head = paragraph[:_DATELINE_CHARS]
    match = _DATELINE.match(head) if any(sign in head for sign in _IN_DATELINES) else None
    if not match:
        return 0
    following = head[match.end() :].lstrip()
    starts_sentence = following[:1].isupper() or following[:1].isdigit() or following[:1] in "\"'“‘«"
    return match.end() if starts_sentence else 0


def _is_headline(kept: list[Line], title: str | None) -> bool:
    first = kept[0]
    if first.word_count > 30 or len(kept) < 2:
        return False
    if title and (shared := set(title.lower().split())):
        words = set(first.text.lower().split())
        if len(words & shared) >= 0.8 * max(len(words), len(shared)):
            return True
    return (
        first.word_count >= 3
        and not first.ends_sentence
        and not first.text.endswith((":", ","))
        and kept[1].word_count > first.word_count
    )


def _is_subhead(line: Line, following: Line | None) -> bool:
    """A short line without a full stop above a paragraph."""
    if following is None or not following.is_prose:
        return False
    return (
        not line.text.endswith((".", ",", ";", ":", "…"))
        and line.text[0] not in "-–—•*\"“'‘|"
        and not line.text.endswith(('"', "”", "'"))
    )
