"""`digests`, what joining stories needs of each; `quotes`: one quote followed over stories, outlets and days."""

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
