"""`articles.raw` (what a feed pushes) and `articles.clean` (what the clean stage makes of it)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from schemas.base import Instant, PubStatus, Record
from schemas.span import Range

ContentType = Literal["text/plain", "text/html"]
MAX_ARTICLE_BYTES = 4 * 1024 * 1024
"""The largest article, as delivered."""


def _absent_if_empty(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _instant_or_absent(value: Any) -> Any:
    """A date that cannot be read is dropped; `RawArticle.unreadable_dates` names it."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if not isinstance(value, str) or not value.strip():
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):  # ISO 8601; RFC 2822, as RSS writes it
        try:
            instant = read(value.strip())
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            continue
    return None


Optional = BeforeValidator(_absent_if_empty)
OptionalInstant = Annotated[Instant | None, BeforeValidator(_instant_or_absent)]


class RawArticle(Record):
    """One version of a news item as its feed pushed it. Fields that this model does not know are left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    uri: str = Field(min_length=1, description="identifies the news item over all its versions")
    version: int = Field(1, ge=0, description="a correction has the same uri and a higher version")
    pub_status: PubStatus = Field("usable", description="canceled: a kill (IPTC ninjs)")
    outlet: str = Field(min_length=1, description="who delivered it; the key of the topic")
    url: Annotated[str | None, Optional] = None
    title: Annotated[str | None, Optional] = None
    body: str = Field(description="the text as delivered; may be empty in a kill only")
    content_type: ContentType = "text/plain"
    language: Annotated[str | None, Optional] = Field(None, description="BCP 47, as the feed says; identified where absent")
    published_at: OptionalInstant = None
    version_created: OptionalInstant = None
    authors: list[str] = Field(default_factory=list)
    unreadable_dates: tuple[str, ...] = Field((), exclude=True, description="names of date fields that were dropped")

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        # An empty string or null means absent; so does an empty `uri`, which is then missing.
        known = {k: v for k, v in data.items() if v is not None and (k == "body" or v != "")}
        known["unreadable_dates"] = tuple(
            k for k in ("published_at", "version_created") if k in known and _instant_or_absent(known[k]) is None
        )
        return known

    @field_validator("uri", "outlet")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is blank")
        return value

    @model_validator(mode="after")
    def _has_text(self) -> "RawArticle":
        if self.pub_status != "canceled" and not self.body.strip():
            raise ValueError("body is empty; only a kill (pub_status canceled) may have none")
        return self


RemovedReason = Literal[
    "caption", "promo", "credit", "duplicate", "boilerplate", "byline", "subscription", "social", "bio", "contact"
]
MarkKind = Literal["headline", "subhead", "dateline", "correction"]


class Removed(Range):
    """A piece of the body that is not the article's prose."""

    reason: RemovedReason


class Mark(Range):
    """A piece that stays in the text but is not running prose."""

    kind: MarkKind


class Repair(Range):
    """`body[start:end]` reads as `replacement` (encoding, invisible characters, broken lines). The body itself is not changed."""

    replacement: str


Sketched = Annotated[int, Field(ge=0, le=0xFFFF)]


class Paragraph(Range):
    """A paragraph of the clean text, from its first to its last character in the body. A text that has lost its line breaks is
    given in sentences."""

    sketch: list[Sketched] = Field(min_length=2, description="16-bit hashes: of all its words, and of some of its word 5-grams")


class CleanArticle(Record):
    """The article with its body whole, and what in it is not prose. The clean text is the body less `removed`."""

    uri: str
    version: int
    pub_status: PubStatus
    outlet: str
    url: str | None = None
    title: str | None = None
    body: str = Field(description="plain text; for text/html the extracted text")
    content_type: ContentType = "text/plain"
    language: str = Field(description="ISO 639-1 code; `und` where it cannot be told")
    published_at: Instant = Field(description="event time: published_at, else version_created, else when Kafka received it")
    dated_by: Literal["arrival"] | None = Field(
        None, description="published_at is when Kafka received it: no date of its own can be right"
    )
    version_created: Instant | None = None
    authors: list[str] = Field(default_factory=list)
    removed: list[Removed] = Field(default_factory=list, description="sorted, not overlapping")
    marks: list[Mark] = Field(default_factory=list, description="sorted")
    repaired: list[Repair] = Field(default_factory=list, description="sorted, not overlapping")
    fingerprint: list[int] = Field(default_factory=list, description="sampled hashes of word 5-grams, ascending")
    paragraphs: list[Paragraph] = Field(default_factory=list, description="of the clean text, at most 512, sorted")
