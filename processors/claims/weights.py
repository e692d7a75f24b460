"""Logistic weights: how sure a claim is, and how much of it can be checked. weights.json is made by tests/quality/claims.py."""

import json
from collections.abc import Mapping
from functools import cache
from math import exp
from pathlib import Path
from typing import Literal

Kind = Literal["check", "claim"]


def score(kind: Kind, features: Mapping[str, float]) -> float:
    """A probability, 0 to 1; features without a weight count nothing."""
    weights = _weights()[kind]
    total = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + exp(-total))


@cache
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))
    return found
