"""The grammar of dates.toml, compiled: where in a text a rule matches."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("dates.toml").read_text(encoding="utf8"))


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted((re.escape(w).replace(r"\ ", r"\s+").replace("'", "['’]") for w in words), key=len, reverse=True))


def _names(words: dict[str, int]) -> tuple[list[str], list[str]]:
    """The full names and the abbreviations of a list that has each number's full name first; in capitals too."""
    full: list[str] = []
    short: list[str] = []
    seen: set[int] = set()
    for word, number in words.items():
        (short if number in seen else full).extend((word, word.upper()))
        seen.add(number)
    return full, short


def _expand(pattern: str) -> str:
    for name, block in DATA["blocks"].items():
        pattern = pattern.replace(f"<{name}>", block)
    for name, words in _LISTS.items():
        pattern = pattern.replace(f"<{name}>", _alternatives(words))
    return rf"(?<!\w)(?:{pattern})"


_MONTHS, _WEEKDAYS = _names(DATA["months"]), _names(DATA["weekdays"])
_LISTS: dict[str, Iterable[str]] = {
    "month_names": _MONTHS[0],
    "month_abbreviations": _MONTHS[1],
    "weekday_names": _WEEKDAYS[0],
    "weekday_abbreviations": _WEEKDAYS[1],
    **{name: DATA[name] for name in ("numbers", "parts", "seasons", "decades", "holidays")},
}
_RULES = {name: re.compile(_expand(pattern)) for name, pattern in DATA["rules"].items()}
_GROUP = re.compile(r"\(\?P<\w+>")
_ANY_RULE = re.compile("|".join(f"(?P<{name}>{_GROUP.sub('(?:', rule.pattern)})" for name, rule in _RULES.items()))
_STARTS = frozenset(DATA["starts"]["words"]).union(
    word.lower().split()[0].split("'")[0]
    for name in ("months", "weekdays", "numbers", "ordinals", "seasons", "holidays", "decades")
    for word in DATA[name]
)
DATE_LINE = re.compile("^" + _expand("(?:<weekday_names>),? <MONTH> <DAY>,? <YEAR>"), re.MULTILINE)
"""A full date at the beginning of a line."""


def may_start(word: str) -> bool:
    """Whether a rule may match at a token of this (lower case) form: cheap, so that the rules are tried at few tokens."""
    return word[0] in "0123456789'’" or word in _STARTS or word.rstrip(".") in _STARTS or word.partition("-")[0] in _STARTS


def match_at(text: str, position: int) -> tuple[str, re.Match[str]] | None:
    """The first rule that matches at a position, and its match."""
    found = _ANY_RULE.match(text, position)
    if found is None or found.lastgroup is None:
        return None
    match = _RULES[found.lastgroup].match(text, position)
    return (found.lastgroup, match) if match else None
