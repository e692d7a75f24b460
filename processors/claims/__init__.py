"""Who says what: attributions as source, cue and content."""

from spacy.language import Language
from spacy.tokens import Doc


@Language.component("copydesk_claims")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.claims`: a list of ClaimDraft in text order."""
    doc._.claims = []
    return doc
