"""How often an event is fully right (type, both actors, direction, factuality), by a logistic model of the evidence for it.

The weights (confidence.json) are fitted by tests/quality/fit_confidence.py on records of open news that were judged one by one.
"""

import json
from functools import cache
from math import exp, log
from pathlib import Path

JUDGED_FROM = 0.45
"""The least strength of the records that were judged; below it the model would only guess, and confidence falls with strength."""


@cache
def weights() -> dict[str, float]:
    """Evidence → its weight, read once a process."""
    read: dict[str, float] = json.loads(Path(__file__).with_name("confidence.json").read_text(encoding="utf-8"))
    return read


def log_odds(strength: float) -> float:
    """The strength as the model takes it: within the range that was judged."""
    capped = min(max(strength, JUDGED_FROM), 0.97)
    return log(capped / (1 - capped))


def confidence(strength: float, evidence: list[str]) -> float:
    """The probability (0 to 1) that an event of this `strength` (the product of its parts' reliabilities) is fully right."""
    known = weights()
    score = known["strength"] * log_odds(strength) + sum(known.get(name, 0.0) for name in evidence)
    return min(strength / JUDGED_FROM, 1.0) / (1 + exp(-score))
