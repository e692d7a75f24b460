"""Actors, places and dates; and `entities`, the record that lists those of a story."""

from typing import Literal

from pydantic import Field

from schemas.base import Instant, PubStatus, Record
from schemas.span import Span

ActorKind = Literal["person", "organisation", "country", "place", "group", "unknown"]
ActorRole = Literal[
    "GOV", "MIL", "OPP", "REB", "COP", "JUD", "LEG", "BUS", "MED", "CVL", "IGO", "NGO", "EDU", "HLH", "PTY", "SPT", "CRM", "UNK"
]
PlaceKind = Literal["name", "demonym", "metonym"]


class Derived(Record):
    """What every record after dedupe carries."""

    id: str = Field(description="a function of content: the same article gives the same ids")
    article_uri: str
    article_version: int
    story_id: str
    outlet: str
    published_at: Instant
    pub_status: PubStatus = Field(description="canceled: withdrawn; a tombstone follows")
    extractor: str = Field(description="name/version of the program that made the record")


class Actor(Record):
    """Who: a person, an organisation, a state, or a group of people."""

    spans: list[Span] = Field(
        description="where the actor stands, as written; of a pronoun also the noun of its sentence that it stands for"
    )
    text: str = Field(description="as written at the (first) span")
    name: str = Field(description="canonical name; of a pronoun or description: of whom it stands for")
    kind: ActorKind = "unknown"
    country: str | None = Field(None, pattern="^[A-Z]{3}$", description="ISO 3166-1 alpha-3")
    role: ActorRole | None = None
    resolved_from: Literal["name", "pronoun", "description", "metonym", "demonym", "context"] | None = Field(
        None, description="how `name` was found; absent where the text gives the name itself"
    )


class Place(Record):
    """A point on the map: GeoNames where it is known there."""

    name: str
    geonames_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = Field(None, pattern="^[A-Z]{3}$")
    admin1: str | None = None


class PlaceMention(Span):
    """A place named in the article."""

    kind: PlaceKind = "name"
    name: str
    geonames_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = Field(None, pattern="^[A-Z]{3}$")
    admin1: str | None = None


class DateMention(Span):
    """A date in the article; `value` is a TIMEX3 value such as 2023-03-20, 2016-W37, 2016-Q3, 2024."""

    value: str


class Entities(Derived):
    """The people, organisations, places and dates of one article of a story."""

    people: list[Actor] = Field(default_factory=list)
    organisations: list[Actor] = Field(default_factory=list)
    places: list[PlaceMention] = Field(default_factory=list)
    dates: list[DateMention] = Field(default_factory=list)


class Withdrawn(Derived):
    """A record that no longer holds: the article was corrected or killed. It carries what all records carry, with `pub_status`
    canceled; a tombstone of the same key follows."""

    pub_status: Literal["canceled"] = "canceled"
