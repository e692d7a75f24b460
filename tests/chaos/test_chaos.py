"""The short form of `make chaos`: one run with many kinds of fault, and runs of a broken runtime, which must be caught."""

import os

import pytest

from tests.chaos.report import explain
from tests.chaos.scenario import Cell, run
from tests.chaos.workers import FAKETIME

FAULTS = ("kill_worker", "kill_pool_process", "kill_worker", "stop_worker", "scale", "kill_broker", "cut_network")
CLOCK = ("step_clock",) if FAKETIME or os.environ.get("CI") == "true" else ()
"""Where the Debian package libfaketime is missing, the clock is left alone; not so in CI."""


@pytest.mark.kafka
@pytest.mark.timeout(900)
def test_every_stage_publishes_everything_once_through_faults_of_many_kinds() -> None:
    result = run(Cell(FAULTS + CLOCK, partitions=2, seed=20261125), print)
    assert result.passed, explain(result)
    assert not any(hit.crashes for hit in result.hits if hit.fault in ("kill_pool_process", "stop_worker", "scale")), explain(
        result
    )
    assert len(result.hits) == len(FAULTS + CLOCK)
    assert all(stage["records"] > 50 for stage in result.stages.values())


@pytest.mark.kafka
@pytest.mark.timeout(600)
def test_what_faust_fetches_while_a_lane_is_being_opened_is_not_lost() -> None:
    early = ("-m", "tests.chaos.broken", "clean=early,dedupe=early")
    result = run(Cell(("kill_worker",) * 2, partitions=1, seed=3, stages="clean,dedupe", program=early), print)
    assert result.passed, explain(result)


@pytest.mark.kafka
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("modes", "clean", "dedupe"),
    [
        ("clean=commit-first,dedupe=forgetful", "missing", "different"),
        ("clean=no-transaction,dedupe=ahead", "twice", "missing"),
    ],
)
def test_a_runtime_that_is_broken_on_purpose_is_caught(modes: str, clean: str, dedupe: str) -> None:
    broken = ("-m", "tests.chaos.broken", modes)
    result = run(Cell(("kill_worker",) * 3, partitions=1, seed=4, stages="clean,dedupe", program=broken), print)
    assert result.error is None, explain(result)
    assert result.stages["clean"][clean] > 0, explain(result)
    assert result.stages["dedupe"][dedupe] > 0, explain(result)
    assert not result.passed
