"""The short form of the fuzzing: the same targets under hypothesis, some thousand inputs, the same ones each time."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

EXAMPLES = {"extraction": 60, "parses": 60, "clean_html": 60, "stories": 60}


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=EXAMPLES.get(name, 150),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.binary(min_size=20, max_size=600))
    def check(data: bytes) -> None:
        target.check(data)

    check()
