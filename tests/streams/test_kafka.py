"""The embedded broker, on the real thing: what it promises, and what it says when it cannot."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from aiokafka import AIOKafkaProducer
from jgo.config import GlobalSettings

from streams import jars
from streams.kafka import CLUSTER_ID, BrokerFailed, EmbeddedKafka
from tests import kafka_tools
from tests.kafka_tools import create_topics, fresh, produce, read_topic, wait_until

KILLED_WITHIN_S = 15


def python(code: str) -> "subprocess.Popen[str]":
    """Another Python process that runs `code`."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_lock_names_the_whole_set_of_jars() -> None:
    pinned = jars.locked()
    assert len(pinned) == 48
    assert {
        "org.apache.kafka:kafka_2.13:4.0.2",
        "org.apache.kafka:kafka-clients:4.0.2",
        "org.apache.logging.log4j:log4j-slf4j-impl:2.26.0",
        "org.apache.logging.log4j:log4j-core:2.26.0",
    } <= pinned.keys()
    assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in pinned.values())


@pytest.mark.kafka
async def test_a_reader_of_committed_records_sees_a_transaction_whole_or_not_at_all(broker: str) -> None:
    topic = fresh("transactions")
    create_topics(broker, topic, partitions=2)
    async with AIOKafkaProducer(bootstrap_servers=broker, transactional_id=fresh("tests")) as producer:
        for outcome in ("committed", "aborted"):
            await producer.begin_transaction()
            for partition in (0, 1):
                await producer.send_and_wait(topic, outcome.encode(), partition=partition)
            await (producer.commit_transaction() if outcome == "committed" else producer.abort_transaction())
    assert [(r.partition, r.value) for r in read_topic(broker, topic)] == [(0, b"committed"), (1, b"committed")]
    assert len(read_topic(broker, topic, committed=False)) == 4


@pytest.mark.kafka
def test_a_topic_that_nobody_created_does_not_appear(broker: str) -> None:
    topic = fresh("misspelt")
    with pytest.raises(AssertionError, match="refused"):
        produce(broker, topic, [b"lost?"])
    assert topic not in kafka_tools.topics(broker)


@pytest.mark.kafka
def test_records_of_the_largest_article_pass(broker: str) -> None:
    topic = fresh("large")
    create_topics(broker, topic)
    value = os.urandom(7 * 1024 * 1024)
    produce(broker, topic, [value], key=lambda _: b"outlet", headers=[("ce_id", b"1")])
    [record] = read_topic(broker, topic)
    assert (record.key, record.value, record.headers) == (b"outlet", value, [("ce_id", b"1")])


@pytest.mark.kafka
def test_the_broker_listens_on_the_loopback_address_only(broker: str) -> None:
    port = int(broker.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


@pytest.mark.kafka
def test_the_broker_dies_with_a_parent_that_is_killed_and_outlives_the_thread_that_started_it() -> None:
    parent = python("""
        import threading, time
        from streams.kafka import EmbeddedKafka
        kafka = EmbeddedKafka()
        thread = threading.Thread(target=kafka.start)
        thread.start()
        thread.join()
        time.sleep(2)
        kafka.check()
        print(kafka.pid, kafka.log_path, flush=True)
        time.sleep(600)
    """)
    try:
        pid, log_path = line_of(parent).split()
        assert is_running(int(pid))
    finally:
        parent.kill()
        parent.communicate()
    wait_until(lambda: not is_running(int(pid)), KILLED_WITHIN_S, "Java to end after its parent was killed")
    wait_until(lambda: not Path(log_path).parent.exists(), KILLED_WITHIN_S, "the temporary data folder to be removed")


@pytest.mark.kafka
def test_a_data_folder_keeps_its_records_over_a_crash_and_serves_one_broker_at_a_time(tmp_path: Path) -> None:
    settings = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}  # so long a restart waits for the dead
    with EmbeddedKafka(tmp_path, settings=settings) as first:
        create_topics(first.bootstrap, "kept")
        produce(first.bootstrap, "kept", [b"record"])
        with pytest.raises(BrokerFailed, match="in use by another Kafka"):
            EmbeddedKafka(tmp_path).start()
        os.kill(first.pid, signal.SIGKILL)
        wait_until(lambda: not is_running(first.pid), KILLED_WITHIN_S, "Java to end")
        with pytest.raises(BrokerFailed, match=r"ended \(exit code 137\)"):
            wait_until(first.check, KILLED_WITHIN_S, "the end to be noticed")
    with EmbeddedKafka(tmp_path, settings=settings) as second:
        assert [record.value for record in read_topic(second.bootstrap, "kept")] == [b"record"]


def test_a_taken_port_is_said_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BrokerFailed, match=f"Port {port} cannot be used.*name another port"):
            EmbeddedKafka(port=port).start()


