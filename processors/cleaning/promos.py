"""Promos and teasers of other articles."""

import re

from processors.cleaning.lines import Line, Lines
from processors.cleaning.phrases import remove_matching

_INSERT = re.compile(
    r"(?<!\w)(?:[\w.’'-]{1,30}-)?(?P<name>[A-Z][\w.’'-]{0,30}[a-z])"
    r"(?P<insert> ?(?:[A-Z(][\w.()’'-]{0,30} ){1,6}?(?P=name)(?=[A-Z\d“‘\"'$])[^\n]{10,700}?\sMORE)(?![\w-])"
)
_LONGEST_LIST = 15
_SHORTEST_ARTICLE_LINES = 3
_LARGEST_SHARE = 0.2
"""Headlines with more of the article's words than this are what it is about."""
_TITLE_CASE = 0.7
"""Share of capitalised words in a headline in title case."""
_RUNNING_TIME = re.compile(r"(?:[a-z]{3,9}\.? \d{1,2}, \d{4} ?)?\d{1,2}:\d\d$")
_SENTENCE_WORDS = 16
"""A longer line that ends in a question or exclamation mark is text again."""
_SHOUTED_WORDS = 8
"""Fewer words in capitals may be a heading of the article's own."""


def remove_promos(lines: Lines) -> None:
    """Lists of other articles with their heading, "Read more" lines, headlines in capitals, and headlines after the end."""
    _remove_lists(lines)
    remove_matching(lines, "promo")
    _remove_labelled_headlines(lines)
    _remove_shouted_headlines(lines)
    _remove_headlines_at_the_end(lines)
    _remove_videos(lines)


def remove_inserts(lines: Lines) -> None:
    """Headlines in the middle of a sentence, as some outlets put them behind a name: the name again, whole and glued to headlines
    of other articles about its bearer, up to the word MORE."""
    if " MORE" in lines.body:
        lines.inserts += [match.span("insert") for match in _INSERT.finditer(lines.body)]


def _remove_lists(lines: Lines) -> None:
    for line in lines.said.get("heading", ()):
        if line.ends_sentence and not line.text.endswith(("...", "…", "?")):
            continue
        lines.remove(line, "promo")
        for item in lines.lines[line.index + 1 : line.index + 1 + _LONGEST_LIST]:
            if not item.is_headline or "heading" in item.says or (item.ends_sentence and item.word_count >= _SENTENCE_WORDS):
                break
            lines.remove(item, "promo")


def _remove_labelled_headlines(lines: Lines) -> None:
    """`Watch: …`, `Opinion: …`, unless it is an item of a list or a sentence of the article."""
    first = next(iter(lines.kept), None)
    for line in lines.said.get("teaser", ()):
        if line is not first and not line.is_item and not line.text.endswith((".", ":")):
            lines.remove(line, "promo")


def _remove_shouted_headlines(lines: Lines) -> None:
    """A headline in capitals between paragraphs that are not: a link to another article."""
    shouted = [
        line
        for line in lines.kept[1:]
        if not line.ends_sentence
        and line.word_count >= _SHOUTED_WORDS
        and line.text[0] not in "(["
        and not line.text.endswith(":")
        and line.shouted
    ]
    if shouted and not lines.shouts:
        for line in shouted:
            lines.remove(line, "promo")


def _remove_headlines_at_the_end(lines: Lines) -> None:
    """Two or more headlines in title case, one below the other, behind the last paragraph."""
    prose = lines.prose
    if len(prose) < _SHORTEST_ARTICLE_LINES:
        return
    largest = _LARGEST_SHARE * sum(line.word_count for line in lines.lines)
    run: list[Line] = []
    for line in [*(line for line in lines.kept if line.index >= prose.stop), None]:
        if line and line.is_headline and not line.is_item and line.word_count >= 4 and line.titled >= _TITLE_CASE:
            run.append(line)
            continue
        if 2 <= len(run) <= _LONGEST_LIST and sum(headline.word_count for headline in run) <= largest:
            for headline in run:
                lines.remove(headline, "promo")
        run = []


def _remove_videos(lines: Lines) -> None:
    """A line that is only a running time (`05:31`, perhaps behind a date), and the title of the video above it."""
    for line in lines.kept[1:]:
        if line.word_count <= 4 and _RUNNING_TIME.match(line.plain):
            above = lines.lines[line.index - 1]
            lines.remove(line, "promo")
            if above.word_count <= 20 and not above.is_prose:
                lines.remove(above, "promo")
