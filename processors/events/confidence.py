"""How often an event is fully right (type, both actors, direction, factuality), by a logistic model of the evidence for it.

The weights (confidence.json) are fitted by tests/quality/fit_confidence.py on records of open news that were judged one by one.
"""

import json
from functools import cache
from math import exp, log
from pathlib import Path

from processors.events.arguments import Argument
from processors.events.nearby import BENEATH
from processors.events.parse import Parse
from processors.events.reading import FAINT, WEAK, Reading
from processors.events.roles import Roles

JUDGED_FROM = 0.45
"""The least strength of the records that were judged; below it the model would only guess, and confidence falls with strength."""


@cache
def weights() -> dict[str, float]:
    """Evidence → its weight, read once a process."""
    read: dict[str, float] = json.loads(Path(__file__).with_name("confidence.json").read_text(encoding="utf-8"))
    return read


def confidence(strength: float, evidence: list[str]) -> float:
    """The probability (0 to 1) that an event of this `strength` (the product of its parts' reliabilities) is fully right."""
    known = weights()
    capped = min(max(strength, JUDGED_FROM), 0.97)
    score = known["strength"] * log(capped / (1 - capped)) + sum(known.get(name, 0.0) for name in evidence)
    return min(strength / JUDGED_FROM, 1.0) / (1 + exp(-score))


def evidence(parse: Parse, roles: Roles, r: Reading, source: Argument, target: Argument, quoted: bool) -> list[str]:
    """What speaks for or against an event beside its strength, as names of weights."""
    tag = parse.tag[r.trigger]
    weak = r.entry is not None and FAINT < r.reliability <= WEAK
    noun = bool(target) and parse.pos[target.heads[0]] not in {"PRON", "PROPN"}
    signs = {
        "quoted": quoted,
        "weak ing": weak and tag == "VBG",
        "weak present": weak and tag in {"VB", "VBP", "VBZ"},
        "plain past": r.reliability > WEAK and r.entry is not None and not r.entry.specific and tag in {"VBD", "VBN"},
        "reported": parse.dep[parse.first_conjunct(r.holder)] == "ccomp",
        "source unknown name": bool(source) and roles.candidates.is_unknown_name(source.heads[0]),
        "target beneath": 0 < target.reliability <= BENEATH,
        "target several": len(target.heads) > 1,
        "target pronoun": bool(target) and parse.pos[target.heads[0]] == "PRON",
        "target thing": noun and not roles.candidates.is_actor(target.heads[0]),
        "target bare": noun
        and roles.candidates.is_actor(target.heads[0])
        and parse.child(target.heads[0], "det", "poss", "nummod") is None,
        f"type {r.type}": r.type in {"REJECT", "REQUEST"},
    }
    return ["bias", *(name for name, holds in signs.items() if holds)]
