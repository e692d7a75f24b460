"""Programs from Debian packages: a test that needs one skips where it is missing, except in CI, where nothing is skipped."""

import os
import shutil
from pathlib import Path

import pytest

PACKAGES = Path(__file__).with_name("debian-packages.txt")


def program(name: str, package: str) -> str:
    """The path of a program. Skips the test, naming the Debian package, where it is not installed; fails it where CI=true."""
    listed = {line.partition("#")[0].strip() for line in PACKAGES.read_text().splitlines()}
    assert package in listed, f"{PACKAGES.name} must list {package}, so that CI installs it"
    path = shutil.which(name)
    if path is None:
        missing = f"{name} is missing: apt-get install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return path
