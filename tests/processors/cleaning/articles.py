"""Texts of our own writing for the tests of cleaning, as dirty as what feeds send."""

from datetime import UTC, datetime

from processors.cleaning import clean
from schemas import CleanArticle, RawArticle

RECEIVED_AT = datetime(2024, 5, 14, 12, tzinfo=UTC)

LEDE = "Harbourville, Estonia - Mayor Linda Kask opened the rebuilt harbour on Tuesday, two years after a storm had destroyed it."
SECOND = "The work cost 40 million euros, a third more than the council had planned, and took eight months longer than promised."
THIRD = '"We have learned what the sea can do," Kask said at the ceremony, which some 300 people attended in heavy rain.'
LAST = "The first ferry is to leave for Sweden on Friday morning if the wind allows it, the port authority said in a statement."


def paragraphs(*texts: str) -> str:
    return "\n\n".join(texts)


def cleaned(body: str, **fields: object) -> CleanArticle:
    return clean(RawArticle.model_validate({"uri": "test:1", "outlet": "example.org", "body": body} | fields), RECEIVED_AT)


def removed(article: CleanArticle) -> list[tuple[str, str]]:
    """What is removed: (reason, text)."""
    return [(r.reason, article.body[r.start : r.end]) for r in article.removed]


def marked(article: CleanArticle) -> list[tuple[str, str]]:
    """What is marked: (kind, text)."""
    return [(m.kind, article.body[m.start : m.end]) for m in article.marks]


def between(*lines: str) -> CleanArticle:
    """An article with the lines as paragraphs in its middle."""
    return cleaned(paragraphs(LEDE, SECOND, *lines, THIRD, LAST))


def behind(*lines: str) -> CleanArticle:
    """An article with the lines as paragraphs behind its end."""
    return cleaned(paragraphs(LEDE, SECOND, THIRD, LAST, *lines))
