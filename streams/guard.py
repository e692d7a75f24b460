"""Run a command that ends when the process that started it ends, however that one ends.

    python -I -S guard.py PARENT_PID FOLDER COMMAND…

Prints the command's process id, hands on SIGTERM and the exit code. When the parent is gone (SIGKILL included) the command
gets SIGTERM, after GRACE_S seconds SIGKILL, and FOLDER ("" for none) is removed. A process of its own because the alternatives
are weaker: PR_SET_PDEATHSIG in the parent fires when the *thread* that forked ends, and a pipe stays open in forked children.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys

GRACE_S = 10.0
POLL_S = 0.5
PR_SET_PDEATHSIG = 1


def _die_with_the_guard() -> None:
    """Between fork and exec, from a process without threads: the kernel kills the command where the guard itself is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)


WATCHED = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


def main(parent: int, folder: str, command: list[str]) -> int:
    """Returns the command's exit code, as a shell gives it (128 + signal)."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    process = subprocess.Popen(command, preexec_fn=_die_with_the_guard)  # noqa: S603, PLW1509 - see above: no threads here
    print(process.pid, flush=True)

    asked_to_stop = False
    while process.poll() is None and os.getppid() == parent and not asked_to_stop:
        received = signal.sigtimedwait(WATCHED, POLL_S)
        asked_to_stop = received is not None and received.si_signo != signal.SIGCHLD

    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
    code = process.wait()
    if folder and os.getppid() != parent:  # otherwise the parent removes it, and may read the log before
        shutil.rmtree(folder, ignore_errors=True)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
