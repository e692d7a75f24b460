"""Who did what to whom, and whether it happened."""

from spacy.language import Language
from spacy.tokens import Doc


@Language.component("copydesk_events")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.events`: a list of EventDraft in text order."""
    doc._.events = []
    return doc
