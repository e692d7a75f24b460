"""`digests`, what joining stories needs of each; `quotes`, one quote followed over stories; `occurrences`, reports of one."""

from typing import Literal

from pydantic import Field

from schemas.base import Instant, PubStatus, Record
from schemas.entity import Derived
from schemas.event import Event


class Quoted(Record):
    """What a claim has in quotation marks."""

    claim_id: str
    speaker: str | None = Field(None, description="the speaker's canonical name; a description where no name is known")
    text: str = Field(description="the quoted words, pieces joined by a blank; the first 1,500 characters")


class Digest(Derived):
    """What one story's article says, as far as other stories may say it too. The latest one of a story holds; one with `pub_status`
    canceled: the story has no records any more."""

    dated_by: Literal["arrival"] | None = Field(None, description="published_at is when Kafka received the article")
    quotes: list[Quoted] = Field(default_factory=list, description="in text order; the first 200")
    events: list[Event] = Field(default_factory=list, description="in text order; the first 200")


class Sighting(Record):
    """One story in which a quote stands."""

    claim_id: str
    article_uri: str
    story_id: str
    outlet: str
    published_at: Instant
    speaker: str | None = Field(None, description="as `Quoted.speaker`; another name than the others' is worth a look")
    text: str = Field(description="as this story cuts it")


class Quote(Record):
    """One quote in two stories or more, cut and with other edges in each. A story that joins or leaves makes a new version."""

    id: str = Field(description="of the claim in which it was first seen")
    version: int = Field(ge=1)
    pub_status: PubStatus = Field(description="canceled: fewer than two stories hold it now; a tombstone follows")
    extractor: str = Field(description="name/version of the program that made the record")
    speaker: str | None = Field(None, description="the name that most stories give")
    text: str = Field(description="the longest wording")
    first_seen: Instant
    last_seen: Instant
    outlets: list[str] = Field(description="in order of their first sighting")
    stories: int = Field(ge=0, description="all that joined; more than there are sightings where these are too many to keep")
    sightings: list[Sighting] = Field(description="by time; the first and the latest 99")


class Report(Record):
    """One story that reports an occurrence."""

    event_id: str
    article_uri: str
    story_id: str
    outlet: str
    published_at: Instant
    source: list[str] = Field(description="names of who did it, in this story")
    target: list[str] = Field(description="names of whom it was done to, in this story")
    mode: str | None = Field(None, description="as `Event.mode`")
    place: str | None = Field(None, description="country/admin1/name, as far as known")
    time: str | None = Field(None, description="TIMEX3 value, to the day")


class Occurrence(Record):
    """One occurrence in two stories or more: count these, not events. A story that joins or leaves makes a new version."""

    id: str = Field(description="of the event in which it was first reported")
    version: int = Field(ge=1)
    pub_status: PubStatus = Field(description="canceled: fewer than two stories report it now; a tombstone follows")
    extractor: str = Field(description="name/version of the program that made the record")
    type: str = Field(description="as `Event.type`")
    factuality: str = Field(description="as `Event.factuality`; a plan and its execution are two occurrences")
    source: list[str] = Field(description="names, the one that most stories give first")
    target: list[str] = Field(description="names, the one that most stories give first")
    place: str | None = Field(None, description="country/admin1/name, as most stories have it")
    time: str | None = Field(None, description="TIMEX3 value, as most stories have it")
    first_seen: Instant
    last_seen: Instant
    outlets: list[str] = Field(description="in order of their first report")
    stories: int = Field(ge=0, description="all that joined; more than there are reports where these are too many to keep")
    reports: list[Report] = Field(description="by time; the first and the latest 99")
