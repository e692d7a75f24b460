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

    @property
    def reports(self) -> bool:
        """Whether the verb by itself, or with one preposition, is one of saying or thinking."""
        linked = self.object_prepositions or any(len(link) == 1 for link in self.prepositions)
        return bool(self.frames - {"evidence_object"} or linked)


@dataclass(slots=True)
class Lexicon:
    """Word forms to verbs, and the word lists beside them; all lower case."""

    verbs: dict[str, Verb]
    nouns: dict[str, Verb]
    """Nouns of speech; their frames are `clause`, `preposition` and `infinitive`."""
    adjectives: dict[str, Verb]
    stances: set[str]
    """Who thinks well or ill of something: critic, supporter; singular and plural."""
    animate: set[str]
    documents: set[str]
    never: set[str]
    rubrics: set[str]
    hedges: dict[str, set[str]]
    check_words: dict[str, set[str]]


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
    classes: dict[str, ClaimClass] = {lemma: name for name, lemmas in data["class"].items() for lemma in lemmas.split()}
    for lemma, entry in verbs.items():
        entry.claim_class = classes.get(lemma, "statement")
    doubling = set(data["doubling"]["verbs"].split())
    forms: dict[str, Verb] = {}
    for lemma, entry in verbs.items():
        irregular = data["irregular"].get(lemma)
        for form in [lemma, *irregular.split()] if irregular else inflections(lemma, doubling=lemma in doubling):
            if form not in forms or form == lemma:  # "found" is of find, unless there is a verb "found"
                forms[form] = entry
    nominal: dict[str, dict[str, Verb]] = {"nouns": {}, "adjectives": {}}
    for part, words in nominal.items():
        for frame, lemmas in data[part].items():
            for lemma in lemmas.split():
                words.setdefault(lemma, Verb(lemma, classes.get(lemma, "statement"))).frames.add(frame)
    for lemma, links in data["adjective_prepositions"].items():
        adjective = nominal["adjectives"].setdefault(lemma, Verb(lemma, classes.get(lemma, "belief")))
        adjective.prepositions = {(link,) for link in links.split()}
    stances = set(data["stances"]["nouns"].split())
    nouns = nominal["nouns"] | {inflections(lemma)[1]: entry for lemma, entry in nominal["nouns"].items()}
    lists = {
        name: {kind: set(words.split()) for kind, words in group.items()}
        for name, group in (("sources", data["sources"]), ("hedges", data["hedges"]), ("check", data["check"]["words"]))
    }
    return Lexicon(
        forms,
        nouns,
        nominal["adjectives"],
        stances | {inflections(lemma)[1] for lemma in stances},
        **lists["sources"],
        rubrics=set(data["labels"]["rubrics"].split()),
        hedges=lists["hedges"],
        check_words=lists["check"],
    )
