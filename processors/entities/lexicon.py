"""The words that tell who an actor is: countries, standing bodies, roles, first names. Read once from the data files."""

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from schemas import ActorKind, ActorRole

Words = tuple[str, ...]
"""A phrase as spaCy cuts it into tokens."""

MAX_WORDS = 7
"""No listed phrase is longer."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a listed name stands for; `form` is how it says so."""

    name: str
    kind: ActorKind
    country: str | None
    role: ActorRole | None
    form: Literal["name", "adjective", "nationals", "capital", "seat", "region"] = "name"
    usual: bool = False
    """`country` holds only where the article is not at home in another: Congress, the Senate."""


@dataclass(frozen=True, slots=True)
class RoleWord:
    """What a phrase such as "foreign minister" makes of an actor; `phrase` is its singular."""

    phrase: str
    role: ActorRole
    sort: Literal["person", "body", "people"]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def words(text: str) -> Words:
    """`text` cut the way spaCy's English tokenizer cuts names."""
    for mark in (",", "-", "'s"):
        text = text.replace(mark, f" {mark} " if mark != "'s" else " 's")
    return tuple(text.split())


def plural(noun: str) -> str:
    """The plural of an English noun, by rule."""
    for singular, several in (("man", "men"), ("woman", "women"), ("person", "people"), ("child", "children"), ("wife", "wives")):
        if noun.endswith(singular):
            return noun.removesuffix(singular) + several
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")


def _countries() -> Iterable[tuple[str, Known]]:
    for code, entry in _load("countries").items():
        name = entry["name"]
        for alias in (name, *entry.get("aliases", ())):
            yield alias, Known(name, "country", code, "GOV")
        for capital in entry.get("capitals", ()):
            yield capital, Known(name, "country", code, "GOV", "capital")
        adjectives = entry.get("adjectives", ())
        for adjective in adjectives:
            yield adjective, Known(name, "country", code, "GOV", "adjective")
        for national in entry.get("nationals", adjectives):
            yield plural(national), Known(name, "group", code, None, "nationals")
    for code, regions in _load("regions").items():
        for region in regions:
            yield region, Known(region, "place", code, "GOV", "region")


def _bodies() -> Iterable[tuple[str, Known]]:
    names = {code: entry["name"] for code, entry in _load("countries").items()}
    for name, entry in _load("bodies").items():
        country = entry.get("country")
        if entry.get("stands_for"):
            known = Known(names[country], "country", country, "GOV", "seat")
        else:
            known = Known(name, entry.get("kind", "organisation"), country, entry.get("role"), usual=entry.get("usual", False))
        for alias in (name.removeprefix("the "), *entry.get("aliases", ())):
            yield alias, known


def _names() -> tuple[dict[Words, Known], dict[Words, Known]]:
    known: dict[Words, Known] = {}
    regions: dict[Words, Known] = {}
    for name, meaning in (*_countries(), *_bodies()):
        into = regions if words(name) in known and meaning.form == "region" else known
        into.setdefault(words(name), meaning)
    return known, regions


def _roles() -> tuple[dict[Words, RoleWord], dict[Words, str]]:
    lists = _load("roles")
    roles: dict[Words, RoleWord] = {}
    for sort in ("people", "person", "body"):
        for role, phrases in lists[sort].items():
            for phrase in phrases:
                key = words(phrase)
                roles.setdefault(key, RoleWord(phrase, role, sort))
                if phrase.endswith("."):  # the tokenizer does not know all abbreviations
                    roles.setdefault((*key[:-1], key[-1].rstrip("."), "."), RoleWord(phrase, role, sort))
                if sort != "people" and not phrase.endswith("."):
                    # "heads of state", "attorneys general" inflect their first word, all others the last
                    at = key.index("of") - 1 if "of" in key[1:] else 0 if key[-1] == "general" and len(key) > 1 else -1
                    several = list(key)
                    several[at] = plural(several[at])
                    roles.setdefault(tuple(several), RoleWord(phrase, role, "people"))
    countries = {words(phrase): code for code, phrases in lists["country"].items() for phrase in phrases}
    return roles, countries


NAMES, REGIONS = _names()
"""Listed names, case-sensitive; and those that name a region where they do not name a country (Georgia)."""
NAME_STARTS = {key[0] for key in NAMES}

ROLES, ROLE_COUNTRIES = _roles()
"""Role phrases, in lower case; and the country of those that only one country uses."""
_ROLE_ENDS = {key[-1] for key in ROLES}
ROLE_WORDS = {word for key in ROLES for word in key if len(word) > 2}
"""A word that is in none of them cannot be the head of a role phrase."""

