"""Who says what: attributions as source, cue and content."""

from spacy.language import Language
from spacy.tokens import Doc

from processors.claims import quotes
from processors.claims.attributions import Reader
from processors.claims.describe import Describer
from processors.claims.lexicon import lexicon
from processors.claims.parse import Parse


@Language.component("copydesk_claims")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.claims`: a list of ClaimDraft in text order."""
    parse = Parse(doc)
    reader = Reader(parse, quotes.find(parse.text), lexicon())
    doc._.claims = Describer(parse, reader.index, lexicon()).drafts(reader.read())
    return doc
