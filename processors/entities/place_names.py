"""Where a text names places: capitalised phrases that the gazetteer or the lists of places.toml know, and that name no person."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Token

from processors.entities.evidence import PLACE_NOUNS
from processors.entities.gazetteer import Entry, gazetteer, normal
from processors.entities.lexicon import GENDER
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
    others = gazetteer().areas.get(key, []) if kind != "name" else [*gazetteer().areas.get(key, []), *_towns(key)]
    return [*usual, *(e for e in others if e not in usual)], usual, kind


@lru_cache(maxsize=1 << 14)
def _cached_towns(key: str) -> tuple[Entry, ...]:
    return tuple(gazetteer().towns(key))


def _towns(key: str) -> tuple[Entry, ...]:
    return _cached_towns(key) if len(key) > 2 else ()


def _starts_name(token: Token) -> bool:
    return token.text[0].isupper()


def _phrases(doc: Doc, text: str, start: int) -> Iterator[tuple[int, str]]:
    """(end, normal form) of the phrases that may be a name from `start` on, longest first."""
    ends = []
    for at in range(start, min(start + _MAX_TOKENS, len(doc))):
        token = doc[at]
        if token.is_space or (at > start and not (_starts_name(token) or token.lower_ in _WORDS["links"] or token.text in "-.'’")):
            break
        if _starts_name(token):
            ends.append(at + 1)
            if token.whitespace_ == "" and at + 1 < len(doc) and doc[at + 1].text == ".":
                continue
    first = doc[start].idx
    for end in reversed(ends):
        last = doc[end - 1].idx + len(doc[end - 1])
        if last - first <= _MAX_CHARS:
            yield end, normal(text[first:last])


class Finder:
    """The place names of one Doc."""

    def __init__(self, doc: Doc) -> None:
        self.doc, self.text = doc, doc.text
        self.persons: dict[int, tuple[int, int]] = {}
        surnames: set[str] = set()
        for entity in doc.ents:
            if entity.label_ == "PERSON":
                words = [token for token in entity if token.text[0].isupper() and token.lower_ not in _WORDS["of_persons"]]
                if len(words) > 1 and "," not in entity.text:
                    surnames.add(normal(words[-1].text))
                    self.persons.update((token.i, (entity.start, entity.end)) for token in entity)
        for token in doc:
            if (
                token.lower_ in _WORDS["titles"]
                and token.text[0].isupper()
                and token.i + 1 < len(doc)
                and doc[token.i + 1].ent_type_ in ("PERSON", "")
            ):
                surnames.add(normal(doc[token.i + 1].text))
        self.surnames = surnames
        self.acting = {token.text for token in doc if token.dep_ in _ACTING}
        """Words that do something, own something or are joined to a name."""
        self.common = {token.text for token in doc if token.text.islower()}
        """Words that the text also writes small; of towns' names these are seldom meant."""

    def names(self) -> list[Name]:
        """Names in text order; those that are not `sure` need the article's context."""
        found: list[Name] = []
        at = 0
        while at < len(self.doc):
            name = self._name_at(at, found[-1] if found else None)
            if name is None:
                at += 1
                continue
            if name.entries:
                found.append(name)
            at = name.end
        self._put_within(found)
        return found

    def _name_at(self, start: int, previous: Name | None) -> Name | None:
        token = self.doc[start]
        if token.is_space or not _starts_name(token):
            return None
        if abbreviation := self._abbreviation(start, previous):
            return abbreviation
        for end, key in _phrases(self.doc, self.text, start):
            if not key:
                continue
            if key in _NOT_NAMES:
                return Name(start, end, key, [])
            found, usual, kind = entries(key)
            if found and key not in _NEVER and (len(key) > 3 or token.text.isupper()):
                if self._is_road(end) or self._is_person(start, end, key, found):
                    return Name(start, end, key, [])
                name = Name(start, end, key, found, kind, usual=usual)
                name.sure = self._is_sure(name)
                return name
        return None

    def _abbreviation(self, start: int, previous: Name | None) -> Name | None:
        """A state's abbreviation: after a town and a comma, or one that can be nothing else ("W.Va.")."""
        doc, listed = self.doc, _abbreviations()
        for end in range(min(start + 3, len(doc)), start, -1):  # "W. Va."; a full stop may be a token of its own
            text = self.text[doc[start].idx : doc[end - 1].idx + len(doc[end - 1])]
            entry = listed.get(text) or listed.get(text.title() if len(text) > 3 else "")
            if entry is not None:
                break
        else:
            return None
        before = doc[start - 1].text if start else ""
        after_town = previous is not None and previous.end == start - 1 and before in (",", "(") and previous.kind == "name"
        plain = ("." in text[:-1] or text in _UNMISTAKABLE) and not before.replace(",", "").isdigit()  # "100 B.C." is a date
        return Name(start, end, normal(text), [entry], sure=True) if after_town or plain else None

    def _is_road(self, end: int) -> bool:
        return end < len(self.doc) and self.doc[end].lower_ in _WORDS["streets"] and self.doc[end].text[0].isupper()

    def _is_person(self, start: int, end: int, key: str, found: list[Entry]) -> bool:
        """Whether the phrase is (part of) a person's name."""
        if start in self.persons and end - start < 2:
            first, last = self.persons[start]
            if (first, last) != (start, end):
                return True
        before = self.doc[start - 1] if start else None
        if before is not None and before.lower_ in _WORDS["titles"] and before.text[0].isupper() and end - start == 1:
            return self.doc[start].ent_type_ not in ("GPE", "NORP")
        if key.startswith("saint ") and end < len(self.doc) and self.doc[end].lower_ in ("'s", "’s"):
            return True  # a church or a school
        if key not in self.surnames:
            return False
        town = all(e.place_class in ("town", "other") for e in found)
        located = before is not None and before.lower_ in _WORDS["locative"]
        return (town and not located) or self.doc[start].ent_type_ not in ("GPE", "NORP", "LOC")

    def _is_sure(self, name: Name) -> bool:
        doc, first = self.doc, self.doc[name.start]
        labels = {token.ent_type_ for token in doc[name.start : name.end]}
        large = any(e.place_class not in ("town", "other") for e in name.entries)
        if large and labels == {"PERSON"} and " " not in name.key and name.kind == "name":
            return False  # Chad, Jordan, Georgia
        if (labels == {"LANGUAGE"} and name.kind == "demonym") or (labels == {"ORG"} and name.entries[0].place_class == "region"):
            return False
        if large or name.kind != "name":
            return first.pos_ in ("PROPN", "ADJ", "NOUN") or bool(labels & {"GPE", "LOC", "NORP", "ORG"})
        if name.key in _NOT_WORDS or name.key in self.common or (first.text in GENDER and name.end - name.start == 1):
            return labels == {"GPE"} and not self._is_feature(name.end)
        if self._is_feature(name.end):
            return False
        if labels & {"GPE", "LOC"} or self._is_dateline(name):
            return True
        if first.pos_ != "PROPN" or not self._stands_alone(name):
            return False
        name.possible = labels != {"PERSON"}
        known = any(e.place_class == "town" and e.population >= _KNOWN_TOWN for e in name.entries)
        return known or (labels != {"PERSON"} and self._is_located(name)) or self._is_called_a_place(name)

    def _is_feature(self, end: int) -> bool:
        """Before "River" and the like: a feature of nature that the gazetteer does not know."""
        return end < len(self.doc) and self.doc[end].text in _FEATURES

    def _is_dateline(self, name: Name) -> bool:
        """Capitals at the start of a line, before a dash or a bracket."""
        doc = self.doc
        if not doc[name.start].text.isupper() or (name.start and "\n" not in doc[name.start - 1].text) or name.end >= len(doc):
            return False
        return doc[name.end].text in _DASHES

    def _is_located(self, name: Name) -> bool:
        """After "in" or the like, and not the first part of a longer name."""
        doc = self.doc
        after = doc[name.end] if name.end < len(doc) else None
        ends = after is None or not (after.pos_ == "PROPN" and after.text[0].isupper())
        return name.start > 0 and doc[name.start - 1].lower_ in _WORDS["locative"] and ends

    def _is_called_a_place(self, name: Name) -> bool:
        """ "The town of Mueda", or a town's name after "in", "from" or "of" that does nothing in the article and is no last name.

        The recogniser takes many a small town for a person.
        """
        doc, start = self.doc, name.start
        if start > 1 and doc[start - 1].lower_ == "of" and doc[start - 2].lower_ in PLACE_NOUNS:
            return True
        owns = name.end < len(doc) and doc[name.end].lower_ in ("'s", "’s")
        if " " in name.key or owns or start == 0 or doc[start].text in self.acting or doc[start].ent_type_ != "PERSON":
            return False
        led = doc[start - 1].lower_ == "of" or self._is_located(name)
        return led and any(e.place_class == "town" for e in name.entries)

    def _stands_alone(self, name: Name) -> bool:
        """Not the later part of a longer capitalised phrase ("Air Berlin")."""
        before = self.doc[name.start - 1] if name.start else None
        return before is None or not (before.pos_ == "PROPN" and before.text[0].isupper() and before.lower_ not in _WORDS["sides"])

    def _put_within(self, names: Iterable[Name]) -> None:
        """Read containment: a town, a comma (or a bracket), and an area that holds a place of the town's name."""
        previous: Name | None = None
        for name in names:
            if previous is not None and name.start - previous.end == 1 and self.doc[previous.end].text in (",", "("):
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
