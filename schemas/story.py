"""`stories`: the clean article with the dedupe decision."""

from typing import Literal

from pydantic import Field

from schemas.article import CleanArticle
from schemas.base import Record

Role = Literal["original", "copy", "update", "kill"]


class Similarity(Record):
    """Containment of sampled word 5-grams, both ways (0 to 1)."""

    in_other: float = Field(ge=0, le=1, description="share of this article's text that stands in the other")
    of_other: float = Field(ge=0, le=1, description="share of the other's text that stands in this article")


class StoryArticle(CleanArticle):
    """An article with its place in a story."""

    story_id: str
    role: Role
    similarity: Similarity | None = Field(None, description="with `copy_of`, or with the version that an update replaces")
    copy_of: str | None = Field(None, description="uri of the article that this one is a copy of")
