"""A worker, and the commands, on a real Kafka that lets nobody in without a secret."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from streams.cluster import ClusterError, Refused, check, create_topics, require_rights
from streams.rights import Right, of_stage
from streams.settings import Settings
from streams.topics import OUTPUTS, SOURCES
from tests.kafka_tools import fresh, produce, read_topic, set_limit, wait_until
from tests.secure_kafka import SecureKafka, secure_kafka, token, write
from tests.streams.test_cli import article, copydesk
from tests.worker_tools import Worker, environment_of, settings_for

SECRET = "hush-5b7e"
KAFKAS_LIMIT_BYTES = 1_048_588
"""What a topic takes whose operator says nothing."""
WAYS = ("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN", "OAUTHBEARER", "mTLS")

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    with secure_kafka(tmp_path_factory.mktemp("secure"), superusers=("desk",), plain_password=SECRET) as kafka:
        kafka.add_user("desk", SECRET)
        yield kafka


def settings_of(kafka: SecureKafka, way: str, **more: object) -> Settings:
    """Settings that let `desk` in."""
    given: dict[str, object] = {"ssl_ca_file": kafka.ca, "stages": "clean"}
    if way == "mTLS":
        listener, given = "MTLS", given | {"security_protocol": "SSL", "ssl_cert_file": kafka.client}
    elif way == "OAUTHBEARER":
        file = kafka.ca.with_name("token")
        file.write_text(token("desk"))
        listener, given = "TOKEN", given | {"security_protocol": "SASL_SSL", "sasl_mechanism": way}
        given["sasl_oauthbearer_token_endpoint_url"] = file.as_uri()
    else:
        listener, given = "SCRAM", given | {"security_protocol": "SASL_SSL", "sasl_mechanism": way}
        given |= {"sasl_username": "desk", "sasl_password": SECRET}
    prefix = str(more.pop("prefix", None) or fresh(way.lower()) + ".")
    return settings_for(str(more.pop("broker", kafka.addresses[listener])), prefix, **given | more)


def run(settings: Settings, *words: str, stdin: bytes = b"", code: int = 0) -> str:
    """What a command says on both streams; it must end with this exit code, and show neither the secret nor a traceback."""
    ended = copydesk(*words, stdin=stdin, **environment_of(settings))
    said = ended.stdout + ended.stderr
    assert ended.returncode == code, said
    assert SECRET not in said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_leads_in(kafka: SecureKafka, way: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings = settings_of(kafka, way)
    asyncio.run(check(settings))
    secrets = SECRET, kafka.ca.with_name("token").read_text() if way == "OAUTHBEARER" else SECRET
    assert [secret for secret in secrets if secret in caplog.text] == [], "not even where the libraries log all that they do"


@pytest.mark.parametrize("way", ["SCRAM-SHA-512", "OAUTHBEARER", "mTLS"])
def test_worker_and_commands_get_in_and_show_no_secret(kafka: SecureKafka, way: str) -> None:
    """A worker opens one client of each kind: Faust's consumer, a producer a lane, a reader of dedupe's state."""
    settings = settings_of(kafka, way, stages="clean,dedupe", partitions=1)
    run(settings, "topics", "create")
    with Worker(settings) as worker:
        run(settings, "push", "-", stdin=article("a") + b"\n")
        wait_until(lambda: read_topic(kafka.plain, settings.topic("stories")), 60, "the story")
        assert "Harbor Gazette" in run(settings, "tail", "stories", "--end", "--json")
        assert settings.topic("articles.raw") in run(settings, "topics", "list")
        assert settings.broker in run(settings, "doctor")
        assert worker.stop() == 0
        assert SECRET not in worker.log.read_text()
        assert "ERROR" not in worker.log.read_text()


def test_a_worker_whose_connections_are_cut_when_the_token_ends_comes_back_with_a_new_one(kafka: SecureKafka) -> None:
    settings = settings_of(kafka, "OAUTHBEARER", broker=kafka.addresses["SHORT"], partitions=1)
    asyncio.run(create_topics(settings))
    with Worker(settings) as worker:
        for number in range(1, 5):
            cuts = worker.log.read_text().count("closed")
            wait_until(lambda cuts=cuts: worker.log.read_text().count("closed") > cuts, 60, "the next connection to be cut")
            produce(kafka.plain, settings.topic("articles.raw"), [article(f"a{number}")])
            wait_until(
                lambda number=number: len(read_topic(kafka.plain, settings.topic("articles.clean"))) == number, 60, "the article"
            )
        assert worker.stop() == 0


def refusals(kafka: SecureKafka, folder: Path) -> dict[str, tuple[Settings, str]]:
    """What may be wrong: settings, and what must be said."""
    foreign, old = folder / "foreign.pem", folder / "old-token"
    write(foreign, trustme.CA().issue_cert("desk.example", common_name="desk"))
    old.write_text(token("desk", lifetime_s=-60))
    scram, bearer, mutual = "SCRAM-SHA-512", "OAUTHBEARER", "mTLS"
    expired = kafka.addresses["EXPIRED"]
    elsewhere = kafka.addresses["SCRAM"].replace("127.0.0.1", "localhost")
    no_file = (folder / "nothing").as_uri()
    return {
        "wrong password": (settings_of(kafka, scram, sasl_password="wrong"), "COPYDESK_SASL_PASSWORD"),
        "unknown user": (settings_of(kafka, scram, sasl_username="nobody"), "COPYDESK_SASL_USERNAME"),
        "wrong mechanism": (settings_of(kafka, scram, broker=kafka.addresses["TOKEN"]), "COPYDESK_SASL_MECHANISM"),
        "no SASL": (
            settings_of(kafka, scram, broker=kafka.plain, security_protocol="SASL_PLAINTEXT", ssl_ca_file=None),
            "COPYDESK_SECURITY_PROTOCOL",
        ),
        "wrong CA": (settings_of(kafka, scram, ssl_ca_file=kafka.other_ca), "COPYDESK_SSL_CA_FILE"),
        "system's CAs": (settings_of(kafka, scram, ssl_ca_file=None), "COPYDESK_SSL_CA_FILE"),
        "other name": (settings_of(kafka, scram, broker=elsewhere), "localhost is not for that name"),
        "expired certificate": (settings_of(kafka, mutual, broker=expired), "has expired"),
        "no client certificate": (settings_of(kafka, mutual, ssl_cert_file=None), "COPYDESK_SSL_CERT_FILE"),
        "foreign client certificate": (settings_of(kafka, mutual, ssl_cert_file=foreign), str(foreign)),
        "old token": (settings_of(kafka, bearer, sasl_oauthbearer_token_endpoint_url=old.as_uri()), "does not accept the token"),
        "no token": (settings_of(kafka, bearer, sasl_oauthbearer_token_endpoint_url=no_file), "cannot be read"),
    }


def test_a_broker_that_refuses_is_told_from_one_that_is_away(kafka: SecureKafka, tmp_path: Path) -> None:
    """Twelve ways to be refused; a message each that says what to do. Nobody waits: only one that is away may come back."""
    for name, (settings, said) in refusals(kafka, tmp_path).items():
        with pytest.raises(Refused) as raised:
            asyncio.run(check(settings))
        assert said in str(raised.value), name
        assert settings.broker in str(raised.value), name
        assert SECRET not in repr(raised.value), name
    for way in ("plain", "TLS"):  # its operator may have mistaken the port, or a proxy's broker may be away: it is waited for
        settings = settings_for(
            kafka.addresses["SCRAM"] if way == "plain" else kafka.plain,
            "",
            **({} if way == "plain" else {"security_protocol": "SSL"}),
        )
        with pytest.raises(ClusterError, match="COPYDESK_SECURITY_PROTOCOL") as away:
            asyncio.run(check(settings))
        assert not isinstance(away.value, Refused), way


@pytest.mark.parametrize("what", ["wrong password", "old token", "no client certificate"])
def test_a_refused_command_ends_at_once_and_says_why(kafka: SecureKafka, tmp_path: Path, what: str) -> None:
    settings, said = refusals(kafka, tmp_path)[what]
    commands = (("worker",), ("push", "-"), ("tail", "events"), ("topics", "create"), ("dlq", "list"), ("doctor",))
    for words in commands if what == "wrong password" else commands[:1]:
        assert said in run(settings, *words, stdin=article("a"), code=1).replace("\n", " "), words
    with Worker(settings, wait=False) as worker:  # as after a restart
        assert worker.process is not None
        assert worker.process.wait(60) == 1
        assert said in worker.log.read_text()
        assert "Traceback" not in worker.log.read_text()


class Rights:
    """The ACLs of one principal."""

    def __init__(self, kafka: SecureKafka, user: str) -> None:
        self._kafka, self.principal = kafka, f"User:{user}"
        kafka.add_user(user, SECRET)

    def grant(self, *rights: dict[str, str]) -> None:
        """Give rights as `copydesk acls --json` prints them."""
        admin = self._kafka.admin()  # kept until the answer is there
        for granted in admin.create_acls([AclBinding(*self._fields(right)) for right in rights]).values():
            granted.result(30)

    def revoke(self, right: dict[str, str]) -> None:
        """Take one away again."""
        admin = self._kafka.admin()
        (gone,) = admin.delete_acls([AclBindingFilter(*self._fields(right))]).values()
        assert len(gone.result(30)) == 1

    def _fields(self, right: dict[str, str]) -> tuple[object, ...]:
        kind = {"Topic": ResourceType.TOPIC, "Group": ResourceType.GROUP, "TransactionalId": ResourceType.TRANSACTIONAL_ID}
        assert right["principal"] == self.principal
        pattern, operation = (
            ResourcePatternType[right["pattern"]],
            AclOperation[re.sub(r"\B(?=[A-Z])", "_", right["operation"]).upper()],
        )
        return (
            kind[right["resource"]], right["name"], pattern, self.principal, "*", operation, AclPermissionType[right["permission"]]
        )  # fmt: skip


def printed(settings: Settings, rights: Rights, *words: str) -> list[dict[str, str]]:
    """What `copydesk acls` prints."""
    lines = run(settings, "acls", *words, "--principal", rights.principal, "--json").splitlines()
    return [json.loads(line) for line in lines]


def desk(kafka: SecureKafka) -> Settings:
    """Topics of one test's own, and who may do everything on them."""
    settings = settings_of(kafka, "SCRAM-SHA-512", partitions=1)
    asyncio.run(create_topics(settings))
    return settings


