"""The commands as their users run them, on a real broker."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import get_args

import orjson
import pytest

from streams.cluster import create_topics
from streams.dead_letters import Reason
from streams.settings import Settings
from streams.topics import ALL
from tests.kafka_tools import fresh, produce, read_topic, wait_until
from tests.worker_tools import Worker, free_port, settings_for

COPYDESK = Path(sys.executable).with_name("copydesk")
NOWHERE = "127.0.0.1:9"

pytestmark = pytest.mark.kafka


def copydesk(
    *words: str, settings: Settings | None = None, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, its output as text."""
    given = {} if settings is None else {"COPYDESK_BROKER": settings.broker, "COPYDESK_TOPIC_PREFIX": settings.topic_prefix}
    ended = subprocess.run(
        [COPYDESK, *words], input=stdin, capture_output=True, env=os.environ | given | environment, timeout=120, check=False
    )
    return subprocess.CompletedProcess(ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@pytest.fixture
def settings(broker: str) -> Settings:
    """Topics of one test's own."""
    settings = settings_for(broker, fresh("cli") + ".")
    asyncio.run(create_topics(settings))
    return settings


def article(uri: str, **more: object) -> bytes:
    return orjson.dumps({"uri": uri, "outlet": "Harbor Gazette", "body": "The ferry sailed on Monday.", "language": "en"} | more)


def test_help_names_every_command_and_teaches_each() -> None:
    shown = copydesk("--help", COLUMNS="200").stdout
    for command in ("demo", "kafka", "worker", "push", "tail", "process", "doctor", "topics", "dlq"):
        assert command in shown
        assert "Exit code" in copydesk(command, "--help", COLUMNS="200").stdout or command in ("topics", "dlq")


@pytest.mark.parametrize(
    "words", [("push", "-"), ("tail", "events", "--end"), ("topics", "list"), ("topics", "create"), ("dlq", "list")]
)
def test_without_a_broker_a_command_says_what_to_do(words: tuple[str, ...]) -> None:
    ended = copydesk(*words, COPYDESK_BROKER=NOWHERE)
    assert ended.returncode == 1
    assert NOWHERE in ended.stderr
    assert "copydesk kafka" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    ended = copydesk("worker", COPYDESK_PARTITIONS="many")
    assert ended.returncode == 2
    assert "COPYDESK_PARTITIONS" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("words", [("push", "-"), ("topics", "list")])
def test_a_broker_address_that_is_none_gets_a_message_and_no_traceback(words: tuple[str, ...]) -> None:
    ended = copydesk(*words, "--broker", "localhost:abc")
    assert ended.returncode == 2
    assert "COPYDESK_BROKER: write host:port" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("words", [("push", "none.jsonl"), ("process", "--input", "none.jsonl", "--output", "out.jsonl")])
def test_a_file_that_is_not_there_is_named(words: tuple[str, ...]) -> None:
    ended = copydesk(*words, COPYDESK_BROKER=NOWHERE)
    assert ended.returncode == 1
    assert "none.jsonl" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_model_that_is_not_installed_is_named() -> None:
    ended = copydesk("worker", COPYDESK_MODEL="xx_none")
    assert ended.returncode == 2
    assert "COPYDESK_MODEL" in ended.stderr


def test_push_delivers_articles_and_says_which_lines_it_refused_and_why(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "feed.jsonl"
    file.write_bytes(b"\n".join([article("a"), b"{broken", b"", article("b", version="two"), article("c")]))
    ended = copydesk("push", str(file), settings=settings)
    assert ended.returncode == 3
    assert "2 articles delivered" in ended.stderr
    assert f"{file}:2: json" in ended.stderr
    assert f"{file}:4: schema: version" in ended.stderr
    delivered = read_topic(settings.broker, settings.topic("articles.raw"))
    assert sorted(orjson.loads(read.value or b"")["uri"] for read in delivered) == ["a", "c"]
    assert {read.key for read in delivered} == {b"Harbor Gazette"}


def test_push_reads_standard_input(settings: Settings) -> None:
    ended = copydesk("push", "-", settings=settings, stdin=article("a") + b"\n")
    assert (ended.returncode, len(read_topic(settings.broker, settings.topic("articles.raw")))) == (0, 1)


def test_push_without_check_delivers_what_will_be_a_dead_letter(settings: Settings) -> None:
    assert copydesk("push", "--no-check", "-", settings=settings, stdin=b"{broken\n").returncode == 0
    assert [read.value for read in read_topic(settings.broker, settings.topic("articles.raw"))] == [b"{broken"]


def test_tail_shows_readable_lines_whole_records_and_only_what_was_asked_for(settings: Settings) -> None:
    base = {
        "id": "1",
        "article_uri": "a",
        "article_version": 1,
        "story_id": "s",
        "outlet": "Harbor Gazette",
        "published_at": "2023-03-20T18:00:00Z",
        "pub_status": "usable",
        "trigger": {"start": 0, "end": 8, "text": "received"},
        "source": [{"name": "Vladimir Putin", "country": "RUS", "role": "GOV"}],
        "target": [{"name": "Xi Jinping", "country": "CHN", "role": "GOV"}],
        "type": "CONSULT",
        "mode": "visit",
        "place": {"name": "Moscow"},
        "factuality": "actual",
    }
    produce(
        settings.broker,
        settings.topic("events"),
        [orjson.dumps(base), orjson.dumps(base | {"type": "AGREE", "factuality": "planned"})],
        key=lambda value: b"1",
    )
    lines = copydesk("tail", "events", "--end", settings=settings).stdout
    assert "Mon 20 Mar 2023  Vladimir Putin (RUS GOV) → Xi Jinping (CHN GOV)  CONSULT/visit “received”  Moscow  actual" in lines
    chosen = copydesk(
        "tail", "events", "--end", "--json", "--where", "source.country=RUS", "--where", "type=AGREE", settings=settings
    )
    assert [json.loads(line)["value"]["factuality"] for line in chosen.stdout.splitlines()] == ["planned"]
    assert copydesk("tail", "nowhere", "--end", settings=settings).returncode == 1


def test_topics_are_created_once_and_listed(broker: str) -> None:
    settings = settings_for(broker, fresh("topics") + ".")
    first = copydesk("topics", "create", "--partitions", "3", settings=settings)
    assert first.stdout.count("created ") == len(ALL)
    assert copydesk("topics", "create", settings=settings).stdout == "all topics exist\n"
    listed = copydesk("topics", "list", settings=settings).stdout
    assert f"{settings.topic_prefix}articles.raw " in listed
    refused = copydesk("topics", "create", "--replication-factor", "3", settings=settings_for(broker, fresh("rf") + "."))
    assert refused.returncode == 1
    assert "InvalidReplicationFactor" in refused.stderr


def test_doctor_says_what_is_wrong_and_what_to_do(broker: str, settings: Settings) -> None:
    well = copydesk("doctor", settings=settings)
    assert well.returncode == 0, well.stdout
    assert copydesk("doctor", "--local").returncode == 0
    ill = copydesk("doctor", COPYDESK_BROKER=NOWHERE, COPYDESK_MODEL="xx_none")
    assert ill.returncode == 1
    assert ill.stdout.count("wrong") == 2
    bare = copydesk("doctor", COPYDESK_BROKER=broker, COPYDESK_TOPIC_PREFIX=fresh("bare") + ".")
    assert "copydesk topics create" in bare.stdout


def test_a_dead_letter_is_listed_shown_and_sent_again(settings: Settings) -> None:
    with Worker(settings.model_copy(update={"stages": "clean"})) as worker:
        produce(settings.broker, settings.topic("articles.raw"), [b"{broken"], headers=[("traceparent", b"00-1-2-00")])
        letters = settings.topic("articles.raw-dlq")
        wait_until(lambda: read_topic(settings.broker, letters), 60, "the dead letter")
        listed = copydesk("dlq", "list", settings=settings).stdout
        assert "articles.raw-dlq:0" in listed
        assert "not JSON" in listed
        shown = copydesk("dlq", "show", "articles.raw-dlq:0", settings=settings)
        assert shown.stdout == "{broken\n"
        assert "dlq_reason: json" in shown.stderr
        assert copydesk("dlq", "show", "articles.raw-dlq:7", settings=settings).returncode == 1
        assert copydesk("dlq", "replay", settings=settings).returncode == 2
        mistyped = copydesk("dlq", "replay", "--reason", "jsno", settings=settings, COLUMNS="200")
        assert mistyped.returncode == 2
        assert all(reason in mistyped.stderr for reason in get_args(Reason)), mistyped.stderr
        assert copydesk("dlq", "replay", "--reason", "json", settings=settings).stdout == "1 sent again\n"
        again = wait_until(lambda: read_topic(settings.broker, letters)[1:], 60, "the letter to come back")
        headers = dict(again[0].headers)
        assert again[0].value == b"{broken"
        assert headers["replay_of"] == b"articles.raw-dlq:0"
        assert headers["traceparent"] == b"00-1-2-00"
        assert worker.stop() == 0


def test_the_worker_starts_again_after_a_crash_and_stops_when_told(broker: str, tmp_path: Path) -> None:
    prefix, port = fresh("supervised") + ".", free_port()
    given = {
        "COPYDESK_BROKER": broker,
        "COPYDESK_TOPIC_PREFIX": prefix,
        "COPYDESK_GROUP": f"{prefix}copydesk",
        "COPYDESK_HTTP_PORT": str(port),
        "COPYDESK_POOL_PROCESSES": "1",
        "COPYDESK_SESSION_TIMEOUT_S": "6",
    }
    settings = settings_for(broker, prefix, http_port=port)
    worker = Worker(settings)
    log = (tmp_path / "log").open("wb")
    supervisor = subprocess.Popen([COPYDESK, "worker", "--stage", "clean"], env=os.environ | given, stdout=log, stderr=log)

    def child() -> int | None:
        children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
        return int(children[0]) if children else None

    try:
        wait_until(worker.ready, 90, "the worker to be ready")
        first = child()
        assert first is not None
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: child() not in (None, first) and worker.ready(), 90, "another worker to be ready")
        produce(broker, settings.topic("articles.raw"), [article("a")])
        wait_until(lambda: read_topic(broker, settings.topic("articles.clean")), 60, "the clean article")
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(60) == 0
    finally:
        supervisor.kill()
    text = (tmp_path / "log").read_text()
    assert "created topics" in text
    assert "starting it again" in text
