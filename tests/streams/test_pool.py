"""The pool keeps what an article does to a process from its neighbours. All on real processes."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from streams import metrics
from streams.dead_letters import Failure
from streams.pool import Pool, PoolBroken
from streams.processes import RESULT_EXTRA_BYTES, runs
from streams.records import Incoming
from streams.stages import Options, Product
from tests.kafka_tools import wait_until

MB = 1024 * 1024
LIMIT_MB = 400
WAIT_S = 60
_kept: list[bytes] = []


class Unpicklable:
    def __reduce__(self) -> str:
        raise TypeError("this stays here")


class Explosive:
    """Leaves the process, and does not arrive."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return int, ("not a number",)


def work(stage: str, record: Incoming, options: Options) -> Product | Failure:
    """Does to its process what the record says."""
    match record.value.split():
        case [b"die", number]:
            os.kill(os.getpid(), int(number))
        case [b"die-once", number, marker]:
            if not os.path.exists(marker):
                open(marker, "w").close()
                os.kill(os.getpid(), int(number))
        case [b"exit"]:
            os._exit(3)
        case [b"hang"]:
            time.sleep(600)
        case [b"hang-in-c", folder]:
            Path(folder.decode(), str(os.getpid())).touch()
            re.match("(a*)*b", "a" * 60)  # no other thread runs meanwhile
        case [b"raise"]:
            raise MemoryError
        case [b"grow"]:
            while True:
                _kept.append(b"x" * (20 * MB))
                time.sleep(0.01)
        case [b"leak", size]:
            _kept.append(b"x" * int(size))
        case [b"large", size]:
            return Product(article=b"x" * int(size))
        case [b"unpicklable"]:
            return Product(article=Unpicklable())
        case [b"explosive"]:
            return Product(article=Explosive())
        case [b"alone", log]:
            with open(log, "a") as lines:
                lines.write("begin\n")
                lines.flush()
                time.sleep(0.2)
                lines.write("end\n")
            os.kill(os.getpid(), signal.SIGSEGV)
        case [b"score"]:
            return Product(article=int(Path("/proc/self/oom_score_adj").read_text()))
        case [b"score-alone", marker]:
            if not os.path.exists(marker):
                open(marker, "w").close()
                os._exit(1)
            return Product(article=int(Path("/proc/self/oom_score_adj").read_text()))
        case [b"slow"]:
            time.sleep(0.02)
    return Product(article=os.getpid())


def record(value: bytes, offset: int = 0) -> Incoming:
    return Incoming("articles.raw", 0, offset, 0, None, value)


def made_of(future: "Future[Product | Failure]") -> object:
    product = future.result(WAIT_S)
    assert isinstance(product, Product), product
    return product.article


def failure_of(future: "Future[Product | Failure]") -> Failure:
    failure = future.result(WAIT_S)
    assert isinstance(failure, Failure)
    return failure


def restarts(cause: str) -> float:
    value: float = metrics.POOL_RESTARTS.labels(cause)._value.get()
    return value


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(2, (), Options(), task_timeout_s=3, tasks_per_process=10_000, process_memory_mb=LIMIT_MB, work=work)
    pool.start()
    yield pool
    pool.stop()


@pytest.mark.parametrize(
    ("value", "exception", "how"),
    [
        (b"die 11", "ProcessDied", "died with signal 11 (SIGSEGV)"),
        (b"die 9", "ProcessDied", "died with signal 9 (SIGKILL)"),
        (b"exit", "ProcessDied", "exited with code 3"),
        (b"hang", "TimeoutError", "ran out of time"),
        (b"grow", "MemoryError", "went over its memory limit"),
        (b"raise", "MemoryError", "went over its memory limit"),
    ],
)
def test_an_article_on_which_two_processes_end_is_poison_that_says_why_and_its_neighbours_are_unaffected(
    pool: Pool, value: bytes, exception: str, how: str
) -> None:
    before = [pool.submit("clean", record(b"slow")) for _ in range(5)]
    deadly = pool.submit("clean", record(value))
    behind = [pool.submit("clean", record(b"slow")) for _ in range(20)]
    assert all(made_of(future) for future in before + behind)
    failure = failure_of(deadly)
    assert (failure.reason, failure.exception) == ("poison", exception)
    assert failure.detail == f"a process {how} on it, and alone: {how}"


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_an_article_that_was_unlucky_once_goes_through(pool: Pool, tmp_path: Path, number: int) -> None:
    retries, died = metrics.POOL_RETRIES._value.get(), restarts("died")
    assert made_of(pool.submit("clean", record(b"die-once %d %s/marker" % (number, os.fsencode(tmp_path)))))
    assert (metrics.POOL_RETRIES._value.get(), restarts("died")) == (retries + 1, died + 1)


