"""The data files of this folder as look-up tables: types, entries of the lexicon, operators, closed classes, topics."""

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from schemas import Factuality

HERE = Path(__file__).parent
Words = frozenset[str]

_IRREGULAR = """
  arise arose arisen|awake awoke|bear bore borne|beat beaten|become became|begin began begun|bend bent|bet|bid|bind bound|bite bit
  bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|broadcast|build built|burst|buy bought|cast|catch
  caught|choose chose chosen|cling clung|come came|cost|cut|deal dealt|dig dug|draw drew drawn|drink drank drunk|drive drove driven
  |eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden|
  forget forgot|forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hang hung
  |hear heard|hide hid hidden|hit|hold held|hurt|keep kept|kneel knelt|know knew known|lay laid|lead led|leave left|lend lent|let|
  lose lost|make made|mean meant|meet met|pay paid|plead pled|put|quit|read|ride rode ridden|rise rose risen|run ran|say said|see
  saw seen|seek sought|sell sold|send sent|set|shake shook shaken|shed|shoot shot|shut|sing sang sung|sink sank sunk|sit sat|slay
  slew slain|slit|speak spoke spoken|spend spent|spin spun|spread|stand stood|steal stole stolen|stick stuck|strike struck|sweep
  swept|swear swore sworn|swing swung|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|
  undergo underwent undergone|undertake undertook undertaken|uphold upheld|win won|withdraw withdrew withdrawn|withhold withheld
  |wound wounded|write wrote written|override overrode overridden|overrun overran|overthrow overthrew overthrown|oversee oversaw"""


@dataclass(frozen=True, slots=True)
class Type:
    """A type of event: whether it is cooperative, hostile or neutral decides what operators make of it."""

    name: str
    stance: str
    plover: bool
    targets_things: bool
    """Whether the target may be a thing; else only an actor is one."""
    gives: bool
    """Whether it is done to whom a "to" names, rather than to what is given."""
    needs_target: bool
    """Whether an event of the type without a target is not whole."""


