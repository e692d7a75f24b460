"""Claims of a text, by the pipeline up to the parser and the claims component."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from processors import claims, nlp
from processors.document import ClaimDraft, Piece


class Claims(list[ClaimDraft]):
    """The claims of one text, with their words."""

    def __init__(self, doc: Doc) -> None:
        super().__init__(claims.annotate(doc)._.claims)
        self.text = doc.text

    def words(self, pieces: list[Piece]) -> list[str]:
        return [self.text[start:end] for start, end in pieces]

    def triples(self, *, nested: bool = False) -> list[tuple[str, str, str]]:
        """(source, cue, content) of each claim, the pieces of one joined by " / "."""
        rows = [c for c in self if c.nested == nested]
        joined = [[" / ".join(self.words(pieces)) for pieces in (c.source, c.cue, c.content)] for c in rows]
        return [(source, cue, content) for source, cue, content in joined]

    def only(self) -> ClaimDraft:
        (claim,) = [c for c in self if not c.nested]
        return claim


@pytest.fixture(scope="session")
def read() -> Callable[[str], Claims]:
    language = nlp.pipeline()
    skipped = [name for name in language.pipe_names if name.startswith("copydesk_") and name != "copydesk_layout"]

    def claims_of(text: str) -> Claims:
        with language.select_pipes(disable=skipped):
            return Claims(language(text))

    return claims_of
