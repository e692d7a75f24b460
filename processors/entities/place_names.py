"""Where a text names places: capitalised phrases that the gazetteer or the lists of places.toml know, and that name no person."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from processors.entities.evidence import PLACE_NOUNS
from processors.entities.gazetteer import Entry, gazetteer, normal
from processors.entities.lexicon import GENDER
from processors.tokens import Tokens
from schemas.entity import PlaceKind

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf8"))
_COUNTRIES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("countries.toml").read_text(encoding="utf8"))
_WORDS: dict[str, frozenset[str]] = {name: frozenset(words) for name, words in DATA["words"].items()}
_NOT_NAMES = frozenset(normal(name) for name in DATA["not_places"]["names"])
_NOT_WORDS = frozenset(normal(word) for word in DATA["not_places"]["words"])
_UNMISTAKABLE = frozenset(DATA["unmistakable"])
_FEATURES = frozenset(DATA["features"])
_ACTING = frozenset(("nsubj", "nsubjpass", "poss", "appos", "agent"))
_DASHES = frozenset(("-", "--", "–", "—", "("))
_NEVER = frozenset(normal(word) for word in DATA["not_places"]["never"])
_MAX_TOKENS, _MAX_CHARS = 6, 60
"""The longest names that are looked up."""
_KNOWN_TOWN = 100_000
"""Inhabitants from which a town is taken for one whatever the recogniser of names says."""


@dataclass(slots=True)
class Name:
    """A phrase that may name a place."""

    start: int
    """Token index; `end` is exclusive."""
    end: int
    key: str
    entries: list[Entry]
    kind: PlaceKind = "name"
    sure: bool = False
    """Whether it names a place wherever the article's other places lie."""
    possible: bool = False
    """Whether it may be a place's name if its place lies where the article's others do."""
    within: list[Entry] = field(default_factory=list)
    """The areas that the text puts it in: "Paris, Texas"."""
    usual: list[Entry] = field(default_factory=list)
    """What the lists give as the name's usual sense."""


@cache
def _listed() -> dict[str, tuple[list[Entry], PlaceKind]]:
    """The names of places.toml and countries.toml, with what they may stand for."""
    known = gazetteer()
    by_alpha3 = {alpha3: known.countries[code] for code, alpha3 in known.alpha3.items() if code in known.countries}
    listed: dict[str, tuple[list[Entry], PlaceKind]] = {}

    def add(name: str, entries: list[Entry], kind: PlaceKind) -> None:
        key = normal(name)
        if entries and key not in listed:
            listed[key] = (entries, kind)

    for alias, code in DATA["aliases"].items():
        add(alias, _coded(code), "name")
    for demonym, code in DATA["demonyms"].items():
        for form in (demonym, demonym + "s"):
            add(form, _coded(code), "demonym")
    for alpha3, country in _COUNTRIES.items():
        if entry := by_alpha3.get(alpha3):
            for alias in (country["name"], *country.get("aliases", ())):
                if normal(alias) not in known.areas:
                    add(alias, [entry], "name")
            for demonym in (*country.get("adjectives", ()), *country.get("nationals", ())):
                for form in (demonym, demonym + "s", demonym.removesuffix("man") + "men"):
                    add(form, [entry], "demonym")
    return listed


@cache
def _abbreviations() -> dict[str, Entry]:
    """Divisions by their abbreviations as written; the postal codes of US states among them."""
    divisions = gazetteer().divisions
    found = {short: divisions[code] for short, code in DATA["abbreviations"].items() if code in divisions}
    return {code[3:]: entry for code, entry in divisions.items() if code.startswith("US.")} | found


@cache
def _abbreviation_starts() -> frozenset[str]:
    """The first two letters of abbreviations, in capitals: cheap, so that few words are looked up."""
    return frozenset(short[:2].upper() for short in _abbreviations())


def _coded(code: str | list[str]) -> list[Entry]:
    known = gazetteer()
    if isinstance(code, list):
        return [town for town in known.towns(normal(code[1])) if town.division == code[0]]
    entry = known.countries.get(code) or known.divisions.get(code)
    return [entry] if entry else [e for e in known.areas.get(normal(code), []) if e.place_class == "region"]


@cache
def capitals() -> dict[str, str]:
    """The countries (alpha-3) by the normal forms of the towns where their governments sit."""
    return {normal(name): code for code, country in _COUNTRIES.items() for name in country.get("capitals", ())}


def entries(key: str) -> tuple[list[Entry], list[Entry], PlaceKind]:
    """What a normal form may stand for, what it usually does, and how it says so."""
    if key.endswith(" co"):
        key = f"{key}unty"
    usual, kind = _listed().get(key, ([], "name"))
    others = gazetteer().areas.get(key, [])
    if kind == "name":
        others = [*others, *_towns(key)]
    return [*usual, *(e for e in others if e not in usual)] if usual else others, usual, kind


