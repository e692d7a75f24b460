"""What the memory of an outlet's lines (`processors.boilerplate`) is shown of an article."""

import re
from zlib import crc32

from processors.boilerplate import Imprint, ShownLine, line_hash
from processors.cleaning.lines import Line
from processors.dedupe.words import title_words
from schemas import CleanArticle

_MAX_LINES = 120
"""Shown of an article, the first and the last ones: boilerplate stands there."""
_MIN_TITLE_WORDS = 4
"""A shorter title may be a heading in other articles."""
_LABEL_WORDS = 5
"""Lines of so many words are names and labels. Inside the text they may be subheads, speakers or sources and never count."""
_SUBHEAD_WORDS = 7
_FIRST_LINES, _LAST_LINES = 3, 5
"""Where boilerplate stands most."""
_LABELS, _AT_EDGE, _PROSE_AT_EDGE, _INSIDE, _PROSE_INSIDE = 3, 3, 4, 4, 6
"""In how many articles a line of each kind must stand: prose may be a paragraph of background, a list's lines are short."""
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_TABLE_WORDS = 30
_LARGEST_NUMBER_SHARE = 1 / 3
"""A line with more numbers among its words is of a table, a list of results or a forecast."""


def imprint(article: CleanArticle, lines: list[Line]) -> Imprint:
    """What to show of an article that the rules have cleaned; `lines` are those that they have kept."""
    headings = {mark.start for mark in article.marks if mark.kind in ("subhead", "headline")}
    first_prose = next((n for n, line in enumerate(lines) if line.is_prose), len(lines))
    shown = []
    last = len(lines) - _LAST_LINES
    for n, line in enumerate(lines):
        at_edge = n < _FIRST_LINES or n >= last
        enough = _enough(line, n < first_prose, at_edge, line.start in headings)
        if enough or (line.word_count >= _MIN_TITLE_WORDS and not line.is_prose):
            shown.append(ShownLine(line_hash(line.plain or line.text), line.start, line.end, line.word_count, enough))
    title = " ".join((article.title or "").split())
    return Imprint(
        outlet=article.outlet,
        uri=crc32(article.uri.encode("utf-8", "surrogatepass")),
        title=line_hash(Line(0, 0, title, near=False).plain) if len(title.split()) >= _MIN_TITLE_WORDS else 0,
        title_words=title_words(title or (lines[0].text if lines else "")),
        lines=shown if len(shown) <= _MAX_LINES else shown[: _MAX_LINES // 2] + shown[-_MAX_LINES // 2 :],
        word_count=sum(line.word_count for line in lines),
    )


def _enough(line: Line, is_above: bool, at_edge: bool, is_heading: bool) -> int:
    """In how many articles about different things a line must stand to be boilerplate; 0: it never is."""
    if line.text.endswith((":", "...", "…")):  # it introduces what follows
        return 0
    words = line.word_count
    if words <= _TABLE_WORDS and len(_NUMBER.findall(line.plain)) > _LARGEST_NUMBER_SHARE * words:
        return 0
    if words <= _LABEL_WORDS:
        return _LABELS if is_above and words > 1 and all(not word[0].islower() for word in line.text.split()) else 0
    if line.ends_sentence:
        return _PROSE_AT_EDGE if at_edge and line.text[0] not in "\"'“‘«„" else _PROSE_INSIDE
    if is_heading and words <= _SUBHEAD_WORDS:
        return 0
    return _AT_EDGE if at_edge else _INSIDE
