"""Who did what to whom, and whether it happened: `doc._.events`.

parse        the dependency parse as lists, and the walks over it
lexicon      the data files: types, what words denote them, operators, classes of participants, topics
senses       which entry of a word holds here
reading      the type of a predicate, with the operators over it
arguments    who does it and to whom, by construction      roles   …source and target of what was read
factuality   whether it happened                           context   where, when, who says so
merging      mentions of one event become one
"""

from spacy.language import Language
from spacy.tokens import Doc

from processors.document import EventDraft
from processors.events.coding import DEFAULT_MIN_CONFIDENCE, code

__all__ = ["DEFAULT_MIN_CONFIDENCE", "annotate"]


@Language.component("copydesk_events")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.events`: a list of EventDraft in text order, every event that was detected, with its confidence."""
    events: list[EventDraft] = code(doc)
    doc._.events = events
    return doc
