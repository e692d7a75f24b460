"""The demo as a stranger runs it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNTS = json.loads((ROOT / "deploy" / "sample_feed" / "expected.json").read_text())["counts"]


@pytest.mark.kafka
def test_the_demo_shows_events_and_claims_of_the_sample_feed_and_ends_by_itself(tmp_path: Path) -> None:
    picture = tmp_path / "view.svg"
    ended = subprocess.run(
        [Path(sys.executable).with_name("copydesk"), "demo", "--picture", picture],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", ended.stdout)
    assert ended.returncode == 0, ended.stderr
    summary = re.search(r"(\d+) articles in, (\d+) events and (\d+) claims out, (\d+) dead letters", shown)
    assert summary is not None, shown[-2000:]
    pushed, events, claims, dead = map(int, summary.groups())
    assert (pushed, dead) == (COUNTS["lines"], COUNTS["malformed"])
    assert events > 60
    assert claims > 200
    assert re.search(r"Mon 16 Mar 2026  .+ → .+  [A-Z]+/", shown), "events are readable lines"
    assert "copydesk demo --keep" in shown
    assert picture.read_text().startswith("<svg")
