"""The worker process: `python -m streams.worker`. `copydesk worker` starts it, and starts it again when it crashes.

Exit codes: 0 stopped as asked; 1 the cluster does not let us in, or not do what a stage does; 2 a wrong setting; 3 an error of the
system (broker gone, lane fenced, pool broken).
"""

import asyncio
import ctypes
import logging
import os
import signal
import sys

from pydantic import ValidationError

from streams.settings import explain, settings

REFUSED, WRONG_SETTING, CRASHED = 1, 2, 3
PR_SET_PDEATHSIG = 1
STOP_TIMEOUT_S = 60


def log_to_stderr() -> None:
    """Our own messages from INFO, the libraries' from ERROR: normal operation is quiet."""
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("copydesk").setLevel(logging.INFO)


async def _run() -> int:
    try:
        from streams.app import app
        from streams.cluster import Refused, require_rights

        conf = settings()
    except ValueError as error:  # pydantic's is one
        what = explain(error) if isinstance(error, ValidationError) else error
        logging.getLogger("copydesk").error("wrong setting: %s", what)
        return WRONG_SETTING

    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await require_rights(conf, conf.stage_names)
        await app.start()
        ends = [asyncio.create_task(stop.wait()), asyncio.create_task(app.wait_until_stopped())]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    except Exception as error:
        logging.getLogger("copydesk").error("cannot start: %s", error)
        return REFUSED if isinstance(error, Refused) else CRASHED
    try:
        await asyncio.wait_for(app.stop(), STOP_TIMEOUT_S)
    except Exception as error:
        logging.getLogger("copydesk").error("did not stop cleanly: %r", error)
        return CRASHED
    return CRASHED if app.crashed else 0


def main() -> None:
    """Run the stages that the settings name until SIGTERM or SIGINT."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    log_to_stderr()
    code = asyncio.run(_run())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # Faust's threads may hold the interpreter up after all is committed


if __name__ == "__main__":
    main()