Trust = Literal["sure", "mostly", "seldom"]
"""How often in open news a word means the event that its entry says, with people and bodies as actors."""
_TRUST: dict[str, Trust] = {"!": "sure", "": "mostly", "%": "seldom"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word (with its frame) denotes; README.md of the folder lexicon says what the fields mean."""

    type: str
    mode: str
    words: str
    trust: Trust
    """Of one that only types pairs: between two actors."""
    detect: bool
    faint: bool
    """Types a pair, and is no event by itself even between two sure actors."""
    specific: bool
    """The frame names a companion word, which makes the sense sure."""
    to: Words
    source: Words
    source_not: Words
    target: Words
    target_not: Words
    not_in: Words
    only_in: Words
    swap: bool
    mutual: bool
    state: bool
    object: bool
    """Whether the direct object is the target."""
    suffered: bool
    """Whether whose noun it is is who it is done to: the mayor's murder."""
    intransitive: bool
    """The sense holds only where there is neither direct object nor infinitive."""
    transitive: bool
    """The sense holds only where it is done to something."""
    nouns: Words = frozenset()
    """For verb~preposition entries: the nouns of which one must stand there; empty: any."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A word that makes an event of another event; operators.toml says what the fields mean."""

    name: str
    result: dict[str, str]
    factuality: Factuality | None
    content: Factuality | None
    on_complement: bool
    prepositions: bool
    """Whether the complement may stand under a preposition: call for talks, agree to a truce."""
    bare: str | None
    reliability: float

    def apply(self, base: str) -> str | None:
        """The type that comes of a complement of type `base`; None: no event."""
        stance = lexicon().types[base].stance
        outcome = self.result.get(base) or self.result.get(stance) or self.result.get("*")
        return base if outcome == "same" else outcome


@dataclass(slots=True)
class Lexicon:
    """All tables. Keys are lemmas in lower case."""

    types: dict[str, Type] = field(default_factory=dict)
    verbs: dict[str, list[Entry]] = field(default_factory=dict)
    verb_noun: dict[str, dict[str, list[Entry]]] = field(default_factory=dict)
    verb_preposition: dict[str, dict[str, list[Entry]]] = field(default_factory=dict)
    nouns: dict[str, list[Entry]] = field(default_factory=dict)
    modified_nouns: dict[str, dict[str, list[Entry]]] = field(default_factory=dict)
    verb_operators: dict[str, dict[str, Operator]] = field(default_factory=dict)
    """lemma → preposition or "" → operator"""
    noun_operators: dict[str, Operator] = field(default_factory=dict)
    adjective_operators: dict[str, Operator] = field(default_factory=dict)
    auxiliary_operators: dict[str, Operator] = field(default_factory=dict)
    event_nouns: Words = frozenset()
    """Nouns that denote events though no entry types them."""
    grammar: dict[str, Words] = field(default_factory=dict)
    classes: dict[str, dict[str, Words]] = field(default_factory=dict)
    classes_of_words: dict[str, Words] = field(default_factory=dict)
    """Word → the classes that it is a word of."""
    classes_of_entities: dict[str, Words] = field(default_factory=dict)
    """Label of the parser's model → the classes of what it marks so."""
    topics: dict[str, Words] = field(default_factory=dict)
    topics_of_words: dict[str, Words] = field(default_factory=dict)
    """Word → the topics that it is a word of."""
    lemmas: dict[str, str] = field(default_factory=dict)
    """Inflected form of a verb of ours → its lemma."""
    known: Words = frozenset()
    """The verbs and nouns that have a meaning here."""
    means: Words = frozenset()
    """Nouns of what is done with something, and of what happens: no targets."""
    size: int = 0
    """Number of entries, as written."""


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _words(text: str) -> Words:
    return frozenset(text.split())


def _inverted(names: dict[str, Words]) -> dict[str, Words]:
    """For each member the names of the sets that it is in."""
    members = frozenset[str]().union(*names.values())
    return {member: frozenset(name for name, words in names.items() if member in words) for member in members}


@cache
def lexicon() -> Lexicon:
    """The tables, read once a process. Raises ValueError where a data file names a type, mode or class that does not exist."""
    lex = Lexicon()
    declared: dict[str, dict[str, Any]] = json.loads((HERE / "types.json").read_text(encoding="utf-8"))
    lex.types = {
        name: Type(
            name, t["stance"], t.get("plover", False), t["target"] == "any", t.get("gives", False), t.get("needs_target", False)
        )
        for name, t in declared.items()
    }
    lex.grammar = {name: _words(text) for name, text in _toml("grammar.toml").items()}
    lex.topics = {name: _words(text) for name, text in _toml("topics.toml").items()}
    lex.topics_of_words = _inverted(lex.topics)
    lex.classes = {name: {part: _words(text) for part, text in parts.items()} for name, parts in _toml("classes.toml").items()}
    lex.classes_of_words = _inverted({name: parts["words"] for name, parts in lex.classes.items()})
    lex.classes_of_entities = _inverted({name: parts.get("entities", frozenset()) for name, parts in lex.classes.items()})
    for path in sorted((HERE / "lexicon").glob("*.toml")):
        for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]:
            if group["mode"] not in declared.get(group["type"], {}).get("modes", (group["mode"],)) or group["type"] not in declared:
                raise ValueError(f"{path.name}: types.json does not know {group['type']}/{group['mode']}")
            _add_group(lex, group)
    _add_operators(lex)
    lex.event_nouns = _words((HERE / "event_nouns.txt").read_text(encoding="utf-8"))
    verbs = {*lex.verbs, *lex.verb_noun, *lex.verb_preposition, *lex.verb_operators}
    lex.lemmas = {form: verb for verb in sorted(verbs) for form in _inflections(verb)} | _irregular(verbs)
    lex.known = frozenset(verbs | set(lex.nouns) | set(lex.modified_nouns) | set(lex.noun_operators))
    lex.means = lex.known | lex.grammar["means"]
    return lex