def test_suspects_are_tried_one_at_a_time(pool: Pool, tmp_path: Path) -> None:
    log = tmp_path / "log"
    futures = [pool.submit("clean", record(b"alone %s" % os.fsencode(log), offset)) for offset in range(6)]
    assert {failure_of(future).reason for future in futures} == {"poison"}
    assert log.read_text().count("begin") == 12
    tried_alone = log.read_text().split()[-4:]  # by then nothing else is under way
    assert tried_alone == ["begin", "end", "begin", "end"]


def test_the_kernel_ends_an_ordinary_process_before_one_that_tries_a_suspect_and_both_before_the_worker(
    pool: Pool, tmp_path: Path
) -> None:
    own = int(Path("/proc/self/oom_score_adj").read_text())
    ordinary = made_of(pool.submit("clean", record(b"score")))
    alone = made_of(pool.submit("clean", record(b"score-alone %s/marker" % os.fsencode(tmp_path))))
    assert isinstance(ordinary, int)
    assert isinstance(alone, int)
    assert own < alone < ordinary


def test_a_slow_leak_is_no_articles_fault() -> None:
    pool = Pool(1, (), Options(), task_timeout_s=30, process_memory_mb=LIMIT_MB, work=work)
    pool.start()
    poisoned = [pool.submit("clean", record(b"leak %d" % (30 * MB))) for _ in range(60)]
    assert len({made_of(future) for future in poisoned}) > 2
    leap = [pool.submit("clean", record(b"leak %d" % (250 * MB))) for _ in range(4)]  # past the limit at once, from the second on
    assert all(made_of(future) for future in leap)
    pool.stop()


def test_a_result_that_cannot_come_back_is_a_dead_letter_and_the_process_goes_on(pool: Pool) -> None:
    pids = {made_of(pool.submit("clean", record(b"slow"))) for _ in range(20)}
    large = failure_of(pool.submit("clean", record(b"large %d" % (RESULT_EXTRA_BYTES + MB))))
    assert (large.reason, large.exception) == ("too-large", "")
    unpicklable = failure_of(pool.submit("clean", record(b"unpicklable")))
    assert (unpicklable.reason, unpicklable.exception, unpicklable.detail) == ("exception", "TypeError", "this stays here")
    explosive = failure_of(pool.submit("clean", record(b"explosive")))
    assert (explosive.reason, explosive.exception) == ("exception", "ValueError")
    assert len(made_of(pool.submit("clean", record(b"large %d" % (RESULT_EXTRA_BYTES - MB)))) or b"") == RESULT_EXTRA_BYTES - MB  # type: ignore[arg-type]
    assert {made_of(pool.submit("clean", record(b"slow"))) for _ in range(20)} == pids


def test_processes_are_replaced_after_so_many_articles_without_a_pause() -> None:
    pool = Pool(2, (), Options(), task_timeout_s=30, tasks_per_process=50, work=work)
    pool.start()
    worn = restarts("worn")
    pids = [made_of(future) for future in [pool.submit("clean", record(b"slow")) for _ in range(600)]]
    assert len(set(pids)) > 4
    assert restarts("worn") > worn + 2
    retired = {pid for pid in set(pids) - set(pids[-50:]) if isinstance(pid, int)}
    wait_until(lambda: not any(map(runs, retired)), WAIT_S, "the old processes to be gone")
    pool.stop()


def test_a_process_that_is_killed_while_it_is_idle_is_replaced_and_no_article_notices(pool: Pool) -> None:
    retries = metrics.POOL_RETRIES._value.get()
    pids = {made_of(pool.submit("clean", record(b"slow"))) for _ in range(20)}
    for pid in pids:
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(runs, pids)), WAIT_S, "the processes to be gone")
    assert all(made_of(pool.submit("clean", record(b"slow"))) not in pids for _ in range(20))
    assert metrics.POOL_RETRIES._value.get() == retries


def test_a_process_that_is_killed_while_it_sends_leaves_the_pool_whole(pool: Pool) -> None:
    size = RESULT_EXTRA_BYTES - MB
    stop = threading.Event()

    def kill_now_and_then() -> None:
        while not stop.wait(0.15):
            at_work = [process for process in list(pool._processes) if process.tasks]
            for process in at_work[:1]:
                process.kill()

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    futures = [pool.submit("clean", record(b"large %d" % size)) for _ in range(200)]
    outcomes = [future.result(WAIT_S) for future in futures]
    stop.set()
    killer.join()
    assert all(isinstance(outcome, Product) or outcome.reason == "poison" for outcome in outcomes)
    assert made_of(pool.submit("clean", record(b"slow")))


