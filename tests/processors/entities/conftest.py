"""A parsed Doc of a text, with the spaCy model alone: what place and date finding read."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from processors.nlp import DEFAULT_MODEL
from processors.text import TextView
from schemas import CleanArticle

Parse = Callable[..., Doc]


@pytest.fixture(scope="session")
def parse() -> Parse:
    """`parse(text, published="2016-09-08", **fields of the article)`."""
    nlp = spacy.load(DEFAULT_MODEL)
    nlp.max_length = 5_000_000
    nlp.add_pipe("copydesk_layout", before="parser")

    def parsed(text: str, published: str = "2016-09-08", parser: bool = True, **fields: Any) -> Doc:
        article = CleanArticle(
            uri="test:1",
            version=1,
            pub_status="usable",
            body=text,
            language="en",
            published_at=datetime.fromisoformat(published).replace(hour=12, tzinfo=UTC),
            **({"outlet": "test"} | fields),
        )
        view = TextView(text, article.removed, article.repaired)
        doc = nlp.make_doc(view.text)
        doc._.article, doc._.view = article, view
        return nlp(doc) if parser else doc

    return parsed
