"""`events`: who did what to whom, where, when, and whether it happened."""

from typing import Literal

from pydantic import Field

from schemas.base import Record
from schemas.entity import Actor, Derived, Place
from schemas.span import Span

Factuality = Literal["actual", "planned", "alleged", "possible", "denied"]


class EventPlace(Place):
    """Where it happened, and the words that say so."""

    span: Span | None = None


class EventTime(Record):
    """When it happened: a TIMEX3 value, and the words that say so."""

    span: Span | None = None
    value: str


class Event(Derived):
    """One event; all its mentions in the article are merged into it."""

    type: str = Field(description="a type of processors/events/types.json: PLOVER, the news types, or OTHER")
    mode: str | None = None
    trigger: Span = Field(description="the words that denote the event")
    sentence: Span
    mentions: list[Span] = Field(default_factory=list, description="all trigger spans merged into the record, this one included")
    operators: list[str] = Field(
        default_factory=list,
        description="what made the type, outermost first, ending in the type of the trigger itself: future, CONSULT",
    )
    source: list[Actor] = Field(default_factory=list, description="who did it")
    target: list[Actor] = Field(default_factory=list, description="to whom")
    place: EventPlace | None = None
    time: EventTime | None = None
    factuality: Factuality
    factuality_cue: Span | None = None
    claim_id: str | None = Field(None, description="the claim that reports the event")
    confidence: float = Field(ge=0, le=1)
