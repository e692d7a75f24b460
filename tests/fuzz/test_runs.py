"""The long runs of the fuzzing can fail, and begin anew where the code has changed."""

import json
import time
from pathlib import Path

import pytest

from tests.fuzz import large
from tests.fuzz.__main__ import SOURCES, _done
from tests.sources import sources_hash
from tests.timing import WORTH_MEASURING_S


def test_inputs_that_other_code_was_given_do_not_count(tmp_path: Path) -> None:
    note, sources = tmp_path / "views.json", sources_hash(*SOURCES)
    assert _done(tmp_path, "views")["inputs"] == 0
    for given, counted in ((sources, 7), ("0123456789abcdef", 0)):
        note.write_text(json.dumps({"sources": given, "inputs": 7, "seconds": 1.0}))
        assert _done(tmp_path, "views") == {"sources": sources, "inputs": counted, "seconds": 1.0 if counted else 0.0}


def burn(seconds: float) -> None:
    """Take so much processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_takes_the_square_of_its_length_or_too_much_memory_is_too_dear(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    units, chars = {"letters": "a"}, 1_000_000
    least_s = 2 * WORTH_MEASURING_S
    assert large.costs_too_much("length", lambda text: burn(least_s * len(text) / chars), units, chars=chars) == []
    assert large.costs_too_much("square", lambda text: burn(least_s * (len(text) / chars) ** 2), units, chars=chars) == [
        "square letters"
    ]
    monkeypatch.setattr(large, "MOST_MB", large._peak_mb() + 50)
    assert large.costs_too_much("memory", lambda text: len(text * 100), units, chars=chars) == ["memory letters"]
    assert capsys.readouterr().out.count("TOO MUCH") == 2
