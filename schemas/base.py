"""What all records share: snake_case, unknown fields refused, absent where unknown."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

PubStatus = Literal["usable", "withheld", "canceled"]


def rfc3339(instant: datetime) -> str:
    """`2023-03-20T18:00:00Z`: an instant as every record and header writes it (RFC 3339, UTC)."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[
    AwareDatetime,
    AfterValidator(lambda instant: instant.astimezone(UTC)),
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant in UTC; written as RFC 3339."""


class Record(BaseModel):
    """Base of every model: immutable, refuses fields it does not know, leaves out what is absent."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    def to_json(self) -> bytes:
        """The record as UTF-8 JSON without absent fields."""
        return orjson.dumps(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON types without absent fields."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def from_json(cls, value: bytes) -> Self:
        """Parse and validate. Raises `pydantic.ValidationError`."""
        return cls.model_validate_json(value)
