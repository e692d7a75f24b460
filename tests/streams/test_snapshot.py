"""A snapshot is used when it is whole, of this log and young, and never otherwise."""

import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.dedupe import Stories
from processors.ledger import Ledger
from schemas import CleanArticle
from streams import snapshot
from streams.snapshot import Log, Mark, Unusable
from streams.stages import State
from tests.processors.dedupe.test_stories import ARTICLES, in_step
from tests.processors.test_ledger import Step, play, steps

KEYS = st.binary(max_size=6)
RECORDS = st.lists(st.tuples(KEYS, st.none() | st.binary(max_size=40)), min_size=1, max_size=30)


def log_of(records: list[tuple[bytes, bytes | None]]) -> Log:
    """The log that these records leave, at offsets with gaps as transactions leave them."""
    log = Log(asked_at=float(int(time.time())))
    for number, (key, value) in enumerate(records):
        log.take(key, 3 * number, value)
        log.mark = Mark.of(3 * number, 1_700_000_000_000 + number, key, value)
    return log


def written(folder: Path, log: Log) -> Path:
    """The file of a snapshot."""
    path = folder / "state.snapshot"
    snapshot.write(path, "dedupe.state", 2, log)
    return path


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_what_is_read_is_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[bytes, bytes | None]]
) -> None:
    log = log_of(records)
    assert snapshot.read(written(tmp_path_factory.getbasetemp(), log), "dedupe.state", 2) == log


@settings(max_examples=400, deadline=None)
@given(RECORDS, st.data())
def test_a_damaged_snapshot_is_never_used(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[bytes, bytes | None]], data: st.DataObject
) -> None:
    path = written(tmp_path_factory.getbasetemp(), log_of(records))
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "insert", "swap", "append", "nulls"]))
    if how == "flip":
        damaged = whole[:at] + bytes([whole[at] ^ (1 << data.draw(st.integers(0, 7)))]) + whole[at + 1 :]
    elif how == "cut":
        damaged = whole[:at]
    elif how == "insert":
        damaged = whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at:]
    elif how == "swap":
        damaged = whole[at:] + whole[:at]
    elif how == "append":
        damaged = whole + data.draw(st.binary(min_size=1, max_size=64))
    else:
        damaged = whole[:at] + bytes(len(whole) - at)
    if damaged == whole:
        return
    path.write_bytes(damaged)
    with pytest.raises(Unusable):
        snapshot.read(path, "dedupe.state", 2)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_a_file_of_anything_is_no_snapshot(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    for text in (content, b"copydesk state\n" + content, b'copydesk state\n{"format": 1, "records": 3}\n' + content):
        path = tmp_path_factory.getbasetemp() / "state.snapshot"
        path.write_bytes(text)
        with pytest.raises(Unusable):
            snapshot.read(path, "dedupe.state", 2)


def test_another_version_of_the_format_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "FORMAT", 7)
    path = written(tmp_path, log_of([(b"k", b"v")]))
    monkeypatch.undo()
    with pytest.raises(Unusable, match="its format is 7; this version reads 1"):
        snapshot.read(path, "dedupe.state", 2)


@pytest.mark.parametrize("age_s", [snapshot.MAX_AGE_S + 60, -60])
def test_one_older_than_the_broker_keeps_tombstones_or_from_the_future_is_not_used(tmp_path: Path, age_s: float) -> None:
    log = log_of([(b"k", b"v")])
    log.asked_at = time.time() - age_s
    with pytest.raises(Unusable, match="hours old"):
        snapshot.read(written(tmp_path, log), "dedupe.state", 2)


