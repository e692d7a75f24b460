"""`copydesk dlq`: dead letters: look at them, and send them again."""

import asyncio
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.common import BrokerOption, console, fail, settings_with
from streams.dead_letters import Reason

if TYPE_CHECKING:
    from streams.settings import Settings

dlq = typer.Typer(help="List, show and replay dead letters: articles that a stage could not process.", no_args_is_help=True)
ReasonOption = Annotated[Reason | None, typer.Option(help="Only those set aside for this.", show_default="all")]


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter; `id` is DLQ-TOPIC:OFFSET (a dead-letter topic has one partition)."""

    id: str
    key: bytes | None
    value: bytes
    headers: dict[str, bytes]

    def about(self, name: str) -> str:
        """One of the headers that say what failed."""
        return self.headers.get(f"dlq_{name}", b"").decode(errors="replace")


async def letters(conf: "Settings") -> list[Letter]:
    """All dead letters, by topic and offset. Raises `ClusterError`."""
    from streams.reading import read
    from streams.topics import SOURCES, dead_letters

    names = [dead_letters(source).name for source in SOURCES.values()]
    found = [
        Letter(f"{topic}:{record.offset}", record.key, record.value or b"", dict(record.headers))
        async for topic, record in read(conf, names, from_beginning=True, follow=False)
    ]
    return sorted(found, key=lambda letter: (letter.id.rpartition(":")[0], int(letter.id.rpartition(":")[2])))


def _letters(conf: "Settings", ids: list[str], reason: Reason | None) -> list[Letter]:
    from streams.cluster import ClusterError

    try:
        found = asyncio.run(letters(conf))
    except ClusterError as error:
        fail(str(error))
    missing = set(ids) - {letter.id for letter in found}
    if missing:
        fail(f"no such dead letter: {', '.join(sorted(missing))}; `copydesk dlq list` lists them")
    return [letter for letter in found if (not ids or letter.id in ids) and reason in (None, letter.about("reason"))]


@dlq.command("list")
def list_letters(broker: BrokerOption = None, reason: ReasonOption = None) -> None:
    """List dead letters: id, where each was read, why it failed. Exit code 1: no broker."""
    from rich.table import Table

    found = _letters(settings_with(broker=broker), [], reason)
    table = Table("id", "received", "stage", "reason", "from", "detail", box=None, pad_edge=False)
    for letter in found:
        origin = f"{letter.about('topic')}-{letter.about('partition')}@{letter.about('offset')}"
        detail = " ".join(letter.about("detail").split())[:100]
        table.add_row(letter.id, letter.about("received_at")[:19], letter.about("stage"), letter.about("reason"), origin, detail)
    console().print(table if found else "no dead letters")


@dlq.command()
def show(id: Annotated[str, typer.Argument(help="As `dlq list` gives it.")], broker: BrokerOption = None) -> None:
    """Show one dead letter: what failed on stderr, the record as it came on stdout. Exit code 1: no broker, or no such letter."""
    (letter,) = _letters(settings_with(broker=broker), [id], None)
    for name, value in letter.headers.items():
        typer.echo(f"{name}: {value.decode(errors='replace')}", err=True)
    sys.stdout.buffer.write(letter.value + b"\n")


@dlq.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="As `dlq list` gives them.")] = None,
    all: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    reason: ReasonOption = None,
    broker: BrokerOption = None,
) -> None:
    """Send dead letters to the topic they came from again, as they came, when what made them fail is mended.

    They stay in the dead-letter topic. An article that got through in the meantime is a redelivery and changes nothing.
    Exit code 1: no broker, or no such letter; 2: nothing chosen.
    """
    if not ids and not all and reason is None:
        fail("name dead letters, or choose with --reason or --all", code=2)
    from aiokafka import AIOKafkaProducer
    from aiokafka.errors import KafkaError

    from streams.connection import client_arguments
    from streams.rights import said
    from streams.topics import MAX_RECORD_BYTES

    conf = settings_with(broker=broker)
    chosen = _letters(conf, ids or [], reason)

    sent = 0

    async def send() -> None:
        nonlocal sent
        async with AIOKafkaProducer(
            **client_arguments(conf), enable_idempotence=True, max_request_size=2 * MAX_RECORD_BYTES
        ) as producer:
            for letter in chosen:
                headers = [(name, value) for name, value in letter.headers.items() if not name.startswith("dlq_")]
                headers.append(("replay_of", letter.id.encode()))
                await producer.send_and_wait(letter.about("topic"), value=letter.value, key=letter.key, headers=headers)
                sent += 1

    try:
        asyncio.run(send())
    except (KafkaError, OSError) as error:
        fail(f"{chosen[sent].id} could not be sent ({said(error)}); {sent} of {len(chosen)} were sent before it")
    typer.echo(f"{sent} sent again")
