"""Places in a text, resolved to one point each.

A name that several places bear is settled by what the article says: the area that follows it ("Paris, Texas"), the states and countries named, the
outlet's home, the other places, and else by size. A name has one sense in an article. `admin1` is the name of the first-level division
(state, province) and `country` ISO 3166-1 alpha-3; coordinates are WGS 84 degrees. Roads and addresses are not places here.
"""

import re
from collections import Counter, defaultdict
from math import log10
from urllib.parse import urlsplit

from spacy.tokens import Doc

from processors.document import article_of, view_of
from processors.entities.gazetteer import Entry, gazetteer, kilometres, normal
from processors.entities.place_names import DATA, Finder, Name, capitals, holds
from schemas import CleanArticle, PlaceMention
from schemas.entity import PlaceKind

_ACTS = frozenset(DATA["words"]["acts"])
_SEATS = frozenset(("white house", "kremlin", "pentagon", "capitol hill"))
"""Buildings that act for a government."""
_PRIOR = {"country": 9.0, "region": 7.0, "county": 5.0}
_LARGE_DIVISIONS = ("US", "CA", "AU", "GB")
"""Countries whose first-level divisions news names without the country."""
_NEAR_KM = 120.0
_MAX_NEIGHBOURS = 30
"""Settled places that a name is measured against, so that the work stays linear in the text."""


def _prior(entry: Entry) -> float:
    """How often the world's news means this place by its name, roughly a logarithm of its size."""
    if entry.place_class == "division":
        return 7.5 if entry.country in _LARGE_DIVISIONS else 5.5
    if entry.place_class in _PRIOR:
        return _PRIOR[entry.place_class]
    return log10(entry.population + 100) - (2.0 if entry.place_class == "other" else 0.0)


class _Context:
    """What an article says about where it is."""

    def __init__(self, article: CleanArticle, names: list[Name]) -> None:
        self.named: Counter[str] = Counter()
        """Divisions and countries that the text names, by code."""
        self.votes: dict[str, float] = defaultdict(float)
        """For each division, how many names could lie in it, shared out over where each could."""
        self.host = self._host(article)
        suffix = self.host.rsplit(".", 1)[-1]
        self.home_country = {"uk": "GB"}.get(suffix, suffix.upper()) if len(suffix) == 2 else ""
        if self.home_country not in gazetteer().countries:
            self.home_country = ""
        groups: dict[str, Name] = {}
        for name in names:
            groups.setdefault(name.key, name)
            if name.sure and len(name.entries) == 1 and name.entries[0].place_class in ("country", "division"):
                self.named[name.entries[0].division] += 1
            for area in name.within:
                self.named[area.division] += 1
        for name in groups.values():
            divisions = {e.division for e in (self._allowed(name) or name.entries) if e.place_class in ("town", "county")}
            for division in divisions:
                self.votes[division] += 1 / len(divisions)
        self.settled: list[Entry] = []

    @staticmethod
    def _host(article: CleanArticle) -> str:
        host = urlsplit((article.url or "").strip()).hostname or ""
        return (host or article.outlet).lower()

    @staticmethod
    def _allowed(name: Name) -> list[Entry]:
        return [e for e in name.entries if any(holds(area, e) for area in name.within)]

    def score(self, entry: Entry, name: Name, own_vote: float) -> float:
        """How well a place fits the article."""
        score = _prior(entry)
        if entry.place_class != "country":
            score += min(2.5, 1.5 + 0.5 * self.named[entry.division]) if self.named[entry.division] else 0.0
            score += 1.2 if self.named[entry.country] else 0.0
        else:
            score += 0.5 if self.named[entry.division] > 1 else 0.0
        if entry.place_class in ("town", "other", "county"):
            score += 1.2 * min(max(self.votes[entry.division] - own_vote, 0.0), 3.0)
        if self.home_country and entry.country == self.home_country and entry.place_class != "country":
            score += 1.5
        if any(0 < kilometres(entry, other) < _NEAR_KM for other in self.settled[:_MAX_NEIGHBOURS]):
            score += 1.5
        return score

    def best(self, name: Name) -> Entry:
        """The place that a name stands for."""
        choices = self._allowed(name) or name.entries
        if len(choices) == 1:
            return choices[0]
        divisions = {e.division for e in choices if e.place_class in ("town", "county")}
        own_vote = 1 / len(divisions) if divisions else 0.0
        return max(choices, key=lambda e: (self.score(e, name, own_vote), e.population, e.lat))


def _merged(names: list[Name]) -> dict[str, Name]:
    """One name a key: what the text says of any of its mentions holds for all."""
    merged: dict[str, Name] = {}
    for name in names:
        one = merged.setdefault(name.key, Name(name.start, name.end, name.key, name.entries, name.kind))
        one.sure |= name.sure
        if name.within and not one.within:
            one.within, one.entries = name.within, name.entries
        elif len(name.entries) < len(one.entries) and not one.within:
            one.entries = name.entries
    return merged


def _kind(doc: Doc, name: Name, entry: Entry) -> PlaceKind:
    if name.kind != "name":
        return name.kind
    head = doc[name.end - 1]
    acts = head.dep_ in ("nsubj", "agent") and head.head.lemma_.lower() in _ACTS
    return "metonym" if acts and (name.key in capitals() or name.key in _SEATS) else "name"


def find(doc: Doc) -> list[PlaceMention]:
    """The places of a parsed Doc in text order, each resolved; spans are the body's."""
    known, view = gazetteer(), view_of(doc)
    names = Finder(doc).names()
    groups = _merged(names)
    context = _Context(article_of(doc), [n for n in names if groups[n.key].sure])
    chosen: dict[str, Entry] = {}
    for _ in range(2):  # the second time with the neighbours that the first has settled
        chosen = {key: context.best(name) for key, name in groups.items()}
        context.settled = [
            chosen[key] for key, name in groups.items() if name.sure and chosen[key].place_class in ("town", "county")
        ]
    mentions = []
    for name in names:
        entry = chosen[name.key]
        if not groups[name.key].sure:
            continue
        span = view.span(doc[name.start].idx, doc[name.end - 1].idx + len(doc[name.end - 1]))
        mentions.append(
            PlaceMention(
                start=span.start,
                end=span.end,
                text=span.text,
                kind=_kind(doc, name, entry),
                name=entry.name,
                geonames_id=entry.geonames_id,
                lat=entry.lat,
                lon=entry.lon,
                country=known.alpha3.get(entry.country) or None,
                admin1=known.admin1(entry),
            )
        )
    return mentions
