"""Promos and teasers of other articles."""

from processors.cleaning.lines import Line, Lines
from processors.cleaning.phrases import remove_matching, tables

_LONGEST_LIST = 15
_SHOUTED_WORDS = 8
"""Fewer words in capitals may be a heading of the article's own."""


def remove_promos(lines: Lines) -> None:
    """Lists of other articles with their heading, "Read more" lines, headlines in capitals, and headlines after the end."""
    _remove_lists(lines)
    remove_matching(lines, "promo")
    _remove_labelled_headlines(lines)
    _remove_shouted_headlines(lines)
    _remove_headlines_at_the_end(lines)


def _remove_lists(lines: Lines) -> None:
    heading = tables()["heading"]
    at = 0
    while at < len(lines.lines):
        line = lines.lines[at]
        at += 1
        if not heading.match(line):
            continue
        lines.remove(line, "promo")
        for item in lines.lines[at : at + _LONGEST_LIST]:
            if not item.is_headline or heading.match(item) or _label(item):
                break
            lines.remove(item, "promo")
            at = item.index + 1


def _remove_labelled_headlines(lines: Lines) -> None:
    """`Watch: …`, `Opinion: …`, unless it is an item of a list or a sentence of the article."""
    teaser = tables()["teaser"]
    for line in lines.kept[1:]:
        if line.text[0] not in "-–•*" and not line.text.endswith((".", ":")) and teaser.match(line):
            lines.remove(line, "promo")


def _label(line: Line) -> bool:
    """A short heading in the text, which ends a list above it."""
    return line.ends_sentence and line.word_count >= 16


def _remove_shouted_headlines(lines: Lines) -> None:
    """A headline in capitals between paragraphs that are not: a link to another article."""
    if lines.shouts:
        return
    for line in lines.kept[1:]:
        if line.shouted and line.word_count >= _SHOUTED_WORDS and not line.ends_sentence and not line.text.endswith(":"):
            lines.remove(line, "promo")


def _remove_headlines_at_the_end(lines: Lines) -> None:
    """Two or more headlines in title case behind the last paragraph."""
    prose = lines.prose
    if len(prose) < 3:
        return
    tail = [line for line in lines.kept if line.index >= prose.stop]
    if 2 <= len(tail) <= 8 and all(line.is_headline and line.word_count >= 4 and line.titled >= 0.7 for line in tail):
        for line in tail:
            lines.remove(line, "promo")
