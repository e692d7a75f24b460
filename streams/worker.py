"""The worker process: `python -m streams.worker`. `copydesk worker` starts it, and starts it again when it crashes.

Exit codes: 0 stopped as asked; 1 the cluster does not let us in, or not do what a stage does; 2 a wrong setting; 3 an error of the
system (broker gone, lane fenced, pool broken): to be started again; 4 the fuse blew: too many articles could not be processed.
"""

import asyncio
import ctypes
import logging
import math
import os
import signal
import sys
from typing import TYPE_CHECKING

from streams import forking, heap

if TYPE_CHECKING:
    from streams.settings import Settings

log = logging.getLogger("copydesk")

REFUSED, WRONG_SETTING, CRASHED, FUSE_BLOWN = 1, 2, 3, 4
PR_SET_PDEATHSIG = 1
TRIM_EVERY_S = 10
STOP_TIMEOUT_S, CRASHED_STOP_TIMEOUT_S = 60, 15
"""How long a stop may take; after an error there is little to drain, and Faust's threads may wait for a broker that has gone."""
AGAIN_AFTER_S = 30
WHAT_TO_DO = (
    "and not to be started again unseen: too many articles cannot be processed. Those set aside before are dead letters: "
    "`copydesk dlq list` shows the reasons, `copydesk dlq replay` sends them again once that is mended. The rest waits in Kafka."
)


class Sparing(logging.Filter):
    """Lets a library say each thing once in `AGAIN_AFTER_S`: while a broker is away, aiokafka writes a hundred lines a second."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at: dict[tuple[str, object], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if record.name.startswith("copydesk"):
            return True
        what = record.name, record.msg if isinstance(record.msg, str) else type(record.msg)
        if record.created - self._said_at.get(what, -math.inf) < AGAIN_AFTER_S:
            return False
        self._said_at[what] = record.created
        return True


def log_to_stderr() -> None:
    """Our own messages from INFO, the libraries' from ERROR and sparingly: normal operation is quiet."""
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("copydesk").setLevel(logging.INFO)
    logging.getLogger().handlers[0].addFilter(Sparing())


async def _run() -> int:
    from pydantic import ValidationError  # all that takes time is imported after the server for forking was started

    from streams.cluster import ClusterError, Refused
    from streams.fuse import FuseBlown
    from streams.settings import explain, settings

    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopped = asyncio.create_task(stop.wait())
    try:
        conf = settings()
        preparing = asyncio.create_task(_prepare(conf))
        await asyncio.wait([preparing, stopped], return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            return 0
        await preparing
        from streams.app import app
    except ClusterError as error:
        log.error("%s", error)
        return REFUSED if isinstance(error, Refused) else CRASHED
    except ValueError as error:  # pydantic's is one
        log.error("wrong setting: %s", explain(error) if isinstance(error, ValidationError) else error)
        return WRONG_SETTING
    except OSError as error:
        log.error("cannot start: %s", error)
        return CRASHED
    trimming = asyncio.create_task(_trim_heap())
    try:
        await app.start()
        await asyncio.wait([stopped, asyncio.create_task(app.wait_until_stopped())], return_when=asyncio.FIRST_COMPLETED)
    except Exception as error:
        log.error("cannot start: %s", error)
        return CRASHED
    trimming.cancel()
    stopping = asyncio.create_task(app.stop())
    await asyncio.wait([stopping], timeout=CRASHED_STOP_TIMEOUT_S if app.crashed else STOP_TIMEOUT_S)
    if any(isinstance(failure, FuseBlown) for failure in app.failures):
        log.error("ended by its fuse, %s", WHAT_TO_DO)
        return FUSE_BLOWN
    if not stopping.done() or stopping.exception():
        log.error("did not stop cleanly: %r", stopping.exception() if stopping.done() else TimeoutError())
        return CRASHED
    return CRASHED if app.crashed else 0


async def _trim_heap() -> None:
    while True:
        await asyncio.sleep(TRIM_EVERY_S)
        heap.trim()


async def _prepare(conf: "Settings") -> None:
    """Wait for the broker, and create the topics of our stages that are missing. Raises `ClusterError`, or `OSError` where our port
    is taken."""
    from streams.cluster import check_states, create_topics, require_rights, wait_for_broker
    from streams.http import waiting
    from streams.topics import of_stage

    async with waiting(conf):
        await wait_for_broker(conf, None, log.warning)
        await require_rights(conf, conf.stage_names)
        await check_states(conf, conf.stage_names)
        created = await create_topics(conf, {topic.name: topic for name in conf.stage_names for topic in of_stage(name)}.values())
    if created:
        log.warning("created topics: %s", ", ".join(created))


def main() -> None:
    """Run the stages that the settings name until SIGTERM or SIGINT."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    heap.bound()
    log_to_stderr()
    forking.start()
    code = asyncio.new_event_loop().run_until_complete(_run())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # all is committed, or will be read again: threads of Faust or of a pool that still warms up must not hold us up


if __name__ == "__main__":
    main()