def _add_group(lex: Lexicon, group: dict[str, Any]) -> None:
    restrictions = {name: frozenset(group.get(name, ())) for name in ("source", "source_not", "target", "target_not")}
    for name in set().union(*restrictions.values()) - {"unknown"}:
        if name not in lex.classes:
            raise ValueError(f"classes.toml does not know {name}")
    common: dict[str, Any] = restrictions | {
        "type": group["type"],
        "mode": group["mode"],
        "to": _words(group.get("to", "")),
        "not_in": frozenset(group.get("not_in", ())),
        "only_in": frozenset(group.get("only_in", ())),
    }
    common |= {
        name: bool(group.get(name, False)) for name in ("swap", "mutual", "state", "suffered", "intransitive", "transitive")
    } | {"object": bool(group.get("object", True))}
    for kind in ("verbs", "nouns"):
        for word in group.get(kind, "").split():
            lex.size += 1
            plain = word.rstrip("?!%")
            mark = word[len(plain) :]
            common |= {"words": plain, "trust": _TRUST[mark.strip("?")], "detect": "?" not in mark, "faint": "??" in mark}
            (_add_verb if kind == "verbs" else _add_noun)(lex, plain, common)


def _add_verb(lex: Lexicon, word: str, common: dict[str, Any]) -> None:
    head, _, companions = word.partition("+")
    nouns = companions.split("|") if companions else []
    verb, *prepositions = head.replace("^", "~^").split("~")
    if prepositions:
        entry = Entry(**common, specific=True, nouns=frozenset(nouns))
        for preposition in prepositions[0].split("|"):
            lex.verb_preposition.setdefault(verb, {}).setdefault(preposition, []).append(entry)
    elif nouns:
        for noun in nouns:
            lex.verb_noun.setdefault(verb, {}).setdefault(noun, []).append(Entry(**common, specific=True))
    else:
        lex.verbs.setdefault(verb, []).append(Entry(**common, specific=False))


def _add_noun(lex: Lexicon, word: str, common: dict[str, Any]) -> None:
    noun, _, modifiers = word.partition(":")
    if not modifiers:
        lex.nouns.setdefault(noun, []).append(Entry(**common, specific=False))
    for modifier in filter(None, modifiers.split("|")):
        lex.modified_nouns.setdefault(noun, {}).setdefault(modifier, []).append(Entry(**common, specific=True))


def _add_operators(lex: Lexicon) -> None:
    for row in _toml("operators.toml")["operator"]:
        result = row.get("result", {})
        for name in {*result.values(), row.get("bare", "same")} - {"same"}:
            if name not in lex.types:
                raise ValueError(f"operators.toml: types.json does not know {name}")
        operator = Operator(
            name=row["name"],
            result=result,
            factuality=row.get("factuality"),
            content=row.get("content"),
            on_complement=row.get("trigger") == "complement",
            prepositions=row.get("prepositions", False),
            bare=row.get("bare"),
            reliability=row.get("reliability", 0.97),
        )
        for word in row.get("verbs", "").split():
            verb, _, preposition = word.partition("~")
            lex.verb_operators.setdefault(verb, {}).setdefault(preposition, operator)
        for table, words in (
            (lex.noun_operators, "nouns"),
            (lex.adjective_operators, "adjectives"),
            (lex.auxiliary_operators, "auxiliaries"),
        ):
            for word in row.get(words, "").split():
                table.setdefault(word, operator)


def _inflections(verb: str) -> list[str]:
    """Regular forms of a verb; one that ends in consonant-vowel-consonant gets the doubled forms too, which may not exist."""
    stems = [verb[:-1]] if verb.endswith("e") else [verb]
    if len(verb) > 2 and verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" and verb[-3] not in "aeiou":
        stems.append(verb + verb[-1])
    past = [verb[:-1] + "ied"] if verb.endswith("y") and verb[-2] not in "aeiou" else [stem + "ed" for stem in stems]
    third = verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"
    if verb.endswith(("s", "x", "z", "h", "o")):
        third = verb + "es"
    return [third, *past, *(stem + "ing" for stem in stems)]


def _irregular(verbs: set[str]) -> dict[str, str]:
    rows = (row.split() for row in _IRREGULAR.split("|"))
    return {form: row[0] for row in rows if row and row[0] in verbs for form in row[1:]}