def as_user(settings: Settings, user: str, **more: object) -> Settings:
    """The same topics as somebody else."""
    return settings.model_copy(update={"sasl_username": user, **more})


def test_each_stage_works_with_its_rights_alone(kafka: SecureKafka) -> None:
    """Each as a principal of its own, which may not create topics; dead letters and state included."""
    settings = desk(kafka)
    text = "Finance Minister Ana Sol met Prime Minister Bo Lind in Oslo on Monday. “We have agreed on all but the date,” Sol said."
    other = "Ana Sol met Bo Lind on Monday, the Oslo government said. “We have agreed on all but the date,” Ana Sol said."
    raw = [article("a", body=text), article("b", body=other), b"{broken"]
    produce(kafka.plain, settings.topic("articles.raw"), raw)
    for stage in SOURCES:
        user = fresh(stage)
        rights = Rights(kafka, user)
        rights.grant(*printed(settings, rights, "--stage", stage))
        own = as_user(settings, user, stages=stage)
        if stage != "clean":
            produce(kafka.plain, settings.topic(SOURCES[stage].name), [b"{broken"])
        with Worker(own) as worker:
            for topic in (*(topic.name for topic in OUTPUTS[stage]), f"{SOURCES[stage].name}-dlq"):
                wait_until(lambda topic=topic: read_topic(kafka.plain, settings.topic(topic)), 90, f"{stage}: {topic}")
            assert worker.stop() == 0


