"""Who says what: attributions as source, cue and content."""

from spacy.language import Language
from spacy.tokens import Doc

from processors.claims import quotes
from processors.claims.attributions import Reader
from processors.claims.lexicon import lexicon
from processors.claims.parse import Parse
from processors.document import ClaimDraft


@Language.component("copydesk_claims")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.claims`: a list of ClaimDraft in text order."""
    reader = Reader(Parse(doc), quotes.find(doc.text), lexicon())
    doc._.claims = [
        ClaimDraft(
            a.source, a.cue, sorted(a.content), "direct", a.candidate.verb.claim_class, nested=a.nested, confidence=a.confidence
        )
        for a in reader.read()
    ]
    return doc
