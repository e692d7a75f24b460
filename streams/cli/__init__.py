"""The command line: one file a command."""

import typer

from streams.cli.process import process

app = typer.Typer(
    name="copydesk",
    help="A streaming pipeline for newsrooms: raw articles in; clean text, stories, events and claims out, exactly once.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command()(process)


@app.callback()
def _copydesk() -> None:
    pass


def main() -> None:
    """Entry point of `copydesk`."""
    app()
