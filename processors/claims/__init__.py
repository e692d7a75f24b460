"""Who says what: attributions as source, cue and content."""

from spacy.language import Language
from spacy.tokens import Doc

from processors.claims import quotes
from processors.claims.attributions import Reader
from processors.claims.candidate import Attribution
from processors.claims.describe import Describer
from processors.claims.lexicon import lexicon
from processors.claims.linking import link_quotes
from processors.claims.parse import Parse

_LONGEST_NESTED_CHARS = 2_000
"""A sentence without end would nest thousands of claims in each other, each with all the rest of it."""


@Language.component("copydesk_claims")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.claims`: a list of ClaimDraft in text order."""
    attributions, describer = read(doc)
    doc._.claims = describer.drafts(attributions)
    return doc


def read(doc: Doc) -> tuple[list[Attribution], Describer]:
    """The attributions of a Doc in text order, and what describes them."""
    parse = Parse(doc)
    found = quotes.find(parse.text)
    reader = Reader(parse, found, lexicon())
    attributions = reader.read()
    link_quotes(parse, found, attributions)
    attributions = [
        a for a in attributions if not a.nested or sum(end - start for start, end in a.content) <= _LONGEST_NESTED_CHARS
    ]
    return attributions, Describer(parse, reader.index, lexicon())
