"""With which letters can a match of a regular expression begin? Saves trying hundreds of them on every line."""

import re

_QUANTIFIER = re.compile(r"[?*+]|\{[\d,]+\}")


def first_letters(phrase: str) -> set[str]:
    """The letters and digits of which one is the first in whatever `phrase` matches, and the second one where it is certain.

    Reads as much of regular expressions as the phrases begin with: letters, digits, groups, quantifiers, what is no letter. Raises
    ValueError where a match can begin with any letter.
    """
    if phrase.startswith("(?:"):
        choices, rest = _choices(phrase)
    elif phrase.startswith("\\d"):
        choices, rest = list("0123456789"), phrase[2:]
    elif phrase.startswith("\\") and (phrase[1] in "Wsb" or not phrase[1].isalnum()):
        choices, rest = [""], phrase[2:]
    elif phrase[:1].isalnum():
        choices, rest = [phrase[0]], phrase[1:]
    elif phrase and phrase[0] not in ".[()^$\\":
        choices, rest = [""], phrase[1:]
    else:
        raise ValueError(f"a phrase can begin with any letter: {phrase!r}")
    quantifier = _QUANTIFIER.match(rest)
    if quantifier:
        rest = rest[quantifier.end() :]
        if quantifier[0] in ("?", "*") or quantifier[0].startswith("{0"):
            choices = [*choices, ""]
    found: set[str] = set()
    for choice in choices:
        if len(choice) != 1 or not choice.isalnum():
            found |= first_letters(choice + rest)
        elif rest[:1].isalnum() and not quantifier and not _QUANTIFIER.match(rest[1:]):
            found.add(choice + rest[0])
        else:
            found.add(choice)
    return found


def _choices(phrase: str) -> tuple[list[str], str]:
    """The alternatives of the group that `phrase` begins with, and what follows it."""
    choices: list[str] = []
    depth, start, at = 1, 3, 3
    while depth:
        character = phrase[at]
        if character == "\\":
            at += 1
        elif character == "[":
            at = phrase.index("]", at + 2)
        elif character == "(":
            depth += 1
        elif character in "|)" and depth == 1:
            choices.append(phrase[start:at])
            start = at + 1
        depth -= character == ")"
        at += 1
    return choices, phrase[at:]
