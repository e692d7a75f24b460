"""State comes back from a real compacted topic as the committed transactions left it, whatever there is of a snapshot."""

import asyncio
import logging
import random
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewPartitions,
    ResourcePatternType,
    ResourceType,
)
from pydantic import SecretStr

from streams.cluster import create_topics as create_our_topics
from streams.cluster import partition_counts
from streams.settings import Settings
from streams.snapshot import MAX_AGE_S, Log
from streams.stages import STAGES
from streams.state import StateUnreadable, prepare, restore
from streams.topics import BY_NAME
from tests.benchmarks.bench_recovery import dedupe_records
from tests.kafka_tools import create_topics, fresh, produce, read_topic, wait_until
from tests.secure_kafka import secure_kafka
from tests.worker_tools import Worker, committed_offsets, settings_for

Records = Sequence[tuple[bytes, bytes | None]]
DEDUPE = STAGES["dedupe"]
WORDS = ("river", "council", "vote", "bridge", "flood", "minister", "report", "night", "harbour", "train", "school", "storm")
TOPIC = BY_NAME["dedupe.state"]


def article(number: int, rng: random.Random) -> bytes:
    """An article of random words; every fourth is a copy of an earlier one, every fiftieth is not an article."""
    if number % 50 == 49:
        return b'{"uri": "broken-%d", "outlet": "Outlet 1"}' % number
    seed = rng.randrange(max(1, number // 2)) if number % 4 == 3 else number
    words = random.Random(seed)
    body = " ".join(words.choice(WORDS) + str(words.randrange(300)) for _ in range(120))
    fields = {
        "uri": f"article-{number}",
        "outlet": f"Outlet {number % 17}",
        "language": "en",
        "body": f"{body}.",
        "published_at": f"2026-03-16T{number // 60 % 24:02}:{number % 60:02}:00Z",
    }
    return orjson.dumps(fields)


class Seen:
    """A state that remembers what came back."""

    def __init__(self) -> None:
        self.records: dict[str, object] = {}
        self.finished = False

    def restore(self, key: str, value: dict[str, object] | None) -> None:
        """As a stage's state."""
        assert not self.finished
        self.records[key] = value

    def restored(self) -> None:
        """As a stage's state."""
        self.finished = True


@pytest.fixture
def conf(broker: str, tmp_path: Path) -> Settings:
    """Settings with an empty state topic of their own, and a folder for snapshots that does not exist yet."""
    settings = Settings(broker=broker, topic_prefix=fresh("state") + ".", state_dir=tmp_path / "snapshots")
    create_topics(broker, settings.topic(TOPIC.name), config=TOPIC.config(1))
    return settings


def value(content: object) -> bytes:
    """A state record."""
    return orjson.dumps({"is": content})


def back(conf: Settings) -> dict[str, object]:
    """What is restored of partition 0."""
    seen = Seen()
    asyncio.run(restore(seen, DEDUPE, 0, conf))
    assert seen.finished
    return {key: content["is"] for key, content in seen.records.items()}  # type: ignore[index]


@contextmanager
def transaction(conf: Settings, records: Records, *, transactional_id: str = "") -> Iterator[Producer]:
    """Records in an open transaction, flushed to the broker; it is left open."""
    producer = Producer({"bootstrap.servers": conf.broker, "transactional.id": transactional_id or fresh("test")})
    producer.init_transactions(30)
    producer.begin_transaction()
    for key, content in records:
        producer.produce(conf.topic(TOPIC.name), content, key, 0)
    assert producer.flush(30) == 0
    yield producer


def commit(conf: Settings, *records: tuple[bytes, bytes | None]) -> None:
    """One committed transaction."""
    with transaction(conf, records) as producer:
        producer.commit_transaction(30)


def abort(conf: Settings, *records: tuple[bytes, bytes | None]) -> None:
    """One aborted transaction."""
    with transaction(conf, records) as producer:
        producer.abort_transaction(30)


def sources(caplog: pytest.LogCaptureFixture) -> tuple[int, int]:
    """How many records the last restore had from the snapshot, and from the broker."""
    found = re.findall(r"reading: ([\d,]+) records from the snapshot, ([\d,]+) from the broker", caplog.text)
    held, read = found[-1] if found else ("0", "0")
    return int(held.replace(",", "")), int(read.replace(",", ""))


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> None:
    """Log lines from INFO, which the settings of a test session leave out."""
    caplog.set_level(logging.INFO, "copydesk")


@pytest.mark.kafka
def test_an_empty_topic_gives_an_empty_state_at_once(conf: Settings) -> None:
    assert back(conf) == {}


@pytest.mark.kafka
def test_a_topic_of_aborted_transactions_gives_an_empty_state(conf: Settings) -> None:
    for number in range(3):
        abort(conf, (b"a", value(number)), (b"b", value(number)))
    assert back(conf) == {}


@pytest.mark.kafka
def test_the_latest_committed_value_of_each_key_comes_back(conf: Settings) -> None:
    commit(conf, (b"a", value(1)), (b"b", value(1)), (b"c", value(1)))
    abort(conf, (b"a", value("aborted")), (b"b", None), (b"d", value("aborted")))
    commit(conf, (b"b", value(2)), (b"c", None))
    abort(conf, (b"b", value("aborted")))
    assert back(conf) == {"a": 1, "b": 2}


@pytest.mark.kafka
def test_a_record_behind_a_transaction_that_is_still_open_is_waited_for(conf: Settings) -> None:
    with transaction(conf, [(b"a", value("never"))]) as foreign:
        commit(conf, (b"b", value(1)))

        async def waiting() -> dict[str, object]:
            seen = Seen()
            restoring = asyncio.create_task(restore(seen, DEDUPE, 0, conf))
            await asyncio.sleep(1)
            assert not restoring.done()
            await asyncio.to_thread(foreign.abort_transaction, 30)
            await restoring
            return seen.records

        assert asyncio.run(waiting()) == {"b": {"is": 1}}


@pytest.mark.kafka
@pytest.mark.parametrize("damaged", [b"\xff\xfe", b"{", b"[]", b'{"v": 9}', b'{"number": 1, "clocks": 7}'])
def test_a_record_that_cannot_be_read_stops_the_stage_and_is_named(conf: Settings, damaged: bytes) -> None:
    commit(conf, (b"en/fine", next(dedupe_records(1, 1, None))[1]))  # offset 0, and its marker 1
    commit(conf, (b"en/damaged", damaged))
    where = rf"{re.escape(conf.topic(TOPIC.name))}-0: the state record at offset 2, key b'en/damaged', cannot be read .*tombstone"
    with pytest.raises(StateUnreadable, match=where):
        asyncio.run(restore(DEDUPE.new_state(), DEDUPE, 0, conf))
    commit(conf, (b"en/damaged", None))  # as the message says
    asyncio.run(restore(DEDUPE.new_state(), DEDUPE, 0, conf))


@pytest.mark.kafka
def test_with_a_snapshot_only_the_tail_is_read(conf: Settings, caplog: pytest.LogCaptureFixture) -> None:
    commit(conf, (b"a", value(1)), (b"b", value(1)), (b"c", value(1)))
    assert (back(conf), sources(caplog)) == ({"a": 1, "b": 1, "c": 1}, (0, 3))
    assert (back(conf), sources(caplog)) == ({"a": 1, "b": 1, "c": 1}, (3, 0))
    abort(conf, (b"a", value("aborted")))
    commit(conf, (b"b", None), (b"a", value(2)))
    assert (back(conf), sources(caplog)) == ({"a": 2, "c": 1}, (3, 2))
    assert (back(conf), sources(caplog)) == ({"a": 2, "c": 1}, (2, 0))


@pytest.mark.kafka
def test_from_any_snapshot_and_the_tail_comes_what_the_whole_log_gives(conf: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Another worker advances the partition while our snapshots grow old; tombstones and aborted transactions among it."""
    rng = random.Random(5)
    without = conf.model_copy(update={"state_dir": None})
    wanted: dict[bytes, object] = {}
    from_snapshot = 0
    for number in range(25):
        records = [
            (b"k%d" % rng.randrange(12), None if rng.random() < 0.3 else value([number, n])) for n in range(rng.randint(1, 6))
        ]
        if rng.random() < 0.3:
            abort(conf, *records)
        else:
            commit(conf, *records)
            wanted |= {key: content and orjson.loads(content)["is"] for key, content in records}
        if rng.random() < 0.4:
            expected = {key.decode(): content for key, content in wanted.items() if content is not None}
            assert back(conf) == expected
            from_snapshot += sources(caplog)[0] > 0
            assert back(without) == expected
    assert from_snapshot > 3


@pytest.mark.kafka
def test_a_snapshot_of_a_topic_that_was_created_anew_is_not_used(conf: Settings, caplog: pytest.LogCaptureFixture) -> None:
    topic = conf.topic(TOPIC.name)
    commit(conf, *((b"k%d" % number, value("old")) for number in range(5)))
    assert len(back(conf)) == 5
    admin = AdminClient({"bootstrap.servers": conf.broker})
    for count in (2, 5, 20):  # shorter than the snapshot, as long, longer
        admin.delete_topics([topic])[topic].result(30)
        wait_until(lambda: recreated(conf), 60, "the topic to be created anew")
        commit(conf, *((b"k%d" % number, value("new")) for number in range(count)))
        caplog.clear()
        assert back(conf) == {f"k{number}": "new" for number in range(count)}
        assert "is of another log: reading all" in caplog.text


def recreated(conf: Settings) -> bool:
    """Whether the topic could be created: the old one may still be on its way out."""
    try:
        create_topics(conf.broker, conf.topic(TOPIC.name), config=TOPIC.config(1))
    except Exception:
        return False
    return True


@pytest.mark.kafka
def test_a_snapshot_that_cannot_be_used_or_written_costs_a_log_line(conf: Settings, caplog: pytest.LogCaptureFixture) -> None:
    commit(conf, (b"a", value(1)))
    assert back(conf) == {"a": 1}
    assert conf.state_dir is not None
    (path,) = conf.state_dir.iterdir()
    whole = path.read_bytes()
    for damaged in (b"", whole[:-1], whole[:60] + b"?" + whole[61:]):
        path.write_bytes(damaged)
        caplog.clear()
        assert back(conf) == {"a": 1}
        assert f"the snapshot {path} is not used: it is" in caplog.text
        assert path.read_bytes().startswith(whole[:15]), "it is written anew"
    path.unlink()
    path.mkdir()
    caplog.clear()
    assert back(conf) == {"a": 1}
    assert "is not used" in caplog.text
    assert "no snapshot is written" in caplog.text
    path.rmdir()
    conf.state_dir.rmdir()
    conf.state_dir.write_text("a file where the folder should be")
    caplog.clear()
    assert back(conf) == {"a": 1}
    assert "no snapshot is written" in caplog.text


def test_the_broker_keeps_tombstones_longer_than_a_snapshot_may_be_old() -> None:
    for topic in BY_NAME.values():
        if topic.name.endswith(".state"):
            assert int(topic.config(1)["delete.retention.ms"]) >= 2 * MAX_AGE_S * 1000


def test_a_log_is_what_compaction_leaves() -> None:
    log = Log()
    records = [(b"a", b"1"), (b"b", b"1"), (b"c", b"3"), (b"a", b"2"), (b"b", None), (b"d", b"")]
    for offset, (key, content) in enumerate(records):
        log.take(key, offset, content)
    assert list(log.latest.items()) == [(b"c", (2, b"3")), (b"a", (3, b"2")), (b"d", (5, b""))]


@pytest.mark.kafka
def test_the_state_topic_gets_the_partitions_that_its_input_has(broker: str) -> None:
    conf = Settings(broker=broker, topic_prefix=fresh("parts") + ".")
    create_topics(broker, conf.topic("articles.clean"), partitions=3)
    with pytest.raises(StateUnreadable, match=r"there is no topic .*dedupe\.state"):
        asyncio.run(prepare(DEDUPE, conf))
    create_topics(broker, conf.topic(TOPIC.name), config=TOPIC.config(1))

    async def by_two_workers_at_once() -> dict[str, int]:
        await asyncio.gather(prepare(DEDUPE, conf), prepare(DEDUPE, conf))
        return await partition_counts(conf, [TOPIC.name])

    assert asyncio.run(by_two_workers_at_once()) == {TOPIC.name: 3}


@pytest.mark.kafka
def test_a_worker_that_may_not_add_partitions_stops_with_the_command_for_it(tmp_path: Path) -> None:
    with secure_kafka(tmp_path, superusers=(), plain_password="secret") as kafka:
        kafka.add_user("desk", "secret")
        create_topics(kafka.plain, "articles.clean", partitions=3)
        create_topics(kafka.plain, TOPIC.name, config=TOPIC.config(1))
        admin = kafka.admin()
        for topic in ("articles.clean", TOPIC.name):
            right = (ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, "User:desk", "*", AclOperation.READ)
            for done in admin.create_acls([AclBinding(*right, AclPermissionType.ALLOW)]).values():
                done.result(30)
        conf = Settings(
            broker=kafka.addresses["SCRAM"],
            security_protocol="SASL_SSL",
            sasl_mechanism="SCRAM-SHA-512",
            sasl_username="desk",
            sasl_password=SecretStr("secret"),
            ssl_ca_file=kafka.ca,
        )
        with pytest.raises(StateUnreadable, match=r"needs 3 partitions.* --alter --topic dedupe\.state --partitions 3"):
            asyncio.run(prepare(DEDUPE, conf))


@pytest.mark.kafka
def test_a_worker_shows_how_far_it_is_and_stays_alive_while_it_reads_state_back(broker: str) -> None:
    conf = settings_for(broker, fresh("long") + ".", stages="dedupe", partitions=1)
    asyncio.run(create_our_topics(conf))
    records = dict(dedupe_records(60_000, 1, None))
    keys = {content: key for key, content in records.items()}
    produce(broker, conf.topic(TOPIC.name), records.values(), key=keys.__getitem__, partition=0)
    shares: list[int] = []
    with Worker(conf, wait=False) as worker:

        def ready() -> bool:
            text = worker.get("/ready", status=503) or ""
            shares.extend(int(share) for share in re.findall(r"restoring dedupe-0: (\d+) %", text))
            if shares and shares[-1] < 100:
                assert (worker.get("/live") or "").startswith("live")
                assert "copydesk_restored_records_total" in (worker.get("/metrics") or "")
            return worker.ready()

        wait_until(ready, 60, lambda: shares[-1:])
        assert len(set(shares)) > 1
        assert shares == sorted(shares)
        assert worker.metrics()["copydesk_restored_records_total{stage=dedupe}"] == len(records)
        assert worker.stop() == 0


@pytest.mark.kafka
def test_a_worker_stops_with_the_reason_where_state_cannot_be_read(broker: str) -> None:
    conf = settings_for(broker, fresh("damaged") + ".", stages="dedupe", partitions=1)
    asyncio.run(create_our_topics(conf))
    commit(conf, (b"en/damaged", b"?"))
    with Worker(conf, wait=False) as worker:
        assert worker.process is not None
        wait_until(lambda: worker.process and worker.process.poll() is not None, 90, lambda: worker.log.read_text()[-300:])
        assert worker.process.poll() == 3
        assert "the state record at offset 0, key b'en/damaged', cannot be read" in worker.log.read_text()


@pytest.mark.kafka
def test_partitions_that_are_added_while_a_worker_runs_are_picked_up_and_nothing_is_lost(broker: str) -> None:
    conf = settings_for(broker, fresh("grow") + ".", stages="clean,dedupe", partitions=1)
    sources = ("articles.raw", "articles.clean", "stories")
    for topic in BY_NAME.values():
        create_topics(broker, conf.topic(topic.name), config=topic.config(1))
    rng = random.Random(11)
    raw = [line for line in (article(number, rng) for number in range(240)) if b'"body"' in line]
    halves = raw[: len(raw) // 2], raw[len(raw) // 2 :]
    uris = [orjson.loads(line)["uri"] for line in raw]

    def produce_raw(lines: list[bytes]) -> None:
        produce(broker, conf.topic("articles.raw"), lines, key=lambda line: str(orjson.loads(line)["outlet"]).encode())

    def decided() -> list[str]:
        return [orjson.loads(read.value or b"{}")["uri"] for read in read_topic(broker, conf.topic("stories"))]

    with Worker(conf) as worker:
        produce_raw(halves[0])
        wait_until(lambda: len(decided()) >= len(halves[0]), 60, lambda: len(decided()))
        admin = AdminClient({"bootstrap.servers": broker})
        for done in admin.create_partitions([NewPartitions(conf.topic(topic), 3) for topic in sources]).values():
            done.result(30)
        began = time.monotonic()
        produce_raw(halves[1])  # the worker does not know of the partitions yet
        for partition in range(3):  # whatever the keys' hashes are, each partition gets some
            produce(broker, conf.topic("articles.raw"), [article(1000 + partition, rng)], partition=partition)
        wait_until(
            lambda: (
                {f"copydesk_lag_records{{partition={n},stage={stage}}}" for n in range(3) for stage in ("clean", "dedupe")}
                <= worker.metrics().keys()
            ),
            60,
            "all partitions to be assigned",
        )
        picked_up_s = time.monotonic() - began
        print(f"3 partitions picked up after {picked_up_s:.0f} s")
        uris += [f"article-{1000 + partition}" for partition in range(3)]
        wait_until(lambda: len(decided()) >= len(uris), 60, lambda: len(decided()))
        assert asyncio.run(partition_counts(conf, ["dedupe.state"])) == {"dedupe.state": 3}
        assert worker.stop() == 0
    assert sorted(decided()) == sorted(uris)
    read = {record.partition for record in read_topic(broker, conf.topic("articles.raw"))}
    assert read == {0, 1, 2}
    assert committed_offsets(conf.model_copy(update={"partitions": 3}), STAGES["clean"]) == len(uris)
