"""`copydesk topics`: the topics of the flow on the cluster."""

import asyncio
from typing import Annotated

import typer

from streams.cli.common import BrokerOption, console, fail, settings_with

topics = typer.Typer(help="Create and list the topics of the flow.", no_args_is_help=True)


@topics.command()
def create(
    broker: BrokerOption = None,
    partitions: Annotated[int | None, typer.Option(min=1, help="Partitions of topics with many.", show_default="4")] = None,
    replication_factor: Annotated[int | None, typer.Option(min=1, help="Copies of each partition.", show_default="1")] = None,
    min_insync_replicas: Annotated[
        int | None, typer.Option(min=1, help="Copies that must have a record.", show_default="1")
    ] = None,
    retention_days: Annotated[
        int | None, typer.Option(min=1, help="Days that topics without compaction keep records.", show_default="7 or 30, by topic")
    ] = None,
) -> None:
    """Create what is missing; topics that exist are left as they are. Exit code 1: the cluster refuses."""
    from streams.cluster import ClusterError, create_topics

    conf = settings_with(
        broker=broker,
        partitions=partitions,
        replication_factor=replication_factor,
        min_insync_replicas=min_insync_replicas,
        retention_days=retention_days,
    )
    try:
        created = asyncio.run(create_topics(conf))
    except ClusterError as error:
        fail(str(error))
    typer.echo("\n".join(f"created {name}" for name in created) if created else "all topics exist")


@topics.command("list")
def list_topics(broker: BrokerOption = None) -> None:
    """List the topics with key, partitions and retention, and how far behind each stage is.

    The marker that ends a transaction counts as a record: a lag of 1 is none. Exit code 1: no broker.
    """
    from rich.table import Table

    from streams.cluster import ClusterError, lags, partition_counts
    from streams.topics import ALL

    conf = settings_with(broker=broker)

    async def ask() -> tuple[dict[str, int], dict[str, list[str]]]:
        counts = await partition_counts(conf)
        behind: dict[str, list[str]] = {}
        for lag in await lags(conf):
            behind.setdefault(lag.topic, []).append(str(lag.records))
        return counts, behind

    try:
        counts, behind = asyncio.run(ask())
    except ClusterError as error:
        fail(str(error))
    table = Table("topic", "key", "partitions", "kept", "lag by partition", "what", box=None, pad_edge=False)
    for topic in ALL:
        name = conf.topic(topic.name)
        kept = "last of a key" if topic.compacted else f"{topic.retention_days} days"
        table.add_row(
            name, topic.key, str(counts.get(topic.name, "missing")), kept, " ".join(behind.get(topic.name, [])), topic.description
        )
    console().print(table)
