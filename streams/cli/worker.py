"""`copydesk worker`: run stages, and start them again when they crash."""

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.common import BrokerOption, fail, settings_with

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
HEALTHY_AFTER_S = 60
FINAL = (0, 1, 2, 4)
"""Exit codes of a worker (streams/worker.py) after which it is not started again."""


def worker(
    broker: BrokerOption = None,
    stage: Annotated[list[str] | None, typer.Option(help="Run only this stage; may be given several times.")] = None,
) -> None:
    """Run the stages against a broker until SIGTERM or Ctrl-C.

    Waits for the broker, creates the topics of its stages that are missing, and starts again from the committed offsets after an
    error of the system. Metrics and health are served on COPYDESK_HTTP_HOST:COPYDESK_HTTP_PORT. Exit code 0: stopped as asked; 1:
    the cluster refuses; 2: a wrong setting; 4: too many articles could not be processed (the fuse), a person must look.
    """
    from streams.stages import STAGES

    unknown = [name for name in stage or () if name not in STAGES]
    if unknown:
        fail(f"no such stage: {', '.join(unknown)}; there are {', '.join(STAGES)}", code=2)
    conf = settings_with(broker=broker, stages=",".join(stage) if stage else None)

    if not (find_spec(conf.model) or Path(conf.model).is_dir()):
        fail(f"COPYDESK_MODEL: there is no spaCy pipeline {conf.model}; `copydesk doctor` says what to do", code=2)

    environment = os.environ | {
        "COPYDESK_BROKER": conf.broker,
        "COPYDESK_STAGES": conf.stages,
        # A stable name while this supervisor lives: a worker that is started again takes its partitions back at once.
        "COPYDESK_INSTANCE": conf.instance or f"{os.uname().nodename}-{os.getpid()}",
    }
    raise typer.Exit(supervise([sys.executable, "-m", "streams.worker"], environment))


def supervise(command: list[str], environment: dict[str, str]) -> int:
    """Run `command` until it ends with a code of `FINAL` or we are told to stop, and return that code; start it again after a
    crash."""
    stopping = False
    process: subprocess.Popen[bytes] | None = None

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        if process is not None:
            process.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    pause_s = FIRST_PAUSE_S
    while True:
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, start_new_session=True)
        code = process.wait()
        if stopping or code in FINAL:
            return code if code in FINAL else 0
        if time.monotonic() - began > HEALTHY_AFTER_S:
            pause_s = FIRST_PAUSE_S
        typer.echo(f"the worker ended with {code}; starting it again in {pause_s:g} s", err=True)
        deadline = time.monotonic() + pause_s
        while not stopping and time.monotonic() < deadline:
            time.sleep(0.05)
        if stopping:
            return 0
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
