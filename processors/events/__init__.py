"""Who did what to whom, and whether it happened: `doc._.events`.

The way from a Doc to drafts is in `coding`; the other modules in the order in which it uses them:

lexicon      the data files: types, what words denote them, operators, classes of participants, topics
parse        the dependency parse as lists, and the walks over it
arguments    who does what a predicate says and to whom, by construction
senses       which sense holds, by topic and class of the participants
frames       which entry holds, by the words around
reading      the type of an event: its entry and the operators over it
factuality   whether it happened
candidates   which noun phrases can take part
roles        source and target of what was read
nearby       the other side where no construction names it
context      where, when, and which claim reports it
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
