"""Places in a text, resolved to one point each.

`country` is ISO 3166-1 alpha-3, `admin1` the name of the first-level division (state, province); coordinates are degrees (WGS 84),
of areas a point in their middle. Roads and addresses are no places here. How names are found is in place_names, how they are
resolved in place_senses.
"""

from collections import Counter

from spacy.tokens import Doc

from processors.document import article_of, tokens_of, view_of
from processors.entities.gazetteer import gazetteer
from processors.entities.place_names import DATA, Finder, Name, capitals
from processors.entities.place_senses import settle
from processors.tokens import Tokens
from schemas import PlaceMention
from schemas.entity import PlaceKind

_ACTS = frozenset(DATA["words"]["acts"])
_ENOUGH = 1.8
"""The support of the article's sure places from which a phrase that may be a town's name is taken for one."""
_RIVAL = 100_000
"""Inhabitants from which a town casts doubt on the state or country of its name."""
_SEATS = frozenset(DATA["words"]["seats"])


def _merged(names: list[Name]) -> dict[str, Name]:
    """One name a key: what the text says of any of its mentions holds for all."""
    merged: dict[str, Name] = {}
    for name in names:
        one = merged.setdefault(name.key, Name(name.start, name.end, name.key, name.entries, name.kind, usual=name.usual))
        one.sure |= name.sure
        if name.within and not one.within:
            one.within, one.entries = name.within, name.entries
        elif len(name.entries) < len(one.entries) and not one.within:
            one.entries = name.entries
    return merged


def _named(names: list[Name]) -> Counter[str]:
    """The divisions and countries that the text names beyond doubt, by code."""
    named: Counter[str] = Counter()
    for name in names:
        areas = [e for e in name.entries if e.place_class in ("country", "division")]
        if name.sure and len(areas) == 1 and all(e is areas[0] or e.population < _RIVAL for e in name.entries):
            named[areas[0].division] += 1
        named.update(area.division for area in name.within)
    return named


def _kind(t: Tokens, name: Name) -> PlaceKind:
    """A capital, or a government's building, that acts is a metonym."""
    if name.kind != "name":
        return name.kind
    head = name.end - 1
    acts = t.dep[head] in ("nsubj", "agent") and t.lemma[t.head[head]].lower() in _ACTS
    return "metonym" if acts and (name.key in capitals() or name.key in _SEATS) else "name"


def find(doc: Doc) -> list[PlaceMention]:
    """The places of a parsed Doc in text order, each resolved; spans are the body's."""
    known, view, tokens = gazetteer(), view_of(doc), tokens_of(doc)
    names = Finder(tokens).names()
    groups = _merged(names)
    for key, name in groups.items():  # "DeKalb", where DeKalb County is named too
        if county := groups.get(f"{key} county"):
            name.entries = [*(e for e in county.entries if e.place_class == "county"), *name.entries]
    settled = settle(groups, article_of(doc), _named(names))
    mentions = []
    for name in names:
        entry, support = settled[name.key]
        if not groups[name.key].sure and not (name.possible and support >= _ENOUGH):
            continue
        span = view.span(*tokens.piece(name.start, name.end))
        mentions.append(
            PlaceMention(
                start=span.start,
                end=span.end,
                text=span.text,
                kind=_kind(tokens, name),
                name=entry.name,
                geonames_id=entry.geonames_id,
                lat=entry.lat,
                lon=entry.lon,
                country=known.alpha3.get(entry.country) or None,
                admin1=known.admin1(entry),
            )
        )
    return mentions