@lru_cache(maxsize=1 << 14)
def _cached_towns(key: str) -> tuple[Entry, ...]:
    return tuple(gazetteer().towns(key))


def _towns(key: str) -> tuple[Entry, ...]:
    return _cached_towns(key) if len(key) > 2 else ()


def _phrases(t: Tokens, start: int) -> Iterator[tuple[int, str]]:
    """(end, normal form) of the phrases that may be a name from `start` on, longest first."""
    ends = []
    for at in range(start, min(start + _MAX_TOKENS, len(t.form))):
        form = t.form[at]
        if t.is_capital[at]:
            ends.append(at + 1)
        elif form.isspace() or not (t.lower[at] in _WORDS["links"] or form in "-.'’"):
            break
    first = t.start[start]
    for end in reversed(ends):
        if t.end[end - 1] - first <= _MAX_CHARS:
            yield end, normal(t.text[first : t.end[end - 1]])


class Finder:
    """The place names of one Doc."""

    def __init__(self, tokens: Tokens) -> None:
        t = self.tokens = tokens
        self.persons: dict[int, tuple[int, int]] = {}
        self.surnames: set[str] = set()
        for start, end, label in t.names:
            if label == "PERSON":
                words = [
                    t.form[i] for i in range(start, end) if self.tokens.is_capital[i] and t.lower[i] not in _WORDS["of_persons"]
                ]
                if len(words) > 1 and "," not in t.text[t.start[start] : t.end[end - 1]]:
                    self.surnames.add(normal(words[-1]))
                    self.persons.update((i, (start, end)) for i in range(start, end))
        for i, low in enumerate(t.lower[:-1]):
            if low in _WORDS["titles"] and self.tokens.is_capital[i] and t.entity[i + 1] in ("PERSON", ""):
                self.surnames.add(normal(t.form[i + 1]))
        self.acting = {form for form, dep in zip(t.form, t.dep, strict=True) if dep in _ACTING}
        """Words that do something, own something or are joined to a name."""
        self.common = {form for form in set(t.form) if form.islower()}
        """Words that the text also writes small; of towns' names these are seldom meant."""

    def names(self) -> list[Name]:
        """Names in text order; those that are not `sure` need the article's context."""
        found: list[Name] = []
        after = 0
        for at, capital in enumerate(self.tokens.is_capital):
            name = self._name_at(at, found[-1] if found else None) if capital and at >= after else None
            if name is None:
                continue
            if name.entries:
                found.append(name)
            after = name.end
        self._put_within(found)
        return found

    def _name_at(self, start: int, previous: Name | None) -> Name | None:
        if abbreviation := self._abbreviation(start, previous):
            return abbreviation
        for end, key in _phrases(self.tokens, start):
            if not key:
                continue
            if key in _NOT_NAMES:
                return Name(start, end, key, [])
            found, usual, kind = entries(key)
            if found and key not in _NEVER and (len(key) > 3 or self.tokens.form[start].isupper()):
                if self._is_road(end) or self._is_person(start, end, key, found):
                    return Name(start, end, key, [])
                name = Name(start, end, key, found, kind, usual=usual)
                name.sure = self._is_sure(name)
                return name
        return None

    def _abbreviation(self, start: int, previous: Name | None) -> Name | None:
        """A state's abbreviation: after a town and a comma, or one that can be nothing else ("W.Va.")."""
        t, listed = self.tokens, _abbreviations()
        if t.form[start][:2].upper() not in _abbreviation_starts():
            return None
        for end in range(min(start + 3, len(t.form)), start, -1):  # "W. Va."; a full stop may be a token of its own
            text = t.text[t.start[start] : t.end[end - 1]]
            entry = listed.get(text) or listed.get(text.title() if len(text) > 3 else "")
            if entry is not None:
                break
        else:
            return None
        before = t.form[start - 1] if start else ""
        after_town = previous is not None and previous.end == start - 1 and before in (",", "(") and previous.kind == "name"
        plain = ("." in text[:-1] or text in _UNMISTAKABLE) and not before.replace(",", "").isdigit()  # "100 B.C." is a date
        return Name(start, end, normal(text), [entry], sure=True) if after_town or plain else None

    def _is_road(self, end: int) -> bool:
        return end < len(self.tokens.form) and self.tokens.lower[end] in _WORDS["streets"] and self.tokens.is_capital[end]

    def _is_person(self, start: int, end: int, key: str, found: list[Entry]) -> bool:
        """Whether the phrase is (part of) a person's name."""
        t = self.tokens
        if start in self.persons and end - start < 2:
            first, last = self.persons[start]
            if (first, last) != (start, end):
                return True
        before = t.lower[start - 1] if start else ""
        if before in _WORDS["titles"] and self.tokens.is_capital[start - 1] and end - start == 1:
            return t.entity[start] not in ("GPE", "NORP")
        if key.startswith("saint ") and end < len(t.form) and t.lower[end] in ("'s", "’s"):
            return True  # a church or a school
        if key not in self.surnames:
            return False
        town = all(e.place_class in ("town", "other") for e in found)
        return (town and before not in _WORDS["locative"]) or t.entity[start] not in ("GPE", "NORP", "LOC")

    def _is_sure(self, name: Name) -> bool:
        t, first = self.tokens, name.start
        labels = set(t.entity[name.start : name.end])
        large = any(e.place_class not in ("town", "other") for e in name.entries)
        if large and labels == {"PERSON"} and " " not in name.key and name.kind == "name":
            return False  # Chad, Jordan, Georgia
        if (labels == {"LANGUAGE"} and name.kind == "demonym") or (labels == {"ORG"} and name.entries[0].place_class == "region"):
            return False
        if large or name.kind != "name":
            return t.pos[first] in ("PROPN", "ADJ", "NOUN") or bool(labels & {"GPE", "LOC", "NORP", "ORG"})
        if name.key in _NOT_WORDS or name.key in self.common or (t.form[first] in GENDER and name.end - name.start == 1):
            return labels == {"GPE"} and not self._is_feature(name.end)
        if self._is_feature(name.end):
            return False
        if labels & {"GPE", "LOC"} or self._is_dateline(name):
            return True
        if t.pos[first] != "PROPN" or not self._stands_alone(name):
            return False
        name.possible = labels != {"PERSON"}
        known = any(e.place_class == "town" and e.population >= _KNOWN_TOWN for e in name.entries)
        return known or (labels != {"PERSON"} and self._is_located(name)) or self._is_called_a_place(name)

    def _is_feature(self, end: int) -> bool:
        """Before "River" and the like: a feature of nature that the gazetteer does not know."""
        return end < len(self.tokens.form) and self.tokens.form[end] in _FEATURES

    def _is_dateline(self, name: Name) -> bool:
        """Capitals at the start of a line, before a dash or a bracket."""
        form = self.tokens.form
        if not form[name.start].isupper() or (name.start and "\n" not in form[name.start - 1]) or name.end >= len(form):
            return False
        return form[name.end] in _DASHES

    def _is_located(self, name: Name) -> bool:
        """After "in" or the like, and not the first part of a longer name."""
        t, after = self.tokens, name.end
        goes_on = after < len(t.form) and t.pos[after] == "PROPN" and self.tokens.is_capital[after]
        return name.start > 0 and t.lower[name.start - 1] in _WORDS["locative"] and not goes_on

    def _is_called_a_place(self, name: Name) -> bool:
        """ "The town of Mueda", or a town's name after "in", "from" or "of" that does nothing in the article and is no last name.

        The recogniser takes many a small town for a person.
        """
        t, start = self.tokens, name.start
        if start > 1 and t.lower[start - 1] == "of" and t.lower[start - 2] in PLACE_NOUNS:
            return True
        owns = name.end < len(t.form) and t.lower[name.end] in ("'s", "’s")
        if " " in name.key or owns or start == 0 or t.form[start] in self.acting or t.entity[start] != "PERSON":
            return False
        led = t.lower[start - 1] == "of" or self._is_located(name)
        return led and any(e.place_class == "town" for e in name.entries)

    def _stands_alone(self, name: Name) -> bool:
        """Not the later part of a longer capitalised phrase ("Air Berlin")."""
        t, before = self.tokens, name.start - 1
        later = (
            before >= 0 and t.pos[before] == "PROPN" and self.tokens.is_capital[before] and t.lower[before] not in _WORDS["sides"]
        )
        return not later

    def _put_within(self, names: Iterable[Name]) -> None:
        """Read containment: a town, a comma (or a bracket), and an area that holds a place of the town's name."""
        previous: Name | None = None
        for name in names:
            if previous is not None and name.start - previous.end == 1 and self.tokens.form[previous.end] in (",", "("):
                peers = {_peerage(e) for e in previous.entries} if len(name.key) > 5 else set()
                areas = [e for e in name.entries if e.place_class in ("division", "country") and _peerage(e) not in peers]
                holding = [a for a in areas if any(holds(a, e) for e in previous.entries)]
                if holding and name.kind == "name":
                    previous.within, previous.sure, name.sure = holding, True, True
                    name.entries = holding
            previous = name


def _peerage(entry: Entry) -> tuple[str, str]:
    """What an area is listed beside: "Georgia, Alabama and Florida" is a list, "California, Pa." a town."""
    return entry.place_class, entry.country if entry.place_class == "division" else ""


def holds(area: Entry, place: Entry) -> bool:
    """Whether a country or division contains a place, itself not counted."""
    if area is place or place.place_class == "country":
        return False
    return place.division == area.division or (area.place_class == "country" and place.country == area.division)
