"""The command line: one file a command."""

import logging

import typer

from streams.cli.acls import acls
from streams.cli.demo import demo
from streams.cli.dlq import dlq
from streams.cli.doctor import doctor
from streams.cli.kafka import kafka
from streams.cli.process import process
from streams.cli.push import push
from streams.cli.tail import tail
from streams.cli.topics import topics
from streams.cli.worker import worker

app = typer.Typer(
    name="copydesk",
    help="A streaming pipeline for newsrooms: raw articles in; clean text, stories, events and claims out, exactly once.\n\n"
    "Try [bold]copydesk demo[/bold]. Settings are environment variables, COPYDESK_…; the README lists them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for command in (demo, kafka, worker, push, tail, process, doctor, acls):
    app.command()(command)
for name, group in (("topics", topics), ("dlq", dlq)):
    app.add_typer(group, name=name)


def main() -> None:
    """Entry point of `copydesk`."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what goes wrong, a command says itself
    app()
