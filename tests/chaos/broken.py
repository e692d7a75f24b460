"""A runtime that is broken on purpose, for the harness's own tests: `python -m tests.chaos.broken clean=commit-first,…`.

commit-first: the offset is committed before the outputs are sent; ahead: what is still under way is acknowledged; no-transaction:
outputs are sent outside the transaction; forgetful: the state is not read back. A pause makes the gap that each opens wide
enough to be hit. early is not broken: Faust fetches
between our seeking and the opening of the lanes, as it may.
"""

import asyncio
import sys
from typing import Any

from faust.types import TP

from streams import lanes, worker
from streams.records import Incoming

SOUND = lanes.AIOKafkaProducer
PAUSE_S = 1.0
LONG_PAUSE_S = 2.5 * PAUSE_S
"""So long that the stage before commits meanwhile: there is always more under way."""
FETCH_S = 3.0
FRESH_PREFIX = "chaos.01234567."
"""What the topics of a run begin with; only its length counts."""
taken: dict[tuple[str, int], int] = {}
"""(topic without prefix, partition) → the offset after the last record that a lane took."""


class CommitFirst(SOUND):
    """Keeps what is sent until the offset is committed."""

    async def begin_transaction(self) -> None:
        self.kept: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        await super().begin_transaction()

    async def send(self, *args: Any, **kwargs: Any) -> "asyncio.Future[None]":
        self.kept.append((args, kwargs))
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sent.set_result(None)
        return sent

    async def commit_transaction(self) -> None:
        await super().commit_transaction()
        await asyncio.sleep(PAUSE_S)
        await super().begin_transaction()
        await asyncio.gather(*[await super(CommitFirst, self).send(*args, **kwargs) for args, kwargs in self.kept])
        await super().commit_transaction()


class Ahead(SOUND):
    """Commits the offset after the last record that the lane took."""

    async def send_offsets_to_transaction(self, offsets: dict[Any, int], group: str) -> None:
        await asyncio.sleep(LONG_PAUSE_S)
        ahead = {tp: taken[tp.topic[len(FRESH_PREFIX) :], tp.partition] for tp in offsets}
        await super().send_offsets_to_transaction(ahead, group)


class NoTransaction(SOUND):
    """Sends past the transaction, through a plain producer."""

    async def start(self) -> None:
        await super().start()
        self.plain = SOUND(bootstrap_servers=self.client._bootstrap_servers)
        await self.plain.start()

    async def send(self, *args: Any, **kwargs: Any) -> "asyncio.Future[Any]":
        return await self.plain.send(*args, **kwargs)

    async def commit_transaction(self) -> None:
        await asyncio.sleep(PAUSE_S)
        await super().commit_transaction()

    async def stop(self) -> None:
        await super().stop()
        if hasattr(self, "plain"):  # it did start
            await self.plain.stop()


PRODUCERS = {"commit-first": CommitFirst, "ahead": Ahead, "no-transaction": NoTransaction}


def break_lanes(modes: dict[str, str]) -> None:
    """Break the lanes of the given stages."""
    fence, restore, put = lanes.Lane.fence, lanes.Lane.restore, lanes.Lane.put

    async def fence_badly(lane: lanes.Lane) -> None:
        lanes.AIOKafkaProducer = PRODUCERS.get(modes.get(lane._stage.name, ""), SOUND)
        await fence(lane)

    async def restore_badly(lane: lanes.Lane) -> None:
        if modes.get(lane._stage.name) == "early":
            app = lane._lanes.work.__self__  # type: ignore[attr-defined]
            await app.consumer._getmany({TP(app.conf_topic, lane.partition)}, FETCH_S)
        if modes.get(lane._stage.name) != "forgetful":
            await restore(lane)

    async def put_and_note(lane: lanes.Lane, record: Incoming, *more: Any) -> None:
        taken[record.topic, record.partition] = record.offset + 1
        await put(lane, record, *more)

    lanes.Lane.fence, lanes.Lane.restore, lanes.Lane.put = fence_badly, restore_badly, put_and_note


if __name__ == "__main__":
    break_lanes(dict(mode.split("=", 1) for mode in sys.argv[1].split(",")))
    worker.main()
