"""In-document coreference, the only one of the system: names, pronouns and descriptions, read in the order of the text."""

from collections import Counter

from spacy.tokens import Doc

from processors.document import article_of
from processors.entities import descriptions, names, offices, pronouns
from processors.entities.model import Reading
from processors.entities.registry import Registry
from schemas import PlaceMention

_OF_A_STATE = frozenset(("GOV", "LEG", "MIL", "COP", "JUD"))
_ABROAD = frozenset(("other", "foreign", "international", "world", "Western"))
_VOTE = _OF_A_STATE | {"PTY"}
_OTHERS = frozenset(
    ("parliament", "prime minister", "king", "queen", "crown prince", "lower house", "foreign minister", "defense minister")
)
"""Bodies and offices that the United States does not have, in lower case."""


def read(doc: Doc, places: list[PlaceMention]) -> Reading:
    """Every mention in `doc` with the entities that it means; `places` are those that the gazetteer found."""
    reading = Reading(doc)
    found = [name for name in names.find(reading, places) if name.known or not reading.dateline[name.start]]
    registry = Registry(reading, found)
    name_at = {name.start: name for name in found}
    pos, lower = reading.tokens.pos, reading.lower
    for name in found:
        mention = registry.mention(name)
        reading.ahead |= dict.fromkeys(range(name.start, name.end), mention)
    after = 0
    for at in range(len(lower)):
        if at < after:
            continue
        if at in name_at:
            mention = registry.mention(name_at[at])
            reading.add(mention)
            offices.learn(reading, mention)
            after = mention.end
            continue
        other = pronouns.resolve(reading, at) if lower[at] in pronouns.WORDS else None
        if other is None and (pos[at] in descriptions.HEADS or lower[at] in descriptions.ALONE):
            other = descriptions.resolve(reading, at, name_at)
        if other is not None:
            reading.add(other)
    _settle(reading, _dateline_country(doc, places))
    return reading


def _dateline_country(doc: Doc, places: list[PlaceMention]) -> str | None:
    """The country that the article is datelined from."""
    datelines = [mark for mark in article_of(doc).marks if mark.kind == "dateline"]
    countries = [p.country for mark in datelines for p in places if mark.start <= p.start < mark.end]
    return next((country for country in countries if country), None)


def _settle(reading: Reading, dateline: str | None) -> None:
    """Officials, courts and police whose country the text does not give are of the article's home.

    Home is the country of most of the bodies, seats and regions that it names without saying whose they are, and of the dateline
    where the article is not more about another country. Who is first spoken of in a sentence with another country may belong
    there, and stays without.
    """
    votes = Counter[str]()
    told = Counter(
        e.country for e in reading.entities for m in e.mentions if e.country and m.how == "name" and not reading.dateline[m.head]
    )
    if dateline and told[dateline] == max(told.values(), default=0):
        votes[dateline] = 2
    for entity in reading.entities:
        if entity.listed and entity.country and not entity.capital_of:
            own = entity.kind != "country" and entity.role in _VOTE
            named = sum(mention.how == "name" and (own or mention.form == "seat") for mention in entity.mentions)
            votes[entity.country] += min(1 if entity.usual else 3, named)
    home, most = votes.most_common(1)[0] if votes else ("", 0)
    if most < 2 or most < 0.6 * votes.total():
        return
    abroad: dict[int, bool] = {}
    foreign: set[int] = set()
    for entity in reading.entities:
        if entity.country:
            for mention in entity.mentions:
                number = reading.sentence(mention)
                abroad[number] = entity.country != home and abroad.get(number, True)
                if entity.country != home:
                    foreign.add(number)
    for entity in reading.entities:
        official = (
            entity.country is None and entity.role in _OF_A_STATE and entity.mentions and _ABROAD.isdisjoint(entity.name.split())
        )
        if entity.usual:
            entity.country = home
        if home == "USA" and not _OTHERS.isdisjoint((entity.name.lower(), *entity.descriptions)):
            continue
        if entity.owner or entity.elsewhere:  # Hale's forces are of Hale's country
            entity.country = entity.country or (entity.owner.country if entity.owner else None)
        elif official:
            where = [reading.sentence(mention) for mention in entity.mentions]
            troops = entity.role == "MIL" and not entity.named  # whose they are, the sentence tells where it names two states
            away = sum(abroad.get(number, False) for number in where)
            if not (abroad.get(where[0], False) or 2 * away > len(where) or (troops and where[0] in foreign)):
                entity.country = home
