"""In-document coreference, the only one of the system: names, pronouns and descriptions, read in the order of the text."""

from collections import Counter

from spacy.tokens import Doc

from processors.entities import descriptions, names, offices, pronouns
from processors.entities.model import Reading
from processors.entities.registry import Registry

_OF_A_STATE = frozenset(("GOV", "LEG", "MIL", "COP", "JUD"))
_VOTE = _OF_A_STATE | {"PTY"}


def read(doc: Doc) -> Reading:
    """Every mention in `doc` with the entities that it means."""
    reading = Reading(doc)
    found = names.find(doc)
    registry = Registry(reading, found)
    name_at = {name.start: name for name in found}
    for name in found:
        mention = registry.mention(name)
        reading.ahead |= dict.fromkeys(range(name.start, name.end), mention)
    at = 0
    while at < len(doc):
        if at in name_at:
            mention = registry.mention(name_at[at])
            reading.add(mention)
            offices.learn(reading, mention)
            at = mention.end
            continue
        token = doc[at]
        if other := pronouns.resolve(reading, token) or descriptions.resolve(reading, token, name_at):
            reading.add(other)
        at += 1
    _settle(reading)
    return reading


def _settle(reading: Reading) -> None:
    """Officials, courts and police whose country the text does not give are of the article's home.

    Home is the country of most of the bodies, seats and regions that it names without saying whose they are. Who is first spoken of
    in a sentence with another country may belong there, and stays without.
    """
    votes = Counter[str]()
    for entity in reading.entities:
        if entity.listed and entity.country and not entity.capital_of:
            own = entity.kind != "country" and entity.role in _VOTE
            named = sum(mention.how == "name" and (own or mention.form == "seat") for mention in entity.mentions)
            votes[entity.country] += min(3, named)
    home, most = votes.most_common(1)[0] if votes else ("", 0)
    if most < 2 or most < 0.6 * votes.total():
        return
    abroad: dict[int, bool] = {}
    for entity in reading.entities:
        if entity.country:
            for mention in entity.mentions:
                number = reading.sentence(mention)
                abroad[number] = entity.country != home and abroad.get(number, True)
    for entity in reading.entities:
        official = entity.country is None and entity.role in _OF_A_STATE and entity.mentions
        if official and not abroad.get(reading.sentence(entity.mentions[0]), False):
            entity.country = home
