"""What the README promises is there."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from streams.settings import Settings
from streams.topics import ARTICLES_RAW, FLOW

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
WORDS = re.findall(r"^([a-z-]+):.* ## ", MAKEFILE, re.M)


def test_the_table_of_settings_is_complete_and_right() -> None:
    table = {
        match[1]: (match[2].strip().strip("`"), match[3].strip())
        for match in re.finditer(r"^\| `(COPYDESK_\w+)` \|(.*?)\|(.*)\|$", README, re.M)
    }
    for name, field in Settings.model_fields.items():
        default, description = table.pop(f"COPYDESK_{name.upper()}")
        assert description == field.description
        if name != "pool_processes":
            assert default == str(field.default if field.default is not None else "")
    assert table == {}


def test_every_file_that_it_names_exists() -> None:
    for path in re.findall(r"[(`]((?:docs|schemas|deploy|tests)/[\w./-]*|[A-Z]+\.md)[)`]", README):
        assert (ROOT / path).exists(), path


def test_its_json_is_json() -> None:
    blocks = re.findall(r"```json\n(.*?)```", README, re.S)
    assert len(blocks) == 2
    for block in blocks:
        json.loads(block)


def test_every_make_word_that_it_names_is_one() -> None:
    """And CONTRIBUTING, in a line or in a block of commands."""
    named = {
        word
        for text in (README, CONTRIBUTING)
        for code in re.findall(r"`make ([^`]*)`", text) + re.findall(r"^make (.*?)(?: *#.*)?$", text, re.M)
        for word in code.split()
        if "=" not in word
    }
    assert {"demo", "test", "lint", "chaos"} <= named
    assert named - set(WORDS) == set()


def test_no_file_keeps_a_make_word_from_running() -> None:
    (phony,) = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", MAKEFILE, re.M)
    assert sorted(phony.replace("\\\n", " ").split()) == sorted(WORDS)


def test_make_names_the_python_that_it_needs_where_it_is_given_another(tmp_path: Path) -> None:
    other = tmp_path / "python3"
    other.write_text("#!/bin/sh\nexit 1\n")  # what every Python says that is asked whether it is 3.11, and is not
    other.chmod(0o755)
    command = ["make", "setup", f"PYTHON={other}", f"VENV={tmp_path / 'venv'}"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 2
    assert "make PYTHON=python3.11 setup" in made.stdout
    assert not (tmp_path / "venv").exists()
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert needed == "==3.11.*"
    assert sys.version_info[:2] == (3, 11)


def test_every_topic_that_subscribers_may_read_is_in_its_table() -> None:
    named = set(re.findall(r"^\| `([a-z.]+)` \| ", README, re.M))
    assert {topic.name for topic in FLOW} - {ARTICLES_RAW.name} <= named


def holds(whole: Any, part: Any) -> bool:
    """Whether all that `part` says stands in `whole`."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and holds(whole[name], part[name]) for name in part)
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)


def test_its_event_is_what_the_sample_feed_gives(tmp_path: Path) -> None:
    (shown,) = [block for text in re.findall(r"```json\n(.*?)```", README, re.S) if "trigger" in (block := json.loads(text))]
    articles = (ROOT / "deploy/sample_feed/feed.jsonl").read_bytes().split(b"\n")
    its = [line for line in articles if f'"{shown["article_uri"]}"'.encode() in line]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(its))
    sink = tmp_path / "out.jsonl"
    command = [Path(sys.executable).with_name("copydesk"), "process", "--input", tmp_path / "in.jsonl", "--output", sink]
    subprocess.run(command, check=True, capture_output=True)
    records = [json.loads(line) for line in sink.read_text().split("\n") if line]
    assert any(holds(record["value"], shown) for record in records if record["topic"] == "events")
