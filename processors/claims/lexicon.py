"""The cue lexicon: lexicon.toml with its verbs inflected."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from schemas import ClaimClass

_VOWELS = frozenset("aeiou")


@dataclass(slots=True)
class Verb:
    """One verb and the frames that it can head."""

    lemma: str
    claim_class: ClaimClass = "statement"
    frames: set[str] = field(default_factory=set)
    prepositions: set[tuple[str, ...]] = field(default_factory=set)
    """Words that lead the content in and belong to the cue: ("about",), ("out", "at")."""
    object_prepositions: set[str] = field(default_factory=set)
    fixed: set[tuple[str, ...]] = field(default_factory=set)
    """Words after the verb that make it a cue: ("clear",), ("confidence",)."""


@dataclass(slots=True)
class Lexicon:
    """Word forms to verbs, and the word lists beside them; all lower case."""

    verbs: dict[str, Verb]
    nouns: dict[str, set[str]]
    adjectives: dict[str, set[str]]
    animate: set[str]
    documents: set[str]
    never: set[str]
    reported: set[str]
    possible: set[str]
    probable: set[str]


def inflections(lemma: str, *, doubling: bool = False) -> list[str]:
    """A regular verb's forms: lemma, third person, past, present participle."""
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = lemma + "es"
    elif lemma.endswith("y") and lemma[-2] not in _VOWELS:
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    if lemma.endswith("e"):
        return [lemma, third, lemma + "d", (lemma[:-1] if not lemma.endswith(("ee", "oe", "ye")) else lemma) + "ing"]
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return [lemma, third, lemma[:-1] + "ied", lemma + "ing"]
    stem = lemma + lemma[-1] if doubling else lemma
    return [lemma, third, stem + "ed", stem + "ing"]


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once a process."""
    data = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
    verbs: dict[str, Verb] = {}

    def verb(lemma: str) -> Verb:
        return verbs.setdefault(lemma, Verb(lemma))

    for frame, lemmas in data["frames"].items():
        for lemma in lemmas.split():
            verb(lemma).frames.add(frame)
    for lemma, words in data["prepositions"].items():
        verb(lemma).prepositions = {tuple(word.split("+")) for word in words.split()}
    for lemma, words in data["object_prepositions"].items():
        verb(lemma).object_prepositions = set(words.split())
    for lemma, words in data["fixed"].items():
        verb(lemma).fixed = {tuple(word.split("+")) for word in words.split()}
    for name, lemmas in data["class"].items():
        for lemma in lemmas.split():
            verb(lemma).claim_class = name
    doubling = set(data["doubling"]["verbs"].split())
    forms: dict[str, Verb] = {}
    for lemma, entry in verbs.items():
        irregular = data["irregular"].get(lemma)
        for form in [lemma, *irregular.split()] if irregular else inflections(lemma, doubling=lemma in doubling):
            if form not in forms or form == lemma:  # "found" is of find, unless there is a verb "found"
                forms[form] = entry
    kinds = {
        name: {
            word: {kind for kind, words in data[name].items() if word in words.split()}
            for words in data[name].values()
            for word in words.split()
        }
        for name in ("nouns", "adjectives")
    }
    kinds["nouns"] |= {inflections(noun)[1]: frames for noun, frames in kinds["nouns"].items()}
    return Lexicon(
        forms,
        kinds["nouns"],
        kinds["adjectives"],
        *(set(data["sources"][name].split()) for name in ("animate", "documents", "never")),
        *(set(data["hedges"][name].split()) for name in ("reported", "possible", "probable")),
    )
