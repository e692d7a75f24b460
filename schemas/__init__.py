"""The contract: one model a record. The JSON Schemas and the AsyncAPI document are made from these."""

from schemas.article import MAX_ARTICLE_BYTES, CleanArticle, Mark, MarkKind, Paragraph, RawArticle, Removed, RemovedReason, Repair
from schemas.base import Instant, PubStatus, Record, rfc3339
from schemas.claim import Claim, ClaimClass, ClaimKind
from schemas.entity import Actor, ActorKind, ActorRole, DateMention, Derived, Entities, Place, PlaceMention, Withdrawn
from schemas.event import Event, EventPlace, EventTime, Factuality
from schemas.linked import Digest, Occurrence, Quote, Quoted, Report, Sighting
from schemas.span import Range, Span
from schemas.story import Difference, Role, Similarity, StoryArticle

__all__ = [
    "MAX_ARTICLE_BYTES",
    "Actor",
    "ActorKind",
    "ActorRole",
    "Claim",
    "ClaimClass",
    "ClaimKind",
    "CleanArticle",
    "DateMention",
    "Derived",
    "Difference",
    "Digest",
    "Entities",
    "Event",
    "EventPlace",
    "EventTime",
    "Factuality",
    "Instant",
    "Mark",
    "MarkKind",
    "Occurrence",
    "Paragraph",
    "Place",
    "PlaceMention",
    "PubStatus",
    "Quote",
    "Quoted",
    "Range",
    "RawArticle",
    "Record",
    "Removed",
    "RemovedReason",
    "Repair",
    "Report",
    "Role",
    "Sighting",
    "Similarity",
    "Span",
    "StoryArticle",
    "Withdrawn",
    "rfc3339",
]
