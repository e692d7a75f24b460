"""Of every weak spot at least 95 % of the cases are right (the issue asks for that)."""

import pytest

from .hard_cases import KINDS
from .newsroom import Reporter, found

CASES = 20


@pytest.mark.parametrize("kind", KINDS)
def test_this_weak_spot_is_handled(kind: str) -> None:
    wrong = []
    for seed in range(CASES):
        articles, expected = KINDS[kind](Reporter(seed))
        if (decisions := found(articles)) != expected:
            wrong.append((seed, decisions))
    assert len(wrong) <= 0.05 * CASES, wrong


def test_there_are_at_least_300_cases() -> None:
    assert len(KINDS) * CASES >= 300
