"""In-document coreference, the only one of the system: names, pronouns and descriptions, read in the order of the text."""

from collections import Counter

from spacy.tokens import Doc

from processors.entities import descriptions, names, offices, pronouns
from processors.entities.model import Reading
from processors.entities.registry import Registry

_OF_A_STATE = frozenset(("GOV", "LEG", "MIL", "COP", "JUD"))


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
    _settle(reading)
    return reading


def _settle(reading: Reading) -> None:
    """Officials, courts and police whose country the text does not give are of the country that most of the article is about."""
    votes = Counter[str]()
    for entity in reading.entities:
        if entity.named and entity.country and entity.role != "MED":
            votes[entity.country] += len(entity.mentions)
    home, most = votes.most_common(1)[0] if votes else ("", 0)
    if most < 2 or most < 0.6 * votes.total():
        return
    for entity in reading.entities:
        if entity.country is None and entity.role in _OF_A_STATE:
            entity.country = home
