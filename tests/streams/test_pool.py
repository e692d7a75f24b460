"""The pool keeps what an article does to a process from its neighbours."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from streams import metrics
from streams.dead_letters import Failure
from streams.pool import Pool
from streams.records import Incoming
from streams.stages import Options, Product


def work(stage: str, record: Incoming, options: Options) -> Product | Failure:
    """Does to its process what the record says."""
    match record.value.split():
        case [b"die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case [b"hang"]:
            time.sleep(60)
        case [b"die-once", marker]:
            if not os.path.exists(marker):
                open(marker, "w").close()
                os.kill(os.getpid(), signal.SIGSEGV)
        case [b"raise"]:
            raise MemoryError
    return Product(article=os.getpid())


def record(value: bytes) -> Incoming:
    return Incoming("articles.raw", 0, 0, 0, None, value)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(2, (), Options(), task_timeout_s=1.5, tasks_per_process=50, work=work)
    pool.start()
    yield pool
    pool.stop()


def test_an_article_on_which_a_process_dies_twice_is_poison_and_its_neighbours_are_unaffected(pool: Pool) -> None:
    before = [pool.submit("clean", record(b"fine")) for _ in range(5)]
    deadly = pool.submit("clean", record(b"die"))
    behind = [pool.submit("clean", record(b"fine")) for _ in range(20)]
    failure = deadly.result(30)
    assert isinstance(failure, Failure)
    assert failure.reason == "poison"
    assert all(isinstance(future.result(30), Product) for future in before + behind)


def test_an_article_that_hangs_is_poison_after_two_time_outs(pool: Pool) -> None:
    failure = pool.submit("clean", record(b"hang")).result(30)
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.exception) == ("poison", "TimeoutError")


def test_an_article_that_was_unlucky_once_goes_through(pool: Pool, tmp_path: os.PathLike[str]) -> None:
    unlucky = record(b"die-once " + os.fsencode(tmp_path) + b"/marker")
    before = metrics.POOL_RETRIES._value.get()
    assert isinstance(pool.submit("clean", unlucky).result(30), Product)
    assert metrics.POOL_RETRIES._value.get() == before + 1


def test_an_article_that_takes_all_memory_is_poison(pool: Pool) -> None:
    failure = pool.submit("clean", record(b"raise")).result(30)
    assert isinstance(failure, Failure)
    assert failure.reason == "poison"


def test_processes_are_replaced_after_so_many_articles(pool: Pool) -> None:
    seen = {getattr(pool.submit("clean", record(b"fine")).result(30), "article", None) for _ in range(150)}
    assert len(seen) > 2