def test_nothing_of_a_process_that_was_replaced_stays_open(pool: Pool) -> None:
    def ours() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), threading.active_count()

    assert failure_of(pool.submit("clean", record(b"exit"))).reason == "poison"
    assert made_of(pool.submit("clean", record(b"slow")))
    before = ours()
    for _ in range(5):
        assert failure_of(pool.submit("clean", record(b"exit"))).reason == "poison"
        assert made_of(pool.submit("clean", record(b"slow")))
    wait_until(lambda: ours() <= before, WAIT_S, lambda: f"{ours()} after {before}")


def test_an_article_whose_lane_has_closed_is_not_run(pool: Pool) -> None:
    slow = [pool.submit("clean", record(b"slow")) for _ in range(10)]
    last = pool.submit("clean", record(b"hang"))
    assert last.cancel()
    assert all(made_of(future) for future in slow)
    assert made_of(pool.submit("clean", record(b"slow")))


def test_a_model_that_is_not_installed_is_named_at_the_start() -> None:
    pool = Pool(1, ("extract",), Options(model="no_such_model"), task_timeout_s=3)
    with pytest.raises(PoolBroken, match="no_such_model"):
        pool.start()
    with pytest.raises(PoolBroken):
        pool.submit("clean", record(b"")).result(WAIT_S)
    pool.stop()


def test_a_memory_limit_below_what_a_process_needs_at_once_is_named_at_the_start() -> None:
    pool = Pool(1, (), Options(), task_timeout_s=3, process_memory_mb=20)
    with pytest.raises(PoolBroken, match="process_memory_mb is 20"):
        pool.start()
    pool.stop()


POOL_OF_ITS_OWN = """
import os, signal, sys, time
from pathlib import Path
from streams.pool import Pool
from streams.stages import Options
from tests.streams.test_pool import record, work

if __name__ == "__main__":
    pool = Pool(2, (), Options(), task_timeout_s=300, work=work)
    pool.start()
    pids = {pool.submit("clean", record(b"slow")).result(60).article for _ in range(50)}
    server = int(Path(f"/proc/{next(iter(pids))}/stat").read_text().rpartition(")")[2].split()[1])
    print(server, *pids, flush=True)
    if "busy" in sys.argv[1]:
        busy = Path(sys.argv[2])
        busy.mkdir()
        hanging = [pool.submit("clean", record(b"hang-in-c " + bytes(busy))) for _ in range(3)]
        while len(list(busy.iterdir())) < 2:
            time.sleep(0.05)
    if "wait" in sys.argv[1]:
        print("ready", flush=True)
        time.sleep(300)
    os.kill(server, signal.SIGKILL)
    print(type(pool.broken.exception(60)).__name__, flush=True)
    if "busy" in sys.argv[1]:
        print({type(future.exception(60)).__name__ for future in hanging}, flush=True)
    pool.stop()
"""


def _own(mode: str, tmp_path: Path) -> "subprocess.Popen[str]":
    script = tmp_path / "own.py"
    script.write_text(POOL_OF_ITS_OWN)
    return subprocess.Popen(
        [sys.executable, str(script), mode, str(tmp_path / "busy")], stdout=subprocess.PIPE, text=True, env=_with_path()
    )


def _with_path() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return os.environ | {"PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}


@pytest.mark.parametrize("mode", ["idle", "busy"])
def test_a_pool_whose_server_is_killed_is_broken_and_says_so(mode: str, tmp_path: Path) -> None:
    with _own(mode, tmp_path) as own:
        said, _ = own.communicate(timeout=WAIT_S)
    assert said.splitlines()[1:] == ["PoolBroken", "{'PoolBroken'}"][: 1 if mode == "idle" else 2]
    assert own.returncode == 0


@pytest.mark.parametrize("mode", ["idle-wait", "busy-wait"])
def test_pool_processes_die_with_the_worker_however_it_ends(mode: str, tmp_path: Path) -> None:
    with _own(mode, tmp_path) as own:
        assert own.stdout is not None
        pids = [int(pid) for pid in own.stdout.readline().split()]
        assert len(pids) == 3
        assert own.stdout.readline() == "ready\n"
        own.kill()
        wait_until(lambda: not any(map(runs, pids)), WAIT_S, f"{pids} to be gone")
