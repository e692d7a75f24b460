"""`stories`: the clean article with the dedupe decision."""

from typing import Literal

from pydantic import Field

from schemas.article import CleanArticle
from schemas.base import Record
from schemas.span import Range

Role = Literal["original", "copy", "update", "kill"]


class Similarity(Record):
    """Containment of sampled word 5-grams, both ways (0 to 1)."""

    in_other: float = Field(ge=0, le=1, description="share of this article's text that stands in the other")
    of_other: float = Field(ge=0, le=1, description="share of the other's text that stands in this article")


class Difference(Record):
    """How an article differs from the one that it was compared with, in paragraphs. Words count, typography does not."""

    uri: str = Field(description="the other article: `copy_of`, what an update grew from, or this one's earlier version")
    version: int = Field(description="of the other article")
    added: list[Range] = Field(description="paragraphs of this body that the other one does not have")
    changed: list[Range] = Field(description="paragraphs of this body that the other one has in other words or with other numbers")
    left_out: list[Range] = Field(description="paragraphs of the other's body that this one does not have")


class StoryArticle(CleanArticle):
    """An article with its place in a story."""

    story_id: str
    role: Role
    similarity: Similarity | None = Field(None, description="with `copy_of`, or with the version that an update replaces")
    difference: Difference | None = Field(None, description="from the article that `similarity` is measured with")
    copy_of: str | None = Field(None, description="uri of the article that this one is a copy of")
    original: str | None = Field(None, description="uri of the story's first article, where that is not this one")
