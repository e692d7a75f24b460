"""What is left of the page around its furniture: lines that no phrase knows, but whose place tells."""

from processors.cleaning.lines import Line, Lines
from schemas.article import RemovedReason

_FURNITURE: tuple[RemovedReason, ...] = ("subscription", "social", "credit", "contact", "bio", "boilerplate")
_LARGEST_SHARE = 0.1
"""More of the article's words than this are not left over."""
_MAX_LINE_WORDS = 16
_MAX_LINES = 6
_BLOCK_LINES = 3
_MIN_TAGS = 4
_MIN_LONG_TAGS = 6
_MAX_LONG_TAG_WORDS = 7
_COUNTRY_FIELD = "Afghanistan Albania Algeria"
_LAST_LINES = 4
_MAX_TAG_WORDS = 4
_MAX_TAGS_CHARS = 400


def remove_leftovers(lines: Lines) -> None:
    """Lines behind the end of the article, and lines between two that ask for a subscription, a donation or a share."""
    _remove_forms(lines)
    _remove_behind_the_end(lines)
    _remove_between(lines)
    _remove_tags(lines)


def _remove_forms(lines: Lines) -> None:
    """The choices of a form's country field."""
    if _COUNTRY_FIELD in lines.body:
        for line in lines.kept:
            if _COUNTRY_FIELD in line.text:
                lines.remove(line, "subscription")


def _remove_tags(lines: Lines) -> None:
    """A list of keywords behind the last paragraph."""
    stop = lines.prose.stop
    if not stop:
        return
    for line in lines.kept:
        if line.index < max(stop, len(lines.lines) - _LAST_LINES) or line.ends_sentence or ":" in line.plain:
            continue
        tags = line.plain[:_MAX_TAGS_CHARS].split(",")
        longest = max(len(tag.split()) for tag in tags)
        if len(tags) >= _MIN_TAGS and longest <= (_MAX_LONG_TAG_WORDS if len(tags) >= _MIN_LONG_TAGS else _MAX_TAG_WORDS):
            lines.remove(line, "boilerplate")


def _remove_behind_the_end(lines: Lines) -> None:
    """Where an agency's or a page's last words stand behind the last paragraph, the short lines after them are the page's too."""
    stop = lines.prose.stop
    end = min((n for n, reason in lines.removed.items() if n >= stop > 0 and reason in _FURNITURE), default=None)
    if end is None:
        return
    behind = [line for line in lines.kept if line.index > end]
    short = len(behind) <= _MAX_LINES and all(line.word_count <= _MAX_LINE_WORDS for line in behind)
    if short and _words(behind) <= _LARGEST_SHARE * _words(lines.lines):
        for line in behind:
            lines.remove(line, "boilerplate")


def _remove_between(lines: Lines) -> None:
    """A line in a block of such lines: between two of them, and a third no further than three lines away."""
    asking = {n for n, reason in lines.removed.items() if reason == "subscription"}
    if len(asking) < _BLOCK_LINES:
        return
    between = [
        line
        for line in lines.kept[len(lines.kept) // 3 :]
        if {line.index - 1, line.index + 1} <= asking
        and not line.is_item
        and len(asking.intersection(range(line.index - 3, line.index + 4))) >= _BLOCK_LINES
    ]
    for line in between:
        lines.remove(line, "boilerplate")


def _words(lines: list[Line]) -> int:
    return sum(line.word_count for line in lines)
