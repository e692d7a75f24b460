"""People, organisations, places, dates, and who each noun phrase stands for: the one reading, of claims and events too."""

from spacy.language import Language
from spacy.tokens import Doc

from processors.document import Piece
from processors.entities import dates, places
from processors.entities.actors import Actors, listing
from processors.entities.coref import read
from schemas import Actor, DateMention, PlaceMention


class Entities:
    """What the `entities` component found in one Doc (`doc._.entities`)."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.places: list[PlaceMention] = places.find(doc)
        self.dates: list[DateMention] = dates.find(doc)
        reading = read(doc, self.places)
        self._actors = Actors(doc, reading)
        self.people: list[Actor] = listing(doc, reading, "person")
        self.organisations: list[Actor] = listing(doc, reading, "organisation")

    def actors(self, piece: Piece) -> list[Actor]:
        """Who the noun phrase at `piece` of `doc.text` stands for.

        One actor for a name, pronoun, description or metonym; several for a coordination ("Russia, China and the US") or a plural
        that refers to known people ("the two leaders"). Never empty: where nothing is known the actor has the words as its name.
        """
        return self._actors.of(piece)


@Language.component("copydesk_entities")
def annotate(doc: Doc) -> Doc:
    """Set `doc._.entities`."""
    doc._.entities = Entities(doc)
    return doc
