"""Processes that run processors: warm before work is given to them, bounded, replaced when they die or hang.

pebble keeps the processes (tried: a task that segfaults or hangs costs that task alone; the standard library's pool breaks whole).
They are forked from a server process that has no threads, and die with it; it dies with us.
"""

import ctypes
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError

from pebble import ProcessExpired, ProcessPool

from streams import metrics
from streams.dead_letters import Failure
from streams.records import Incoming
from streams.stages import EXTRACT, Options, Product, run

PR_SET_PDEATHSIG = 1
WARM_TIMEOUT_S = 120


Work = Callable[[str, Incoming, Options], Product | Failure]


class PoolBroken(RuntimeError):
    """The pool cannot run anything: an error of the system, not of an article."""


def _begin(stages: tuple[str, ...], options: Options) -> None:
    """In a new process: die with the parent, leave Ctrl-C to it, load what the stages need."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if EXTRACT.name in stages:
        from processors import nlp

        nlp.pipeline(options.model)


def _who() -> int:
    """A process is there once it answers with its id; the pause lets the others answer too."""
    time.sleep(0.05)
    return os.getpid()


class Pool:
    """A pool of processes for the work of the given stages."""

    def __init__(
        self,
        processes: int,
        stages: tuple[str, ...],
        options: Options,
        *,
        task_timeout_s: float,
        tasks_per_process: int = 2000,
        work: Work = run,
    ) -> None:
        self._processes, self._task_timeout_s = processes, task_timeout_s
        self._options, self._work = options, work
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["streams.stages"])
        self._pool = ProcessPool(
            max_workers=processes,
            max_tasks=tasks_per_process,
            initializer=_begin,
            initargs=(stages, options),
            context=context,
        )

    def start(self) -> None:
        """Start the processes and wait until each is warm. Raises `PoolBroken` where one cannot start."""
        warm: set[int] = set()
        deadline = time.monotonic() + WARM_TIMEOUT_S
        while len(warm) < self._processes:
            asked = [self._pool.schedule(_who) for _ in range(self._processes)]
            try:
                warm |= {future.result(max(0.0, deadline - time.monotonic())) for future in asked}
            except Exception as error:
                raise PoolBroken(f"the pool's processes were not ready within {WARM_TIMEOUT_S} s: {error!r}") from error

    def stop(self) -> None:
        """End all processes; what is under way is dropped."""
        self._pool.stop()
        self._pool.join()

    def submit(self, stage: str, record: Incoming) -> "Future[Product | Failure]":
        """Run a stage's work on one record. A record on which a process dies or runs out of time is tried once more and then is
        a `Failure`; the future raises `PoolBroken` where the pool itself fails."""
        result: Future[Product | Failure] = Future()
        self._schedule(stage, record, result, tries_left=1)
        return result

    def _schedule(self, stage: str, record: Incoming, result: "Future[Product | Failure]", tries_left: int) -> None:
        def done(future: "Future[Product | Failure]") -> None:
            if result.cancelled():
                return
            try:
                result.set_result(future.result())
            except (ProcessExpired, FutureTimeoutError, MemoryError) as error:
                if tries_left:
                    metrics.POOL_RETRIES.inc()
                    self._schedule(stage, record, result, tries_left - 1)
                else:
                    result.set_result(Failure("poison", type(error).__name__, f"the process died or hung on it twice: {error}"))
            except CancelledError:
                result.cancel()
            except BaseException as error:
                result.set_exception(PoolBroken(f"the processor pool failed: {error!r}"))

        try:
            task = self._pool.schedule(self._work, args=(stage, record, self._options), timeout=self._task_timeout_s)
        except RuntimeError as error:
            result.set_exception(PoolBroken(f"the processor pool failed: {error!r}"))
            return
        task.add_done_callback(done)
        # A lane that closes cancels its articles: those that wait in the pool go, those under way end by themselves.
        result.add_done_callback(lambda given: task.cancel() if given.cancelled() and not task.running() else None)
