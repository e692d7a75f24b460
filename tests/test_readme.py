"""What the README promises is there."""

import json
import re
from pathlib import Path

from streams.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


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
    words = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"make (demo|test|lint|score|setup|audit|sbom)\b", README)) <= words
