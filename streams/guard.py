"""Run a command that ends when the process that started it ends, however that one ends.

    python -I -S guard.py PARENT_PID FOLDER COMMAND…

Prints the command's process id, hands on SIGTERM and the exit code. When the parent is gone (SIGKILL included) the command
gets SIGTERM, after GRACE_S seconds SIGKILL, and FOLDER ("" for none) is removed. A process of its own because the alternatives
are weaker: PR_SET_PDEATHSIG in the parent fires when the *thread* that forked ends, and a pipe stays open in forked children.
"""

import ctypes
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

GRACE_S = 10.0
POLL_S = 0.5
PR_SET_PDEATHSIG = 1


def _die_with_the_guard() -> None:
    """Between fork and exec, from a process without threads: the kernel kills the command where the guard itself is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main(parent: int, folder: str, command: list[str]) -> int:
    """Returns the command's exit code, as a shell gives it (128 + signal)."""
    process = subprocess.Popen(command, preexec_fn=_die_with_the_guard)  # noqa: PLW1509 - no threads here
    kill_at = math.inf

    def end(*_: Any) -> None:
        nonlocal kill_at
        kill_at = min(kill_at, time.monotonic() + GRACE_S)
        process.terminate()

    signal.signal(signal.SIGTERM, end)
    print(process.pid, flush=True)
    while True:
        try:
            code = process.wait(POLL_S)
            break
        except subprocess.TimeoutExpired:
            if os.getppid() != parent and kill_at == math.inf:
                end()
            elif time.monotonic() > kill_at:
                process.kill()
    if folder and os.getppid() != parent:  # otherwise the parent removes it, and may read the log before
        shutil.rmtree(folder, ignore_errors=True)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
