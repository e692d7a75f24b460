"""From a raw article to a clean one: the body, what in it is not the article's prose, and its fingerprint."""

from datetime import datetime, timedelta

from processors.boilerplate import Imprint
from processors.cleaning.imprint import imprint
from processors.cleaning.lines import Lines
from processors.cleaning.marks import marks
from processors.cleaning.page import read_page
from processors.cleaning.phrases import find_phrases
from processors.cleaning.repairs import repairs
from processors.cleaning.steps import STEPS
from processors.dedupe import described
from processors.language import language_of
from processors.text import TextView, outside
from schemas import CleanArticle, RawArticle, Removed

MAX_AHEAD = timedelta(hours=1)


def event_time(raw: RawArticle, received_at: datetime) -> datetime | None:
    """`published_at`, else `version_created`; None where neither is there, or lies more than an hour ahead of `received_at`."""
    stated = raw.published_at or raw.version_created
    return None if stated is None or stated > received_at + MAX_AHEAD else stated


def clean(raw: RawArticle, received_at: datetime) -> CleanArticle:
    """Clean one article by the rules, as `clean_and_imprint` does."""
    return clean_and_imprint(raw, received_at)[0]


def clean_and_imprint(raw: RawArticle, received_at: datetime) -> tuple[CleanArticle, Imprint]:
    """Clean one article, and say what the memory of its outlet's lines is to be shown of it.

    `received_at` is the instant at which the record reached Kafka. Of an HTML page the body is the extracted text, and what
    the feed left empty (title, authors, date, language) is taken from the page. Deterministic: the same arguments give the
    same article. Raises `processors.errors.Unprocessable` where there is no text.
    """
    body = raw.body
    if raw.content_type == "text/html" and body.strip():
        raw, body = _from_page(raw)
    repaired = repairs(body)
    lines = Lines.of(body, raw.title, repaired, names=[*raw.authors, raw.outlet])
    find_phrases(lines)
    for step in STEPS:
        step(lines)
    removed = [
        Removed(start=line.start, end=line.end, reason=reason) for line in lines.lines if (reason := lines.removed.get(line.index))
    ]
    if lines.inserts:
        inserts = outside([Removed(start=start, end=end, reason="promo") for start, end in lines.inserts], removed)
        removed = sorted([*removed, *inserts], key=lambda range: range.start)
    view = TextView(body, removed, repaired)
    fingerprint, paragraphs = described(view)
    stated = event_time(raw, received_at)
    article = CleanArticle(
        uri=raw.uri,
        version=raw.version,
        pub_status=raw.pub_status,
        outlet=raw.outlet,
        url=raw.url,
        title=raw.title,
        body=body,
        content_type=raw.content_type,
        language=language_of(view.text, raw.language),
        published_at=stated or received_at,
        dated_by=None if stated else "arrival",
        version_created=raw.version_created,
        authors=raw.authors,
        removed=removed,
        marks=marks(lines),
        repaired=outside(repaired, removed),
        fingerprint=fingerprint,
        paragraphs=paragraphs,
    )
    return article, imprint(article, lines.kept)


def _from_page(raw: RawArticle) -> tuple[RawArticle, str]:
    """The article with what its feed left empty filled from its page, and the page's text. The feed's word is stronger."""
    page = read_page(raw.body, raw.url)
    return raw.model_copy(
        update={
            "title": raw.title or page.title,
            "authors": raw.authors or page.authors,
            "published_at": raw.published_at or page.published_at,
            "language": raw.language or page.language,
        }
    ), page.text
