"""From a raw article to a clean one: the body, what in it is not the article's prose, and its fingerprint."""

from datetime import datetime, timedelta

from processors.dedupe import fingerprint
from processors.text import TextView
from schemas import CleanArticle, RawArticle

MAX_AHEAD = timedelta(hours=1)


def event_time(raw: RawArticle, received_at: datetime) -> datetime:
    """`published_at`, else `version_created`, else `received_at`; more than an hour ahead of
    `received_at`: that."""
    stated = raw.published_at or raw.version_created
    return received_at if stated is None or stated > received_at + MAX_AHEAD else stated


def clean(raw: RawArticle, received_at: datetime) -> CleanArticle:
    """Clean one article.

    `received_at` is the instant at which the record reached Kafka. Deterministic: the same arguments give the same article.
    """
    body = raw.body
    return CleanArticle(
        **raw.model_dump(exclude={"unreadable_dates", "body", "published_at", "language", "version_created"}),
        body=body,
        language=raw.language or "en",
        published_at=event_time(raw, received_at),
        version_created=raw.version_created,
        fingerprint=fingerprint(TextView(body).text),
    )
