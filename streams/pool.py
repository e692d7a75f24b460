"""Processes that run processors: warm before work is given to them, bounded in time and memory, replaced when they end.

Each process has a thread here that feeds it from the one queue, in which the stages take turns. An article on which a process ends
(a crash, the kernel's out-of-memory killer, the time or the memory limit) is a *suspect*: it is tried once more, alone in a new
process, one suspect at a time; on the second end it is poison. So an article that was only near when another did harm goes through,
and so does one that met a process which others had made large.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass

from streams import metrics
from streams.dead_letters import Failure
from streams.processes import Cause, Died, PoolBroken, Process, Work
from streams.records import Incoming
from streams.stages import Options, Product, run
from streams.turns import Turns

log = logging.getLogger("copydesk")

WATCH_EVERY_S = 0.1
IDLE_S = 1.0
"""How often a process without work is looked at."""
START_TRIES = 3
LARGE_SHARE = 0.75
"""A process that holds so much of its memory limit between two articles is replaced: it leaks, or keeps what a large one needed."""
EXCEPTIONS: dict[Cause, str] = {"died": "ProcessDied", "time": "TimeoutError", "memory": "MemoryError"}

__all__ = ["Pool", "PoolBroken", "Work"]


@dataclass(slots=True, eq=False)
class _Task:
    """An article on its way through the pool."""

    stage: str
    record: Incoming
    result: "Future[Product | Failure]"
    first: str = ""
    """How its first process ended."""


class Pool:
    """A pool of processes for the work of the given stages. At most one process more than `processes` exists at a time: a
    suspect's, or the successor of one that is replaced by count or size, which starts while the other still works."""

    def __init__(
        self,
        processes: int,
        stages: tuple[str, ...],
        options: Options,
        *,
        task_timeout_s: float,
        tasks_per_process: int = 2000,
        process_memory_mb: int = 1024,
        work: Work = run,
    ) -> None:
        self._stages, self._options, self._work = stages, options, work
        self._task_timeout_s, self._tasks_per_process = task_timeout_s, tasks_per_process
        self._most_bytes = process_memory_mb * 1024 * 1024
        self._turns: Turns[_Task] = Turns()
        self._suspects: queue.Queue[_Task | None] = queue.Queue()
        self._unfinished: set[_Task] = set()
        self._processes: set[Process] = set()
        self._lock = threading.Lock()
        self._one_more = threading.Lock()
        self._stopping = threading.Event()
        self._warm = threading.Semaphore(0)
        self.broken: Future[None] = Future()
        """Has the `PoolBroken` once the pool has failed."""
        feeders = [self._feed] * processes
        self._threads = [self._thread(target) for target in (*feeders, self._try_suspects, self._watch)]
        self._size = processes

    def start(self) -> None:
        """Start the processes and wait until each is warm. Raises `PoolBroken` where one cannot start."""
        for thread in self._threads:
            thread.start()
        for _ in range(self._size):
            self._warm.acquire()
        if self.broken.done():
            self.broken.result()

    def stop(self) -> None:
        """End all processes; what is under way or waits is dropped."""
        self._stopping.set()
        self._end_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        for task in self._take_unfinished():
            if not task.result.cancel():
                with suppress(InvalidStateError):
                    task.result.set_exception(PoolBroken("the pool was stopped"))
        for process in list(self._processes):
            self._end(process)

    def submit(self, stage: str, record: Incoming) -> "Future[Product | Failure]":
        """Run a stage's work on one record. A record on which two processes end is a `Failure`; the future raises `PoolBroken`
        where the pool itself fails. One that is cancelled before its turn is not run."""
        task = _Task(stage, record, Future())
        with self._lock:
            if not self.broken.done():
                self._unfinished.add(task)
                self._turns.put(stage, task)
                return task.result
        task.result.set_exception(self.broken.exception())
        return task.result

    def _thread(self, target: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                target()
            except Exception as error:
                if not self._stopping.is_set():
                    self._break(error if isinstance(error, PoolBroken) else PoolBroken(f"the processor pool failed: {error!r}"))

        return threading.Thread(target=guarded, name=f"pool {target.__name__}", daemon=True)

    def _break(self, error: PoolBroken) -> None:
        with self._lock:
            if self.broken.done():
                return
            self.broken.set_exception(error)
        self._stopping.set()
        self._end_all()
        for task in self._take_unfinished():
            with suppress(InvalidStateError):
                task.result.set_exception(error)
        for _ in range(self._size):
            self._warm.release()

    def _end_all(self) -> None:
        with self._lock:
            for process in self._processes:
                process.kill()
        self._turns.close()
        self._suspects.put(None)

    def _take_unfinished(self) -> set[_Task]:
        with self._lock:
            tasks, self._unfinished = self._unfinished, set()
        return tasks

    def _launch(self, *, alone: bool = False) -> Process:
        process = Process(self._stages, self._options, self._work, alone=alone)
        with self._lock:
            self._processes.add(process)
        if self._stopping.is_set():  # maybe too late for who ends them all
            process.kill()
        return process

    def _launch_warm(self, *, alone: bool = False) -> Process:
        for tries_left in reversed(range(START_TRIES)):
            process = self._launch(alone=alone)
            try:
                process.wait_warm()
                if process.rss_bytes > LARGE_SHARE * self._most_bytes:
                    raise PoolBroken(
                        f"a process of the pool holds {process.rss_bytes >> 20} MB before its first article; "
                        f"process_memory_mb is {self._most_bytes >> 20} and must be more than that by a third"
                    )
                return process
            except Died as error:
                self._end(process)
                if not tries_left or self._stopping.is_set():
                    raise PoolBroken(f"{START_TRIES} processes of the pool ended before they were ready: {error}") from error
        raise AssertionError

    def _end(self, process: Process) -> None:
        with self._lock:
            self._processes.discard(process)
        process.end()

    def _feed(self) -> None:
        """Keep one process at work."""
        process, successor = self._launch_warm(), None
        self._warm.release()
        while not self._stopping.is_set():
            task = self._turns.get(IDLE_S if successor is None else WATCH_EVERY_S)
            if process.dead:  # while it was idle: no article's fault
                process = self._replaced(process, "died")
            if task is not None and self._begin(task):
                try:
                    self._finish(task, process.run(task.stage, task.record, self._task_timeout_s, self._most_bytes))
                except Died as error:
                    process = self._suspect(task, process, error)
            if successor is None and self._worn(process) and self._one_more.acquire(blocking=False):
                successor = self._launch()
            if successor is not None and successor.warm:
                process, successor = self._succeeded(process, successor), None

    def _worn(self, process: Process) -> bool:
        return process.tasks >= self._tasks_per_process or process.rss_bytes > LARGE_SHARE * self._most_bytes

    def _replaced(self, process: Process, cause: Cause) -> Process:
        if process.orphaned:
            raise PoolBroken("the server that forks the pool's processes was killed")
        metrics.POOL_RESTARTS.labels(cause).inc()
        self._end(process)
        return self._launch_warm()

    def _succeeded(self, process: Process, successor: Process) -> Process:
        """Change over to the successor, unless it came to grief while it started."""
        try:
            successor.wait_warm()
        except Died:
            self._end(successor)
            return process
        finally:
            self._one_more.release()
        metrics.POOL_RESTARTS.labels("worn").inc()
        self._end(process)
        return successor

    def _begin(self, task: _Task) -> bool:
        if task.result.set_running_or_notify_cancel():
            return True
        with self._lock:
            self._unfinished.discard(task)
        return False

    def _finish(self, task: _Task, result: Product | Failure) -> None:
        with self._lock:
            self._unfinished.discard(task)
        with suppress(InvalidStateError):  # the pool was stopped or broke meanwhile
            task.result.set_result(result)

    def _suspect(self, task: _Task, process: Process, error: Died) -> Process:
        """Put an article on which its process ended aside, and go on with a new process."""
        if self._stopping.is_set():
            raise PoolBroken("the pool is stopping")
        if not process.orphaned:
            log.warning("pool: a process %s on %s of %s; trying again alone", error, _name(task), task.stage)
            metrics.POOL_RETRIES.inc()
            task.first = str(error)
            self._suspects.put(task)
        return self._replaced(process, error.cause)

    def _try_suspects(self) -> None:
        """Try suspects again: one at a time, each in a process of its own."""
        while (task := self._suspects.get()) is not None and not self._stopping.is_set():
            with self._one_more:
                process = self._launch_warm(alone=True)
                try:
                    result = process.run(task.stage, task.record, self._task_timeout_s, self._most_bytes)
                except Died as error:
                    if self._stopping.is_set() or process.orphaned:
                        raise PoolBroken("the server that forks the pool's processes was killed") from error
                    metrics.POOL_RESTARTS.labels(error.cause).inc()
                    log.error("pool: a process %s on %s of %s alone: poison", error, _name(task), task.stage)
                    result = Failure("poison", EXCEPTIONS[error.cause], f"a process {task.first} on it, and alone: {error}")
                self._end(process)
            self._finish(task, result)

    def _watch(self) -> None:
        """End what is over its limits, and see that there are processes at all."""
        while not self._stopping.wait(WATCH_EVERY_S):
            with self._lock:
                processes = list(self._processes)
            for process in processes:
                process.watch()
                if process.orphaned:
                    raise PoolBroken("the server that forks the pool's processes was killed")


def _name(task: _Task) -> str:
    return f"{task.record.topic}-{task.record.partition}@{task.record.offset}"