CONTAINS: dict[str, list[str]] = _load("roles")["words"]
"""Which offices a description such as "leader" may refer to."""

SAYING = frozenset(_load("roles")["saying"])
"""Verbs, as lemmas, whose subject speaks: the one whom the next "he said" means."""

HONORIFICS = frozenset(_load("roles")["honorifics"])
"""Words before a person's name, in lower case."""

KIN = frozenset(_load("roles")["kin"])
"""Words for relatives, in lower case."""

COMPANY_FORMS = frozenset(_load("roles")["company_forms"])
"""Inc., Ltd.: what a company's name does without."""

COMPANY_WORDS = frozenset(_load("roles")["company_words"])
"""Last words of companies' names."""

THING_WORDS = frozenset(_load("roles")["thing_words"])
"""Last words of names that no person has: Tower, Street."""

AMBIGUOUS_OFFICERS = frozenset(_load("roles")["ambiguous_officers"])
"""Role phrases of police that others bear too."""

POLICE_SIGNS = frozenset(_load("roles")["police_signs"])
"""Words, in lower case, of articles that speak of police."""

VAGUE = frozenset(_load("roles")["vague"])
"""Words for bodies that do not tell the role of a body so named."""

AMBIGUOUS_PLAYERS = frozenset(_load("roles")["ambiguous_players"])
"""Role phrases of sport that others bear too."""

SPORT_SIGNS = frozenset(_load("roles")["sport_signs"])
"""Words, in lower case, of articles that speak of sport."""

COMPANIONS = frozenset(_load("roles")["companions"])
"""Role phrases that say little alone: another noun before them says whose they are."""

OF_STATE = frozenset(_load("roles")["of_state"])
"""Common nouns before a companion's role phrase that say it is of a state."""

QUANTITIES = frozenset(_load("roles")["quantities"])
"""Role phrases that count: what they count is the actor."""

THINGS = frozenset(_load("roles")["things"])
"""First words of names that the model takes for organisations and that are none."""

DEFINITE = frozenset(_load("roles")["definite"])
"""Role phrases that mean an actor only with an article."""

BARE = frozenset(_load("roles")["bare"])
"""Role phrases that without an article mean those already spoken of."""

GOVERNMENTS = frozenset(_load("roles")["governments"])
"""Role phrases that with a country's name mean its government."""

OWNED = frozenset(_load("roles")["owned"])
"""Nouns, as lemmas, of what an actor says and does: where one acts, its owner does."""

_GENDERS: tuple[Literal["female", "male"], ...] = ("female", "male")
GENDER = {name: gender for gender in _GENDERS for name in _load("first_names")[gender].split()}
"""Of first names, without accents."""
GENDERED = {word: gender for gender in _GENDERS for word in _load("roles")["gender"][gender]}
"""Of the words for persons."""


def listed(tokens: list[str], at: int) -> tuple[int, Known] | None:
    """The longest listed name that begins at `at`: where it ends, and what it stands for."""
    if tokens[at] not in NAME_STARTS:
        return None
    for end in range(min(at + MAX_WORDS, len(tokens)), at, -1):
        if known := NAMES.get(tuple(tokens[at:end])):
            return end, known
    return None


def role_ending(lower: list[str], end: int, start: int = 0) -> tuple[int, RoleWord] | None:
    """The longest role phrase that ends before `end` and begins at `start` or later: where it begins, and what it means."""
    if not end or lower[end - 1] not in _ROLE_ENDS:
        return None
    for begin in range(max(start, end - 5), end):
        if role := ROLES.get(tuple(lower[begin:end])):
            return begin, role
    return None


def role_around(lower: list[str], head: int) -> tuple[int, int, RoleWord] | None:
    """The longest role phrase with `head` in it: "secretary of state" around *secretary*. Its begin, end and meaning."""
    if lower[head] not in ROLE_WORDS:
        return None
    ends = [head + 1]
    if head + 2 < len(lower) and lower[head + 1] == "of":
        ends = [min(head + 4, len(lower)), head + 3, head + 1]
    for end in ends:
        if (found := role_ending(lower, end)) and found[0] <= head:
            return found[0], end, found[1]
    return None


def first_name(word: str) -> Literal["female", "male"] | None:
    """The gender of a first name, with or without its accents; None for any other word."""
    gender = GENDER.get(word)
    if gender is None and not word.isascii():
        gender = GENDER.get("".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)))
    return gender
