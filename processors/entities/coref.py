"""In-document coreference, the only one of the system: names, pronouns and descriptions, read in the order of the text."""

from spacy.tokens import Doc

from processors.entities import descriptions, names, offices, pronouns
from processors.entities.model import Reading
from processors.entities.registry import Registry


def read(doc: Doc) -> Reading:
    """Every mention in `doc` with the entities that it means."""
    reading = Reading(doc)
    found = names.find(doc)
    registry = Registry(reading, found)
    name_at = {name.start: name for name in found}
    at = 0
    while at < len(doc):
        if name := name_at.get(at):
            mention = registry.mention(name)
            reading.add(mention)
            offices.learn(reading, mention)
            at = name.end
            continue
        token = doc[at]
        if other := pronouns.resolve(reading, token) or descriptions.resolve(reading, token, name_at):
            reading.add(other)
        at += 1
    return reading