def test_one_of_another_partition_or_topic_is_not_used(tmp_path: Path) -> None:
    path = written(tmp_path, log_of([(b"k", b"v")]))
    for topic, partition in (("dedupe.state", 1), ("extract.state", 2)):
        with pytest.raises(Unusable, match=r"it is of dedupe\.state-2"):
            snapshot.read(path, topic, partition)


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = written(tmp_path / "new", log_of([(b"k", b"v")]))
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@contextmanager
def disk_full_after(size_bytes: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: what a full disk does, without one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_the_earlier_snapshot_and_nothing_else(tmp_path: Path) -> None:
    earlier = log_of([(b"k", b"v")])
    path = written(tmp_path, earlier)
    larger = log_of([(b"%d" % number, os.urandom(1000)) for number in range(100)])
    with disk_full_after(20_000), pytest.raises(OSError, match="File too large"):
        snapshot.write(path, "dedupe.state", 2, larger)
    assert list(tmp_path.iterdir()) == [path]
    assert snapshot.read(path, "dedupe.state", 2) == earlier


def follow(log: Log, changes: list[tuple[str, dict[str, object] | None]], upto: int) -> None:
    """Bring a log up to the first so many changes, as published."""
    begin = 0 if log.mark is None else log.mark.offset + 1
    for offset, (key, content) in enumerate(changes[begin:upto], begin):
        value = None if content is None else orjson.dumps(content)
        log.take(key.encode(), offset, value)
        log.mark = Mark.of(offset, offset, key.encode(), value)


def by_snapshots(folder: Path, changes: list[tuple[str, dict[str, object] | None]], points: list[int]) -> Log:
    """The log as a worker has it that wrote and read a snapshot at these points and then read the tail."""
    log = Log()
    for point in (*sorted(points), len(changes)):
        follow(log, changes, point)
        if log.mark is not None:
            log = snapshot.read(written(folder, log), "dedupe.state", 2)
    return log


def fill(state: State, log: Log) -> None:
    """Build the state of a log."""
    for key, (_, value) in log.latest.items():
        state.restore(key.decode(), orjson.loads(value))
    state.restored()


def fill_twice(by_snapshot: State, replayed: State, folder: Path, changes: list[Any], points: list[int]) -> None:
    """Build one state from snapshots at these points and the tail, the other from the whole log."""
    whole, tailed = Log(), by_snapshots(folder, changes, points)
    follow(whole, changes, len(changes))
    assert tailed.latest == whole.latest
    fill(by_snapshot, tailed)
    fill(replayed, whole)


POINTS = st.lists(st.integers(0, 60), max_size=3)


@settings(max_examples=100, deadline=None)
@given(ARTICLES, st.integers(0, 40), POINTS, st.booleans())
def test_stories_from_snapshots_and_tail_decide_as_those_that_never_stopped(
    tmp_path_factory: pytest.TempPathFactory, articles: list[CleanArticle], stop: int, points: list[int], steady: bool
) -> None:
    articles = in_step(articles) if steady else articles
    stories, restored, replayed = Stories(), Stories(), Stories()
    changes = [orjson.loads(orjson.dumps(change)) for each in articles[:stop] for change in stories.decide(each)[1]]
    fill_twice(restored, replayed, tmp_path_factory.getbasetemp(), changes, points)
    for each in articles[stop:]:
        expected = stories.decide(each)
        assert restored.decide(each) == expected
        assert replayed.decide(each) == expected


@settings(max_examples=100, deadline=None)
@given(steps, st.integers(0, 25), POINTS)
def test_a_ledger_from_snapshots_and_tail_settles_as_the_one_that_never_stopped(
    tmp_path_factory: pytest.TempPathFactory, script: list[Step], stop: int, points: list[int]
) -> None:
    ledger, restored, replayed = Ledger(), Ledger(), Ledger()
    changes = []
    for step in script[:stop]:
        first, more = play(ledger, step)
        changes += [orjson.loads(orjson.dumps(change)) for each in (first, *more) for change in each.changes]
    fill_twice(restored, replayed, tmp_path_factory.getbasetemp(), changes, points)
    for step in script[stop:]:
        expected = play(ledger, step)
        assert play(restored, step) == expected
        assert play(replayed, step) == expected
