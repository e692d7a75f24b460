"""Results: a line of JSON a run, so that a long run can be resumed; a table in docs/reliability.md; a message for what failed."""

import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from streams.kafka import KAFKA_VERSION
from tests.chaos.faults import FAULTS
from tests.chaos.scenario import Hit, Result

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "build" / "chaos" / "results.jsonl"
TABLE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- chaos:begin -->", "<!-- chaos:end -->"
SOURCES = (
    *("streams", "processors", "schemas", "tests/chaos"),
    *("tests/kafka_tools.py", "tests/worker_tools.py", "deploy/kafka", "requirements.lock"),
)
"""All that a result depends on."""
WRONG = ("missing", "twice", "different")


def save(result: Result, sources: str) -> None:
    """Append a result."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    line = asdict(result) | {"sources": sources, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with RESULTS.open("ab") as file:
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def load(sources: str) -> list[Result]:
    """All results that these sources gave: a run that failed counts, also where it was tried again."""
    found: list[Result] = []
    if RESULTS.exists():
        for line in RESULTS.read_bytes().splitlines():
            data: dict[str, Any] = orjson.loads(line)
            if data.pop("sources") == sources:
                data.pop("at")
                hits = [Hit(**hit) for hit in data.pop("hits")]
                found.append(Result(**data | {"faults": tuple(data["faults"]), "hits": hits}))
    return found


def table(results: Iterable[Result]) -> str:
    """The results as Markdown: by fault, and by stage."""
    results = list(results)
    seeds = sorted({result.seed for result in results})
    head = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {_commit()}: Kafka {KAFKA_VERSION}, {os.cpu_count()} cores, seeds "
        f"{seeds[0]}–{seeds[-1]}; {len(results)} runs, {sum(len(r.hits) for r in results)} faults, "
        f"{sum(r.articles for r in results):,} articles, {sum(r.count('records') for r in results):,} records compared, "
        f"{sum(r.error is not None for r in results)} runs that did not come to their end. In "
        f"{sum(r.ended_by_hand > 0 for r in results)} runs, transactions that Kafka had left open were ended by hand."
    )
    faults = [
        "| fault | brokers | runs | faults | missing | twice | different | standstill, median (s) | longest (s) |"
        " fault itself (s) | promised (s) | crashes |"
    ]
    faults.append("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for (kind, brokers), runs in sorted(_grouped(results, lambda result: (_kind(result), result.brokers)).items()):
        hits = [hit for run in runs for hit in run.hits]
        stills = [max(hit.still_s.values()) for hit in hits if hit.recovered]
        still = f"{median(stills):.1f} | {max(stills):.1f}" if stills else " | "
        lasted_s = median([hit.lasted_s for hit in hits]) if hits else 0.0
        promised = FAULTS[kind].target_s if kind in FAULTS else None
        faults.append(
            f"| {kind.replace('_', ' ')} | {brokers} | {len(runs)} | {len(hits)} | "
            + " | ".join(str(sum(run.count(what) for run in runs)) for what in WRONG)
            + f" | {still} | {lasted_s:.1f} | {'' if promised is None else f'{promised:g}'} | {sum(hit.crashes for hit in hits)} |"
        )
    stages = [
        "| stage | runs | faults | records | missing | twice | different | standstill (s) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for stage in dict.fromkeys(stage for result in results for stage in result.stages):
        runs = [result for result in results if stage in result.stages]
        hits = [hit for run in runs for hit in run.hits]
        counts = " | ".join(f"{sum(int(run.stages[stage][what]) for run in runs):,}" for what in ("records", *WRONG))
        stages.append(
            f"| {stage} | {len(runs)} | {len(hits)} | {counts} | {max((hit.still_s[stage] for hit in hits), default=0):.1f} |"
        )
    return "\n".join([head, "", *faults, "", *stages])


def write_table(results: Iterable[Result]) -> None:
    """Put the table between its markers in docs/reliability.md; a file without them gets them at its end."""
    text = TABLE.read_text() if TABLE.exists() else "# Reliability\n"
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    TABLE.write_text(f"{before}{BEGIN}\n{table(results)}\n{END}{after}")


def explain(result: Result) -> str:
    """All that helps with a run that failed."""
    lines = [f"{result.cell} (seed {result.seed})", *([result.error] if result.error else [])]
    for stage, verdict in result.stages.items():
        if any(verdict[what] for what in WRONG):
            lines.append(f"{stage}: " + ", ".join(f"{verdict[what]} {what}" for what in WRONG))
            lines += [f"  {example}" for example in verdict["examples"]]
    lines += [f"  {hit}" for hit in result.hits]
    if result.kept:
        lines.append(f"data and logs: {result.kept}")
    return "\n".join([*lines, result.logs])


def _kind(result: Result) -> str:
    kinds = set(result.faults)
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _grouped(results: list[Result], by: Callable[[Result], tuple[str, int]]) -> dict[tuple[str, int], list[Result]]:
    groups: dict[tuple[str, int], list[Result]] = defaultdict(list)
    for result in results:
        groups[by(result)].append(result)
    return groups


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    described = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return described or "unknown"
