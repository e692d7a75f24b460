"""`copydesk acls`: what each of us must be allowed to do on a cluster with ACLs."""

import sys
from enum import StrEnum
from shlex import join
from typing import Annotated

import orjson
import typer

from streams.cli.common import BrokerOption, fail, settings_with


class Role(StrEnum):
    """Who is not a stage."""

    feed = "feed"
    subscriber = "subscriber"
    operator = "operator"


def acls(
    stage: Annotated[list[str] | None, typer.Option(help="Rights of a worker that runs this stage; several: of all.")] = None,
    role: Annotated[
        list[Role] | None, typer.Option(help="Rights of those who push, read what we publish, or look after it.")
    ] = None,
    principal: Annotated[str | None, typer.Option(help="Who is to have them.", show_default="User:copydesk-STAGE or -ROLE")] = None,
    group: Annotated[str, typer.Option(help="The consumer group of a subscriber.")] = "my-desk",
    json: Annotated[bool, typer.Option("--json", help="One JSON object a right, in the words of Kafka's admin clients.")] = False,
    broker: BrokerOption = None,
) -> None:
    """Print the rights that each of us needs, and no more, as commands for Kafka's kafka-acls.sh. Changes nothing.

    With COPYDESK_TOPIC_PREFIX and COPYDESK_GROUP as the worker has them. Without --stage and --role: all of them, each with a
    principal of its own. Exit code 0: printed; 2: no such stage.
    """
    from streams.rights import of_feed, of_operator, of_stage, of_subscriber
    from streams.topics import SOURCES

    conf = settings_with(broker=broker)
    unknown = [name for name in stage or () if name not in SOURCES]
    if unknown:
        fail(f"no such stage: {', '.join(unknown)}; there are {', '.join(SOURCES)}", code=2)
    stages = stage or ([] if role else list(SOURCES))
    roles = role or ([] if stage else list(Role))
    of_role = {
        Role.feed: lambda: of_feed(conf),
        Role.subscriber: lambda: of_subscriber(conf, group),
        Role.operator: lambda: of_operator(conf),
    }
    wanted = {name: of_stage(name, conf) for name in stages} | {name.value: of_role[name]() for name in roles}
    command = ["kafka-acls.sh", "--bootstrap-server", conf.broker]
    for name, needed in wanted.items():
        who = principal or f"User:copydesk-{name}"
        if not json:
            typer.echo(f"# {name}")
        for right in needed:
            if json:
                sys.stdout.buffer.write(orjson.dumps(right.to_dict(who), option=orjson.OPT_APPEND_NEWLINE))
            else:
                typer.echo(join([*command, *right.command(who)]))
