"""What commands share: the broker option, settings, and how a command ends with an error."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from streams.settings import Settings, explain

if TYPE_CHECKING:
    from rich.console import Console

BrokerOption = Annotated[
    str | None,
    typer.Option(help="host:port of the Kafka brokers, comma separated.", envvar="COPYDESK_BROKER", show_default="127.0.0.1:9092"),
]


def fail(message: str, code: int = 1) -> NoReturn:
    """End the command with one clear message on stderr."""
    typer.echo(f"copydesk: {message}", err=True)
    raise typer.Exit(code)


def console() -> "Console":
    """The console on stdout; lines are never cut where it is not a terminal."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200)


def settings_with(**given: Any) -> Settings:
    """The settings, with what was given on the command line in place of the environment's. A wrong one ends the command."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        fail(f"wrong setting: {explain(error)}", code=2)


def environment_with(**given: str) -> dict[str, str]:
    """This process's environment and settings for one that it starts."""
    return os.environ | {f"COPYDESK_{name.upper()}": value for name, value in given.items()}
