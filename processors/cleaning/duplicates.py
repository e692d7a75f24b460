"""Lines printed twice: captions and teasers that an extractor took from a link's text and again from its picture, pull quotes."""

from processors.cleaning.lines import Line, Lines

_SEARCH_BUDGET_CHARS = 20_000_000
"""Bounds the search for one line in the others: lines times length of the body."""

_MIN_WORDS = 4
_MIN_QUOTE_WORDS = 9
"""A shorter quote on its own line may be a subhead."""
_QUOTES = "\"“‘'«"
_EDGES = " \"'«».,;:!?…-–—•*()[]"
_MIN_PARAGRAPH_WORDS = 20


def remove_doubled_lines(lines: Lines) -> None:
    """Pairs of neighbours of which the second holds the first, paragraphs printed again, and pull quotes."""
    _remove_pairs(lines)
    _remove_repeats(lines)
    _remove_pull_quotes(lines)


def _remove_pairs(lines: Lines) -> None:
    """A line, and the next one with the same words and a little before or behind them.

    Sentence and credit: a caption, printed alone and again with its credit. Headline, and the headline behind a section or
    a name: a teaser of another article.
    """
    for first, second in zip(lines.lines, lines.lines[1:], strict=False):
        if not first.plain or not second.plain or first.word_count < _MIN_WORDS:
            continue
        extra = second.word_count - first.word_count
        if not 0 <= extra <= 12 or first.plain not in second.plain:
            continue
        behind = second.plain.startswith(first.plain)
        if extra == 0 and first.plain == second.plain:
            if first.index == 0:
                lines.remove(second, "duplicate")
                continue
            kind = "caption" if first.near or second.near else "duplicate"
            lines.remove(second, "duplicate")
            if kind == "caption" and second.near and not first.near and first.word_count <= 40:
                lines.remove(first, "caption" if first.ends_sentence else "promo")
        elif behind and ("caption" in second.says or (second.near and not second.ends_sentence)):
            lines.remove(first, "caption")
            lines.remove(second, "caption")
        elif second.plain.endswith(first.plain) and not first.ends_sentence and first.index > 0:
            lines.remove(first, "promo")
            lines.remove(second, "promo")


def _remove_repeats(lines: Lines) -> None:
    """A paragraph printed again further down. What comes more often is a refrain: the same question asked of twenty people."""
    seen: dict[str, list[Line]] = {}
    for line in lines.kept:
        if line.is_prose and line.word_count >= _MIN_PARAGRAPH_WORDS and not line.text.endswith("?"):
            seen.setdefault(line.plain or line.text, []).append(line)
    for same in seen.values():
        if len(same) == 2:
            lines.remove(same[1], "duplicate")


def _remove_pull_quotes(lines: Lines) -> None:
    """A short line whose words stand in a longer paragraph too: a pull quote, or a caption made from the text."""
    candidates = [line for line in lines.kept[1:] if 6 <= line.word_count <= 60 and line.plain]
    if not candidates:
        return
    whole = "\n".join(line.plain for line in lines.kept)
    for line in candidates[: max(8, _SEARCH_BUDGET_CHARS // (len(whole) + 1))]:
        if not line.ends_sentence and (line.text[0] not in _QUOTES or line.word_count < _MIN_QUOTE_WORDS):
            continue
        words = line.plain.strip(_EDGES)
        if whole.find(words, whole.find(words) + 1) >= 0 and _inside_longer_line(whole, words):
            lines.remove(line, "duplicate")


def _inside_longer_line(whole: str, words: str) -> bool:
    at = whole.find(words)
    for _ in range(4):
        if at < 0:
            return False
        start, end = whole.rfind("\n", 0, at) + 1, whole.find("\n", at)
        if (end if end >= 0 else len(whole)) - start > len(words) * 1.3 + 20:
            return True
        at = whole.find(words, at + 1)
    return False
