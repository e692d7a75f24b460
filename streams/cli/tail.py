"""`copydesk tail`: what comes out, as it comes."""

import asyncio
import sys
from typing import Annotated, Any

import orjson
import typer

from streams.cli.common import BrokerOption, console, fail, settings_with


def tail(
    topic: Annotated[list[str] | None, typer.Argument(help="Topics to follow.", show_default="events claims")] = None,
    broker: BrokerOption = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="Only records with FIELD=VALUE, e.g. type=CONSULT, source.country=RUS. Several must all hold."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Whole records, one JSON object a line: {topic, key, value}.")] = False,
    beginning: Annotated[bool, typer.Option("--beginning", help="From the first record on, not from now.")] = False,
    end: Annotated[bool, typer.Option("--end", help="Stop at the present end instead of waiting for more.")] = False,
) -> None:
    """Show events, claims, stories or any topic as they are published (committed records only).

    Exit code 0: ended with Ctrl-C or --end; 1: no broker, or no such topic; 2: a wrong filter.
    """
    from streams.cli import readable
    from streams.cluster import ClusterError
    from streams.reading import read

    conf = settings_with(broker=broker)
    filters = []
    for condition in where or ():
        field, equals, value = condition.partition("=")
        if not equals:
            fail(f"--where {condition}: write FIELD=VALUE", code=2)
        filters.append((field.split("."), value))
    out = console()

    async def follow() -> None:
        async for name, record in read(conf, topic or ["events", "claims"], from_beginning=beginning or end, follow=not end):
            try:
                fields = None if record.value is None else orjson.loads(record.value)
            except orjson.JSONDecodeError:
                fields = {"undecodable": (record.value or b"").decode(errors="backslashreplace")}
            if not all(value in _values(fields, path) for path, value in filters):
                continue
            if json:
                key = None if record.key is None else record.key.decode(errors="backslashreplace")
                sys.stdout.buffer.write(
                    orjson.dumps({"topic": name, "key": key, "value": fields}, option=orjson.OPT_APPEND_NEWLINE)
                )
                sys.stdout.buffer.flush()
            else:
                out.print(readable.record(name, record.key, fields))

    try:
        asyncio.run(follow())
    except ClusterError as error:
        fail(str(error))
    except (KeyboardInterrupt, BrokenPipeError):
        raise typer.Exit(0) from None


def _values(fields: Any, path: list[str]) -> list[str]:
    """All values at a dotted path, as text; lists are searched."""
    if isinstance(fields, list):
        return [value for item in fields for value in _values(item, path)]
    if not path:
        return [str(fields)]
    return _values(fields[path[0]], path[1:]) if isinstance(fields, dict) and path[0] in fields else []
