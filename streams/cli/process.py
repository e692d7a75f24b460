"""`copydesk process`: the stages over a file, without Kafka."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from streams.cli.common import fail, settings_with


def process(
    input: Annotated[Path, typer.Option(help="Raw articles, one JSON object a line.", dir_okay=False)],
    output: Annotated[Path, typer.Option(help="Where the records go: {topic, key, value, headers} a line.", dir_okay=False)],
    dedupe: Annotated[
        bool, typer.Option("--dedupe/--no-dedupe", help="Recognise copies; without, each article is its own story.")
    ] = True,
    until: Annotated[Literal["clean", "dedupe", "extract", "link"], typer.Option(help="The last stage to run.")] = "link",
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Leave out events below; unset: the measured default.")
    ] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option(help="When the articles arrived, in UTC: their date where they state none.", show_default="now"),
    ] = None,
) -> None:
    """Run the pipeline over a file, without a broker, on all cores.

    Counts go to stderr, nothing to stdout. Exit code 0: every article was processed or is a dead letter in the output; 1: a file
    cannot be read or written; 2: wrong usage.
    """
    from streams import local
    from streams.pool import PoolBroken
    from streams.stages import Options

    conf = settings_with()
    options = Options(conf.model, conf.min_confidence if min_confidence is None else min_confidence, dedupe)
    try:
        summary = local.process(
            input,
            output,
            options=options,
            until=until,
            processes=conf.pool_processes,
            task_timeout_s=conf.task_timeout_s,
            received_at_ms=None if received_at is None else int(received_at.replace(tzinfo=UTC).timestamp() * 1000),
        )
    except PoolBroken as error:
        fail(f"{error}; `copydesk doctor --local` says what is missing")
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename or ''}")
    counts = ", ".join(f"{topic} {count}" for topic, count in sorted(summary.published.items()))
    print(f"{summary.read} articles read; {counts or 'nothing published'}", file=sys.stderr)
    for reason, count in summary.reasons.most_common():
        print(f"  dead letters, {reason}: {count}", file=sys.stderr)
