"""`copydesk push`: articles from files to the topic."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.common import BrokerOption, fail, settings_with

if TYPE_CHECKING:
    from rich.console import Console

    from streams.settings import Settings

REFUSED = 3
MOST_SHOWN = 20


def push(
    files: Annotated[list[Path], typer.Argument(help="Raw articles, one JSON object a line; - is standard input.")],
    broker: BrokerOption = None,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Refuse lines that are not articles; without, dead letters.")
    ] = True,
) -> None:
    """Push raw articles and wait until the broker has each of them.

    Says of each refused line where it stands and why. Exit code 0: all were delivered; 1: no broker, or it went away, or a
    file cannot be read; 3: some lines were refused, all others delivered.
    """
    from rich.console import Console

    from streams.cluster import ClusterError

    conf = settings_with(broker=broker)
    for file in files:
        if str(file) != "-" and not (file.is_file() and os.access(file, os.R_OK)):
            fail(f"{file}: no such file, or it cannot be read")
    console = Console(stderr=True, highlight=False)
    try:
        delivered, refused = asyncio.run(_push(conf, files, check, console))
    except ClusterError as error:
        fail(str(error))
    for line in refused[:MOST_SHOWN]:
        console.print(f"[red]refused[/red] {line}", soft_wrap=True)
    if len(refused) > MOST_SHOWN:
        console.print(f"… and {len(refused) - MOST_SHOWN} more")
    console.print(f"{delivered} articles delivered to {conf.topic('articles.raw')}, {len(refused)} refused")
    if refused:
        raise typer.Exit(REFUSED)


def lines(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield (where, line) of all lines that are not blank."""
    for file in files:
        source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
        with source:
            for number, line in enumerate(source, 1):
                if line.strip():
                    yield f"{file}:{number}", line.rstrip(b"\r\n")


async def _push(conf: "Settings", files: list[Path], check: bool, console: "Console") -> tuple[int, list[str]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from streams.pushing import Pusher

    total = sum(1 for _ in lines(files)) if all(str(file) != "-" for file in files) else None
    async with Pusher(conf, check=check) as pusher:
        with Progress(
            TextColumn("pushing"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as progress:
            task = progress.add_task("push", total=total)
            for where, line in lines(files):
                await pusher.push(line, where)
                progress.update(task, completed=pusher.delivered)
            await pusher.flush()
    return pusher.delivered, pusher.refused
