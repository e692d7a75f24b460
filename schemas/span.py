"""Where something stands in an article: the one coordinate system of all records."""

from typing import Literal, Self

from pydantic import Field

from schemas.base import Record


class Range(Record):
    """A piece of the body, in Unicode code points; `end` is exclusive."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Span(Range):
    """A piece of the article with its text: `body[start:end] == text` (or `title[start:end]`)."""

    text: str
    field: Literal["title"] | None = Field(None, description="`title` where the span lies in the title; absent: the body")

    @classmethod
    def of(cls, body: str, start: int, end: int) -> Self:
        """The span of `body` from `start` to `end`."""
        return cls(start=start, end=end, text=body[start:end])