@pytest.mark.parametrize(
    ("cluster", "version", "message"),
    [
        ("another", "4.0.2", r"another Kafka cluster \(cluster.id another\).*delete it"),
        (CLUSTER_ID, "4.10.0", r"written by Kafka 4\.10\.0, which is newer.*Kafka cannot go back"),
    ],
)
def test_a_stale_data_folder_is_refused_and_left_as_it_is(tmp_path: Path, cluster: str, version: str, message: str) -> None:
    (tmp_path / "data").mkdir()
    identity = tmp_path / "data" / "meta.properties"
    identity.write_text(f"# Kafka\nversion=1\ncluster.id={cluster}\nnode.id=1\n")
    (tmp_path / "kafka.version").write_text(version)
    with pytest.raises(BrokerFailed, match=message):
        EmbeddedKafka(tmp_path).start()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "kafka.version"]


@pytest.mark.parametrize(
    ("heap_mb", "settings", "message"),
    [
        (1, {}, "cannot be prepared.*heap"),
        (384, {"num.network.threads": "many"}, "setting of server.properties is wrong.*num.network.threads"),
    ],
)
def test_a_java_that_ends_at_once_is_reported_with_advice_and_log(
    tmp_path: Path, heap_mb: int, settings: dict[str, str], message: str
) -> None:
    with pytest.raises(BrokerFailed, match=f"(?s){message}") as failure:
        EmbeddedKafka(tmp_path, heap_mb=heap_mb, settings=settings).start()
    assert f"Its logs are in {tmp_path}; the last lines are:\n  | " in str(failure.value)


@pytest.fixture
def own_repository(tmp_path: Path) -> Path:
    """A local Maven repository with all jars, which a test may damage."""
    shared = GlobalSettings.load().repo_cache
    repository = tmp_path / "repository"
    for jar in jars.class_path():
        link = repository / jar.relative_to(shared)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(jar)
    return repository


def test_a_damaged_jar_is_named_with_what_to_do(own_repository: Path) -> None:
    jar = next(own_repository.rglob("kafka_2.13-4.0.2.jar"))
    content = bytearray(jar.read_bytes())
    content[len(content) // 2] ^= 1
    jar.unlink()
    jar.write_bytes(content)
    with pytest.raises(BrokerFailed, match=r"kafka_2\.13-4\.0\.2\.jar is not.*Delete this file"):
        EmbeddedKafka(repository=own_repository).start()


def test_a_jar_that_cannot_be_fetched_is_named_and_leaves_nothing_behind(
    own_repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(own_repository / "org" / "xerial")
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    before = sorted(own_repository.rglob("*"))
    with pytest.raises(BrokerFailed, match=r"snappy-java:1\.1\.10\.5 cannot be fetched.*needs the network once"):
        EmbeddedKafka(repository=own_repository).start()
    assert sorted(own_repository.rglob("*")) == before


SNAPPY = "org/xerial/snappy/snappy-java/1.1.10.5/snappy-java-1.1.10.5.jar"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a Maven mirror on this machine that jgo's settings name."""
    folder = tmp_path / "mirror"
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        (tmp_path / "jgo.conf").write_text(f"[repositories]\nnear = http://127.0.0.1:{server.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(tmp_path / "jgo.conf"))
        Thread(target=server.serve_forever, daemon=True).start()
        yield folder
        server.shutdown()


def test_a_missing_jar_is_fetched_from_the_mirror_that_jgos_settings_name(own_repository: Path, mirror: Path) -> None:
    jar = own_repository / SNAPPY
    (mirror / SNAPPY).parent.mkdir(parents=True)
    shutil.copy(jar, mirror / SNAPPY)
    jar.unlink()
    said: list[str] = []
    assert jar in jars.class_path(own_repository, said.append)
    assert jar.read_bytes() == (mirror / SNAPPY).read_bytes()
    assert said == [f"fetching Apache Kafka once (1 of 48 jars) into {own_repository}"]


def test_a_jar_that_the_repository_sends_wrong_is_not_kept(own_repository: Path, mirror: Path) -> None:
    (mirror / SNAPPY).parent.mkdir(parents=True)
    (mirror / SNAPPY).write_bytes(b"<html>Please log in to the hotel's network</html>")
    (own_repository / SNAPPY).unlink()
    with pytest.raises(BrokerFailed, match=r"sent as org\.xerial\.snappy:snappy-java:1\.1\.10\.5 is not what"):
        EmbeddedKafka(repository=own_repository).start()
    assert not (own_repository / SNAPPY).exists()


COMMAND = "import typer; from streams.cli.kafka import kafka; typer.run(kafka)"


@pytest.mark.kafka
def test_the_command_prints_the_address_and_ends_with_0_when_asked_to() -> None:
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    address = line_of(command)
    create_topics(address, "by-command")
    command.send_signal(signal.SIGTERM)
    _, said = command.communicate(timeout=30)
    assert command.returncode == 0
    assert f"export COPYDESK_BROKER={address}" in said


def test_the_command_ends_with_1_and_one_message_when_it_cannot_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = subprocess.run([sys.executable, "-c", COMMAND, "--port", port], capture_output=True, text=True, check=False)
    assert command.returncode == 1
    assert "cannot be used" in command.stderr
    assert "Traceback" not in command.stderr
