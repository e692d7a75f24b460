"""Leads as agencies write them, of our own (wire_leads.txt), and which event of each the rules read right."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from spacy.tokens import Doc

from processors import nlp
from processors.document import EventDraft, Piece, events_of
from schemas import CleanArticle

LEADS = Path(__file__).with_name("wire_leads.txt")
_MARKS = re.compile(r"[\[\]{}]")


def _marked(sentence: str, opening: str, closing: str) -> Piece | None:
    """The offsets in the plain sentence of what the marks enclose."""
    if opening not in sentence:
        return None
    return len(_MARKS.sub("", sentence[: sentence.index(opening)])), len(_MARKS.sub("", sentence[: sentence.index(closing)]))


def _meets(phrases: list[Piece], wanted: Piece | None) -> bool:
    return wanted is None or any(start < wanted[1] and wanted[0] < end for start, end in phrases)


def _parsed(text: str) -> Doc:
    day = datetime(2024, 5, 6, tzinfo=UTC)
    return nlp.annotate(
        CleanArticle(
            uri="lead", version=1, pub_status="usable", outlet="own", body=text, language="en", marks=[], published_at=day
        )
    )  # fmt: skip


def read() -> Iterator[tuple[str, EventDraft | None]]:
    """Each sentence with its event as the rules read it; None where type, source or target is missed."""
    for line in LEADS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            type_, sentence = line.split(" ", 1)
            source, target = _marked(sentence, "[", "]"), _marked(sentence, "{", "}")
            events = events_of(_parsed(_MARKS.sub("", sentence)))
            right = (e for e in events if e.type == type_ and _meets(e.source, source) and _meets(e.target, target))
            yield sentence, next(right, None)
