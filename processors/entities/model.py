"""What coreference works with: entities, and the mentions of them in a Doc."""

from dataclasses import dataclass, field
from typing import Literal

from schemas import ActorKind, ActorRole

Gender = Literal["female", "male"]
How = Literal["name", "short", "pronoun", "description"]
"""How a mention says whom it means: by the full name, a part of it, a pronoun, or a description."""


@dataclass(slots=True, eq=False)
class Entity:
    """Someone or something that an article speaks of."""

    name: str
    kind: ActorKind
    country: str | None = None
    role: ActorRole | None = None
    gender: Gender | None = None
    plural: bool = False
    named: bool = False
    capital_of: str | None = None
    """The state that the place is the capital of: where it acts, that state does."""
    descriptions: set[str] = field(default_factory=set)
    """Role phrases that the article gives it: president, company."""
    mentions: list["Mention"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Mention:
    """Tokens `start` to `end` (exclusive), with their syntactic `head`, mean `entities` (several: "the two leaders")."""

    start: int
    end: int
    head: int
    how: How
    entities: list[Entity]
    form: str = "name"
    """For listed names lexicon.Known.form: name, adjective, nationals, capital, seat, region."""
