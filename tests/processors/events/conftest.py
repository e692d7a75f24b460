"""Reads events off texts of our own: the pipeline without claims, which events only link to."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from spacy.tokens import Doc

from processors.document import ClaimDraft
from processors.events.coding import code
from processors.nlp import pipeline
from schemas import CleanArticle, Mark

Read = Callable[..., Doc]


@pytest.fixture(scope="session")
def read() -> Read:
    """A function: text (and the article's marks, and claims) → Doc with `_.events` set."""
    from processors.text import TextView

    nlp = pipeline()

    def run(text: str, marks: tuple[Mark, ...] = (), claims: tuple[ClaimDraft, ...] = ()) -> Doc:
        article = CleanArticle(
            uri="a", version=1, pub_status="usable", outlet="o", body=text, language="en", marks=list(marks),
            published_at=datetime(2024, 5, 6, tzinfo=UTC),
        )  # fmt: skip
        doc = nlp.make_doc(text)
        doc._.article, doc._.view = article, TextView(text)
        for name, component in nlp.pipeline:
            if name not in {"copydesk_claims", "copydesk_events"}:
                doc = component(doc)
        doc._.claims = list(claims)
        doc._.events = code(doc)
        return doc

    return run
