"""Who says what: attributions as source, cue and content."""

from spacy.language import Language
from spacy.tokens import Doc

from processors.claims import quotes
from processors.claims.attributions import Reader
from processors.claims.describe import Describer
from processors.claims.lexicon import lexicon
from processors.claims.linking import link_quotes
from processors.claims.parse import Parse


@Language.component("copydesk_claims")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.claims`: a list of ClaimDraft in text order."""
    parse = Parse(doc)
    found = quotes.find(parse.text)
    reader = Reader(parse, found, lexicon())
    attributions = reader.read()
    link_quotes(parse, found, attributions)
    doc._.claims = Describer(parse, reader.index, lexicon()).drafts(attributions)
    return doc
