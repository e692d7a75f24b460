"""The long run: `make chaos`, or `python -m tests.chaos --help`."""

import fnmatch
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from tests.chaos import report
from tests.chaos.faults import FAULTS
from tests.chaos.scenario import Cell, Result, repeated, run
from tests.chaos.workers import FAKETIME
from tests.sources import sources_hash

PARTITIONS = (1, 4)
THREE_BROKERS = {"kill_broker": 4, "stop_broker": 1, "kill_worker": 3, "freeze_worker": 1, "rolling_restart": 1, "cut_network": 2}
"""What is tried once more with three brokers: how often in the run."""


def grid(seeds: int) -> Iterator[Cell]:
    """Every cell: seed by seed, so that a run that is broken off has tried every fault."""
    for seed in range(1, seeds + 1):
        for fault in FAULTS:
            for partitions in PARTITIONS:
                yield Cell(tuple(repeated(fault)), partitions, seed)
        if seed == 1:
            for fault, times in THREE_BROKERS.items():
                yield Cell((fault,) * times, 4, seed, brokers=3)


def main(
    seeds: Annotated[int, typer.Option(help="Runs of each fault and number of partitions.", min=1)] = 3,
    jobs: Annotated[int, typer.Option(help="Runs at once; most of a run is waiting.", min=1)] = 2,
    cells: Annotated[str, typer.Option(help="Only cells whose name fits, such as 'freeze*' or '*3-brokers*'.")] = "*",
    resume: Annotated[
        bool, typer.Option(help="Leave out what passed with these sources before; what failed is done again, and counts.")
    ] = True,
    table: Annotated[bool, typer.Option(help="Write the table into docs/reliability.md, if it is the whole grid.")] = True,
    show: Annotated[bool, typer.Option("--list", help="Only name the cells.")] = False,
) -> None:
    """Kill, freeze, cut off and restart what runs, at random moments, and compare what each stage published with the same stage
    run without Kafka. Exit code 1 where anything is missing, twice or different, or a run did not come to its end.
    """
    chosen = [cell for cell in grid(seeds) if fnmatch.fnmatch(cell.name, cells)]
    if not chosen:
        raise typer.BadParameter(f"no cell is named like {cells!r}; --list names them")
    if show:
        for cell in chosen:
            typer.echo(f"{cell.name} ({len(cell.faults)} faults)")
        return
    if FAKETIME is None and any("step_clock" in cell.faults for cell in chosen):
        raise typer.BadParameter("libfaketime is missing: apt-get install libfaketime")
    sources, console = sources_hash(*report.SOURCES), Console()
    names = {cell.name for cell in chosen}
    results = [result for result in report.load(sources) if result.cell in names] if resume else []
    passed = {result.cell for result in results if result.passed}
    todo = [cell for cell in chosen if cell.name not in passed]
    console.print(f"{len(todo)} of {len(chosen)} runs to do, {sum(len(cell.faults) for cell in todo)} faults, sources {sources}")
    began = time.monotonic()
    for result in _do(todo, jobs, console):
        report.save(result, sources)
        results.append(result)
    console.print(report.table(results), markup=False)
    if table and cells == "*":
        report.write_table(results)
    console.print(f"{(time.monotonic() - began) / 60:.0f} minutes")
    sys.exit(0 if all(result.passed for result in results) else 1)


def _do(cells: list[Cell], jobs: int, console: Console) -> Iterator[Result]:
    columns = (SpinnerColumn(), TextColumn("{task.fields[cell]}"), TextColumn("{task.description}"), TimeElapsedColumn())
    left = list(reversed(cells))
    with Progress(*columns, console=console, transient=True) as progress, ThreadPoolExecutor(jobs) as threads:
        running: dict[Future[Result], tuple[TaskID, Cell]] = {}
        while left or running:
            while left and len(running) < jobs:
                cell = left.pop()
                task = progress.add_task("", total=None, cell=cell.name)

                def say(line: str, task: TaskID = task) -> None:
                    progress.update(task, description=line)

                running[threads.submit(run, cell, say)] = task, cell
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                task, _ = running.pop(future)
                progress.remove_task(task)
                result = future.result()
                still = max((max(hit.still_s.values()) for hit in result.hits), default=0)
                console.print(
                    f"[{'green' if result.passed else 'red'}]{'passed' if result.passed else 'FAILED'}[/] {result.cell}: "
                    f"{len(result.hits)} faults, {result.articles} articles, {result.count('records')} records, "
                    f"{result.count('missing')} missing, {result.count('twice')} twice, {result.count('different')} different, "
                    f"longest standstill {still:.1f} s, {result.seconds:.0f} s, exits {result.exits}"
                )
                if not result.passed:
                    console.print(escape(report.explain(result)))
                yield result


if __name__ == "__main__":
    typer.run(main)