def test_what_is_too_large_for_a_topic_of_the_operators_is_a_dead_letter_with_a_stages_rights_alone(kafka: SecureKafka) -> None:
    """Which topics take less than ours do, a worker learns from their configuration."""
    settings = desk(kafka)
    set_limit(kafka.plain, settings.topic("articles.clean"), KAFKAS_LIMIT_BYTES)
    rights = Rights(kafka, fresh("clean"))
    rights.grant(*printed(settings, rights, "--stage", "clean"))
    large = article("b", body="The ferry sailed on Monday. " * (KAFKAS_LIMIT_BYTES // 20))
    produce(kafka.plain, settings.topic("articles.raw"), [article("a"), large, article("c")])
    with Worker(as_user(settings, rights.principal.removeprefix("User:"))) as worker:
        wait_until(lambda: len(read_topic(kafka.plain, settings.topic("articles.clean"))) == 2, 90, "the two that fit")
        assert worker.stop() == 0
    (letter,) = read_topic(kafka.plain, settings.topic("articles.raw-dlq"))
    assert letter.value == large
    assert f"articles.clean takes {KAFKAS_LIMIT_BYTES}".encode() in dict(letter.headers)["dlq_detail"]


@pytest.mark.parametrize("stage", SOURCES)
def test_a_stage_with_one_right_less_is_refused_and_the_right_named(kafka: SecureKafka, stage: str) -> None:
    settings = desk(kafka)
    rights = Rights(kafka, fresh(stage))
    own = as_user(settings, rights.principal.removeprefix("User:"), stages=stage)
    needed = printed(settings, rights, "--stage", stage)
    assert len(needed) == len(of_stage(stage, settings))
    rights.grant(*needed)
    wait_until(lambda: _lacking(own) == "", 30, lambda: _lacking(own))
    for right in needed:
        rights.revoke(right)
        others = [other for other in needed if other["name"] == right["name"] and other != right]
        is_seen = {"Read", "Write"} & {other["operation"] for other in others}
        gone = [other for other in needed if other == right or (other in others and not is_seen)]
        names = ", ".join(
            f"{it['operation']} on {it['resource']} {it['name']}" + "*" * (it["pattern"] == "PREFIXED") for it in gone
        )
        wait_until(lambda names=names: f": {names} missing; `copydesk acls --stage {stage}`" in _lacking(own), 30, names)
        rights.grant(right)
    wait_until(lambda: _lacking(own) == "", 30, lambda: _lacking(own))


def _lacking(settings: Settings) -> str:
    try:
        asyncio.run(require_rights(settings, settings.stage_names))
    except Refused as error:
        return str(error)
    return ""


def test_a_right_that_is_taken_away_stops_the_worker_with_a_message(kafka: SecureKafka) -> None:
    settings = desk(kafka)
    rights = Rights(kafka, fresh("clean"))
    needed = printed(settings, rights, "--stage", "clean")
    rights.grant(*needed)
    own = as_user(settings, rights.principal.removeprefix("User:"))
    with Worker(own) as worker:
        (right,) = (right for right in needed if right["name"].endswith("articles.clean") and right["operation"] == "Write")
        rights.revoke(right)
        produce(kafka.plain, settings.topic("articles.raw"), [article("a")])
        assert worker.process is not None
        assert worker.process.wait(120) == 3
        assert settings.topic("articles.clean") in worker.log.read_text()
        said = run(own, "worker", code=1)
        assert f"Write on Topic {settings.topic('articles.clean')}" in said
        rights.grant(right)
        worker.start()
        wait_until(lambda: read_topic(kafka.plain, settings.topic("articles.clean")), 60, "the article that waited")


def test_a_right_that_is_given_by_half_does_not_leave_a_worker_waiting(kafka: SecureKafka) -> None:
    """With Describe on its group alone, Faust waits for partitions for ever, silently."""
    settings = desk(kafka)
    for resource, code in (("Group", 1), ("TransactionalId", 3)):
        rights = Rights(kafka, fresh("clean"))
        needed = printed(settings, rights, "--stage", "clean")
        rights.grant(*(right | {"operation": "Describe"} if right["resource"] == resource else right for right in needed))
        with Worker(as_user(settings, rights.principal.removeprefix("User:")), wait=False) as worker:
            assert worker.process is not None
            assert worker.process.wait(120) == code
            assert f"{resource} {settings.group}.clean" in worker.log.read_text()
            assert "copydesk acls" in worker.log.read_text()


def test_a_topic_that_is_not_there_and_may_not_be_created_is_named(kafka: SecureKafka) -> None:
    settings = settings_of(kafka, "SCRAM-SHA-512")
    rights = Rights(kafka, fresh("clean"))
    rights.grant(*printed(settings, rights, "--stage", "clean"))
    said = run(as_user(settings, rights.principal.removeprefix("User:")), "worker", code=1)
    assert f"topic {settings.topic_prefix}" in said
    assert "`copydesk topics create`" in said


def test_feed_subscriber_and_operator_work_with_their_rights_alone(kafka: SecureKafka) -> None:
    settings = settings_of(kafka, "SCRAM-SHA-512", partitions=1)
    people = {role: Rights(kafka, fresh(role)) for role in ("feed", "subscriber", "operator")}
    own = {role: as_user(settings, rights.principal.removeprefix("User:")) for role, rights in people.items()}
    for role, rights in people.items():
        rights.grant(*printed(settings, rights, "--role", role))

    assert "created" in run(own["operator"], "topics", "create")
    assert "not authorised for writing" in run(own["subscriber"], "push", "-", stdin=article("a"), code=1)
    run(own["feed"], "push", "--no-check", "-", stdin=article("a") + b"\n{broken\n")
    with Worker(settings):
        wait_until(lambda: read_topic(kafka.plain, settings.topic("articles.clean")), 60, "the clean article")
        wait_until(lambda: read_topic(kafka.plain, settings.topic("articles.raw-dlq")), 60, "the dead letter")
    assert "Harbor Gazette" in run(own["subscriber"], "tail", "articles.clean", "--end", "--json")
    assert settings.topic("articles.raw") in run(own["subscriber"], "tail", "articles.raw", "--end", code=1)
    assert "articles.raw-dlq:0" in run(own["operator"], "dlq", "list")
    assert "1 sent again" in run(own["operator"], "dlq", "replay", "--all")
    assert settings.topic("stories") in run(own["operator"], "topics", "list")
    run(own["operator"], "doctor")
    assert "articles.raw-dlq" in run(own["feed"], "dlq", "list", code=1)


def test_the_commands_for_kafka_grant_what_the_json_names() -> None:
    plain = {"COPYDESK_TOPIC_PREFIX": "desk.", "COPYDESK_GROUP": "desk"}
    lines = copydesk("acls", "--principal", "User:O=News Desk", **plain).stdout.splitlines()
    named = [
        json.loads(line) for line in copydesk("acls", "--principal", "User:O=News Desk", "--json", **plain).stdout.splitlines()
    ]
    commands = [line for line in lines if not line.startswith("#")]
    assert len(commands) == len(named)
    for command, right in zip(commands, named, strict=True):
        assert f"--operation {right['operation']} " in command
        assert f" {right['name']}" in command
        assert ("--resource-pattern-type prefixed" in command) == (right["pattern"] == "PREFIXED")
        assert "'User:O=News Desk'" in command
    assert {right["name"] for right in named if right["pattern"] == "PREFIXED"} == {f"desk.{stage}-" for stage in SOURCES}
    assert copydesk("acls", "--stage", "nowhere").returncode == 2


def test_no_role_may_do_more_than_it_needs() -> None:
    """No wildcard, no right on the cluster, and a subscriber's group is none of ours: it could move a stage's offsets."""
    settings = Settings()
    for stage in SOURCES:
        rights = of_stage(stage, settings)
        assert len(set(rights)) == len(rights)
        assert {right.resource for right in rights} == {"Topic", "Group", "TransactionalId"}
        assert all(right.name not in ("", "*") and right.operation in ("Read", "Write", "DescribeConfigs") for right in rights)
    assert Right("Write", "TransactionalId", "copydesk.clean-", prefixed=True) in of_stage("clean", settings)
