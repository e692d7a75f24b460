"""`copydesk kafka`: the embedded broker alone, in the foreground."""

import signal
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.cli.common import fail
from streams.kafka import BrokerFailed, EmbeddedKafka

POLL_S = 0.5
DEFAULT_PORT = 9092


def kafka(
    port: Annotated[
        int, typer.Option(help="Port on the loopback interface; 0 takes any free one.", min=0, max=65535)
    ] = DEFAULT_PORT,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps the topics between runs. Without it they are gone when the broker stops."),
    ] = None,
    heap_mb: Annotated[int, typer.Option(help="Java heap in MB; 384 is enough for a demo and tests.", min=128)] = 384,
) -> None:
    """Run a real single-node Apache Kafka until Ctrl-C.

    Needs no Java and no installation: the first run fetches the official jars (45 MB), later runs start in seconds.
    It listens on this machine only. Exit codes: 0 stopped as asked, 1 the broker could not start or ended by itself.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)

    broker = EmbeddedKafka(data, port, heap_mb=heap_mb)
    try:
        began = time.monotonic()
        broker.start(lambda line: typer.echo(f"{time.monotonic() - began:5.1f} s  {line}", err=True))
        typer.echo(broker.bootstrap)
        typer.echo(
            f"\nIn another terminal:\n  export COPYDESK_BROKER={broker.bootstrap}\n  copydesk worker\n"
            f"\nLog: {broker.log_path}\nCtrl-C stops the broker{'' if data else ' and removes its data'}.",
            err=True,
        )
        while True:
            broker.check()
            time.sleep(POLL_S)
    except BrokerFailed as error:
        fail(str(error))
    finally:
        broker.stop()


def _end(*_: Any) -> None:
    """End the command, also while the broker is starting; stopping it is then not interrupted by a second Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)
