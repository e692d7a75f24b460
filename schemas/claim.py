"""`claims`: who says what."""

from typing import Literal

from pydantic import Field

from schemas.entity import Actor, Derived
from schemas.span import Span

ClaimKind = Literal["direct", "indirect", "mixed"]
ClaimClass = Literal["statement", "belief", "intent", "evidence", "decree", "accusation"]


class Claim(Derived):
    """One attribution: a source, the cue that attributes, and the content attributed."""

    source: list[Span] = Field(default_factory=list, description="the speaker as written; empty where nobody is named")
    speaker: Actor | None = Field(None, description="the source resolved to a name")
    cue: list[Span]
    content: list[Span] = Field(min_length=1, description="in text order; several where a quote is interrupted")
    kind: ClaimKind
    claim_class: ClaimClass = Field(alias="class")
    polarity: Literal["positive", "negative"] = "positive"
    certainty: Literal["certain", "probable", "possible"] = "certain"
    check_worthiness: float | None = Field(None, ge=0, le=1)
    nested: bool | None = Field(None, description="true where the claim stands inside another claim's content")
    repeats: str | None = Field(None, description="id of an earlier claim of the article that says the same")
    addressee: Actor | None = None
    event_ids: list[str] = Field(default_factory=list, description="events that the content reports")
    confidence: float = Field(ge=0, le=1)
