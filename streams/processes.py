"""One process of the pool, seen from both ends of its pipe. What runs where, and when a process ends, is for the pool (pool.py).

A process has a pipe of its own and takes one article at a time, so nothing that happens to it can reach its neighbours: no lock and
no channel is shared by two processes (as pebble's are: its pool breaks when an idle process is killed, or one that sends). It is
forked from a server process that has no threads, and dies with it and with us, whatever it is at; the server ends after us.
"""

import ctypes
import fcntl
import math
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from errno import ENOMEM
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Literal

from streams import heap
from streams.dead_letters import Failure
from streams.forking import context
from streams.records import Incoming
from streams.stages import EXTRACT, Options, Product

PR_SET_PDEATHSIG = 1
WARM_TIMEOUT_S = 120
NO_CODE = 255
"""What the standard library takes for the exit code where the server could not tell it."""
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
RESULT_FACTOR, RESULT_EXTRA_BYTES = 4, 2 * 1024 * 1024
"""A result may have so many times the bytes of its record, and so many more. Measured (generated articles full of events): 10 times
for 4 to 140 KB, 1.4 MB at most; 1.2 MB more than the record for 1 to 4 MB."""
OOM_SCORE, OOM_SCORE_ALONE = 600, 300
"""Where memory runs out, the kernel kills the process with the highest score: an ordinary one of the pool before one that runs a
suspect alone, which may be innocent, and any of them before the worker."""

Work = Callable[[str, Incoming, Options], Product | Failure]
Cause = Literal["died", "time", "memory"]


class PoolBroken(RuntimeError):
    """The pool cannot run anything: an error of the system, not of an article."""


class Died(Exception):
    """The process ended with an article in its hands; `cause` says why, the message says how."""

    def __init__(self, cause: Cause, how: str) -> None:
        super().__init__(how)
        self.cause: Cause = cause


_LOCK = threading.Lock()
"""The standard library starts processes and collects their exit codes unguarded: from several threads, codes get lost."""


class Process:
    """A process of the pool, from the parent's side. One thread gives it work; another may watch it and end it."""

    def __init__(self, stages: tuple[str, ...], options: Options, work: Work, *, alone: bool = False) -> None:
        """Begin to start it. Raises `PoolBroken` where no process can be started at all."""
        ours, theirs = context().Pipe()
        self._connection: Connection = ours
        try:
            with _LOCK:
                self._process = context().Process(target=_serve, args=(theirs, stages, options, work, alone), daemon=True)
                self._process.start()
        except (OSError, EOFError) as error:
            ours.close()
            raise PoolBroken(f"no process can be started: {error!r}") from error
        finally:
            theirs.close()
        assert self._process.pid is not None
        self.pid: int = self._process.pid
        self.tasks = 0
        self._server_pid: int | None = None
        self._until, self._most_bytes = math.inf, math.inf
        self._ended_for: Cause | None = None
        self._guard = threading.Lock()

    @property
    def warm(self) -> bool:
        """Whether `wait_warm` would return at once."""
        return self._connection.poll()

    @property
    def dead(self) -> bool:
        """Whether it has ended."""
        return bool(wait([self._process.sentinel], 0))

    @property
    def rss_bytes(self) -> int:
        """Memory that it holds; 0 where it has ended. Not its address space: libraries map twice as much as they touch."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE_BYTES
        except (OSError, IndexError):
            return 0

    @property
    def orphaned(self) -> bool:
        """Whether the server that forked it is gone, and with it the means to start another."""
        return self._server_pid is not None and not runs(self._server_pid)

    def wait_warm(self) -> None:
        """Return when it has loaded what its stages need. Raises `Died`, or `PoolBroken` where it says that it cannot."""
        try:
            if not self._connection.poll(WARM_TIMEOUT_S):
                self.end()
                raise Died("time", f"not ready within {WARM_TIMEOUT_S} s")
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._died() from error
        if isinstance(answer, str):
            raise PoolBroken(f"a process of the pool cannot start: {answer}")
        self._server_pid = answer

    def run(self, stage: str, record: Incoming, timeout_s: float, most_bytes: float) -> Product | Failure:
        """Run a stage's work. Raises `Died` where the process ends, or is ended by `watch`."""
        with self._guard:
            self._until, self._most_bytes = time.monotonic() + timeout_s, most_bytes
        try:
            self._connection.send((stage, record))
            answer = self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._died() from error
        finally:
            with self._guard:
                self._until = self._most_bytes = math.inf
        self.tasks += 1
        try:
            result: Product | Failure = pickle.loads(answer)  # noqa: S301 - our own process wrote it
            return result
        except Exception as error:
            return Failure.of(error)

    def watch(self) -> None:
        """End it where the work in hand has run out of time or memory. Called several times a second."""
        with self._guard:
            if self._until == math.inf or self._ended_for is not None:
                return
            if time.monotonic() > self._until:
                self._ended_for = "time"
            elif self.rss_bytes > self._most_bytes:
                self._ended_for = "memory"
            else:
                return
            self._kill()

    def end(self) -> None:
        """End it, and free what it holds here."""
        self._kill()
        with _LOCK:
            self._process.join()
            self._process.close()
        self._connection.close()

    def kill(self) -> None:
        """End it; whoever waits for its answer learns of it."""
        with self._guard:
            self._kill()

    def _kill(self) -> None:
        with suppress(OSError, ValueError):
            self._process.kill()

    def _died(self) -> Died:
        self._kill()
        with _LOCK:
            self._process.join()
            code = self._process.exitcode or 0
        if code == NO_CODE:  # the server was gone first, though the kernel may not show it yet
            for _ in range(20):
                if self.orphaned:
                    break
                time.sleep(0.05)
        if self._ended_for == "time":
            return Died("time", "ran out of time")
        if self._ended_for == "memory" or code == ENOMEM:
            return Died("memory", "went over its memory limit")
        if code < 0:
            return Died("died", f"died with signal {-code} ({signal.Signals(-code).name})")
        return Died("died", f"exited with code {code}")


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def _serve(connection: Connection, stages: tuple[str, ...], options: Options, work: Work, alone: bool) -> None:
    """The process itself: load, say so, then answer each record with a pickled result, until the pipe ends."""
    heap.bound()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # the server's death
    _die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent's affair: it drains first
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE_ALONE if alone else OOM_SCORE))
    try:
        if EXTRACT.name in stages:
            from processors import nlp

            nlp.pipeline(options.model)
    except Exception as error:
        connection.send(f"{type(error).__name__}: {error}")
        return
    connection.send(os.getppid())
    with suppress(EOFError, OSError):  # the parent is gone
        while True:
            stage, record = connection.recv()
            connection.send_bytes(_answer(work, stage, record, options))


def _die_with_parent() -> None:
    """Have the kernel end us when the parent is gone: its end of the pipe closes, and SIGIO ends who does not handle it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, fcntl.fcntl(parent.sentinel, fcntl.F_GETFL) | os.O_ASYNC)


def _answer(work: Work, stage: str, record: Incoming, options: Options) -> bytes:
    """A pickled result; where there is none, or one that cannot leave the process, a pickled failure."""
    try:
        answer = pickle.dumps(work(stage, record, options), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        os._exit(ENOMEM)
    except BaseException as error:
        return pickle.dumps(Failure.of(error))
    most = RESULT_FACTOR * len(record.value) + RESULT_EXTRA_BYTES
    if len(answer) > most:
        answer = pickle.dumps(Failure("too-large", "", f"what {stage} makes of it has {len(answer)} bytes; it may have {most}"))
    return answer
