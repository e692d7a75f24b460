"""The contract that is published is the contract that is kept: schemas, examples, and what the stages write agree."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
import yaml
from pydantic import ValidationError

from schemas import RawArticle
from streams import contract
from streams.local import settle
from streams.records import Incoming, Outgoing
from streams.stages import STAGES, Options, run
from streams.topics import BY_NAME, SOURCES

EXAMPLES = contract.FOLDER / "examples"
FEED = Path(__file__).parents[2] / "deploy" / "sample_feed" / "feed.jsonl"
FILES = sorted(EXAMPLES.glob("*/*.json"))
VALIDATORS = {
    record: jsonschema_rs.validator_for(
        json.loads((contract.FOLDER / "json" / f"{record}.schema.json").read_text()), validate_formats=True
    )
    for record in contract.models()
}
ASYNCAPI: dict[str, Any] = yaml.safe_load((contract.FOLDER / "asyncapi.yaml").read_text())


def example(record: str, name: str) -> dict[str, Any]:
    """One example as plain JSON."""
    data: dict[str, Any] = json.loads((EXAMPLES / record / f"{name}.json").read_text())
    return data


def spans(value: Any) -> Iterator[dict[str, Any]]:
    """Every span of a record, however deep."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, list):
        for item in value:
            yield from spans(item)


def messages(topic: str) -> list[str]:
    """The messages of a topic's channel."""
    return list(ASYNCAPI["channels"][topic]["messages"])


def test_the_documents_in_the_repository_are_those_that_the_models_make() -> None:
    for path, text in contract.documents().items():
        assert (contract.FOLDER / path).read_text() == text, f"{path}: run `python -m streams.contract`"
    assert {path.name for path in (contract.FOLDER / "json").iterdir()} == {
        path.name for path in contract.documents() if path.parent.name == "json"
    }


def test_every_record_has_a_schema_and_an_example_and_no_example_is_of_nothing() -> None:
    assert {file.parent.name for file in FILES} == contract.models().keys() == VALIDATORS.keys()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_example_keeps_its_schema_and_comes_back_from_its_model_unchanged(file: Path) -> None:
    data, model = json.loads(file.read_text()), contract.models()[file.parent.name]
    VALIDATORS[file.parent.name].validate(data)
    record = model.from_json(file.read_bytes())
    assert model.from_json(record.to_json()) == record
    if model is not RawArticle:  # which takes what feeds send, and writes it as the contract wants it
        assert orjson.loads(record.to_json()) == data


def test_every_span_of_the_examples_stands_in_the_example_article() -> None:
    article = example("story_article", "original")
    found = 0
    for file in FILES:
        record = json.loads(file.read_text())
        if record.get("article_uri") == article["uri"]:
            for span in spans(record):
                assert article["body"][span["start"] : span["end"]] == span["text"], file
                found += 1
    assert found > 30


def test_the_examples_belong_together() -> None:
    original, copy = example("story_article", "original"), example("story_article", "copy")
    event, claim = example("event", "alleged"), example("claim", "indirect")
    assert (copy["copy_of"], copy["story_id"]) == (original["uri"], original["story_id"])
    assert event["claim_id"] == claim["id"]
    assert claim["event_ids"] == [event["id"]]
    assert example("withdrawn", "event")["id"] == event["id"]
    assert {example("event", file.stem)["factuality"] for file in EXAMPLES.glob("event/*.json")} >= {"actual", "planned", "alleged"}


@pytest.mark.parametrize("record", VALIDATORS)
def test_schema_and_model_refuse_the_same(record: str) -> None:
    """Null for absent, a field less, a field more, a date that is none: each is refused by both."""
    file = next(file for file in FILES if file.parent.name == record)
    data, model = json.loads(file.read_text()), contract.models()[record]
    schema = json.loads((contract.FOLDER / "json" / f"{record}.schema.json").read_text())
    if model is RawArticle:
        wrong = [{k: v for k, v in data.items() if k != name} for name in ("uri", "outlet", "body")]
        wrong += [data | {"version": "one"}, data | {"pub_status": "killed"}, data | {"uri": ""}]
    else:
        must = [name for name in schema["required"] if model.model_fields.get(name) and model.model_fields[name].is_required()]
        wrong = [{k: v for k, v in data.items() if k != name} for name in must]
        wrong += [data | {"unheard_of": 1}, data | {"published_at": "yesterday"}, data | {"pub_status": "killed"}]
    assert len(wrong) > 5
    for value in wrong:
        assert not VALIDATORS[record].is_valid(value)
        with pytest.raises(ValidationError):
            model.from_json(orjson.dumps(value))


@pytest.mark.parametrize("record", sorted(VALIDATORS.keys() - {"raw_article"}))
def test_what_is_unknown_is_absent_and_never_null(record: str) -> None:
    file = next(file for file in FILES if file.parent.name == record)
    data = json.loads(file.read_text())
    for name in json.loads((contract.FOLDER / "json" / f"{record}.schema.json").read_text())["properties"]:
        assert not VALIDATORS[record].is_valid(data | {name: None}), name


@pytest.fixture(scope="module")
def published() -> list[Outgoing]:
    """What the stages write for the example articles and the beginning of the sample feed, with a correction and a kill."""
    raw = [orjson.dumps(json.loads(file.read_text())) for file in FILES if file.parent.name == "raw_article"]
    raw.sort(key=lambda value: b'"canceled"' in value)
    raw += FEED.read_bytes().split(b"\n")[:12]
    options, outputs = Options(), [Outgoing("articles.raw", None, value) for value in raw]
    for stage in STAGES.values():
        memory = stage.new_state()
        inputs = [output for output in outputs if output.topic == stage.source.name]
        for offset, output in enumerate(inputs):
            record = Incoming(output.topic, 0, offset, 1_775_660_000_000, output.key, output.value or b"", output.headers)
            outputs += settle(stage, memory, record, run(stage.name, record, options), options, Counter())
    return outputs


def test_what_the_stages_write_keeps_the_published_schemas(published: list[Outgoing]) -> None:
    seen: Counter[str] = Counter()
    for output in published:
        if output.topic == "articles.raw" or output.topic.endswith("-dlq"):
            continue
        if output.value is None:
            assert "tombstone" in messages(output.topic)
            seen["tombstone"] += 1
            continue
        data = orjson.loads(output.value)
        kinds = [name for name in messages(output.topic) if name in VALIDATORS and VALIDATORS[name].is_valid(data)]
        assert len(kinds) == 1, (output.topic, kinds, data)
        seen[kinds[0]] += 1
    assert seen.keys() == VALIDATORS.keys() - {"raw_article"} | {"tombstone"}


def test_what_the_stages_write_has_the_headers_of_the_contract(published: list[Outgoing]) -> None:
    traits = ASYNCAPI["components"]["messageTraits"]["cloudevent"]["headers"]
    letter = ASYNCAPI["components"]["messages"]["dead_letter"]["headers"]
    for output in published:
        if output.topic != "articles.raw":
            described = letter if output.topic.endswith("-dlq") else traits
            names = {name for name, _ in output.headers}
            assert set(described["required"]) <= names, output.topic
            assert names <= described["properties"].keys() | {"content-type", "tracestate"}, output.topic


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    found = 0

    def follow(value: Any) -> None:
        nonlocal found
        if isinstance(value, dict):
            if (reference := value.get("$ref")) is not None:
                if reference.startswith("#/"):
                    place: Any = ASYNCAPI
                    for step in reference.removeprefix("#/").split("/"):
                        place = place[step]
                else:
                    assert (contract.FOLDER / reference).is_file(), reference
                found += 1
            for item in value.values():
                follow(item)
        elif isinstance(value, list):
            for item in value:
                follow(item)

    follow(ASYNCAPI)
    assert found > 30


def test_channels_are_the_topics_that_carry_records_and_their_dead_letters() -> None:
    wanted = {name for name, topic in BY_NAME.items() if topic.models} | {f"{source.name}-dlq" for source in SOURCES.values()}
    assert ASYNCAPI["channels"].keys() == wanted
    for name, channel in ASYNCAPI["channels"].items():
        config = BY_NAME[name].config(1)
        described = channel["bindings"]["kafka"]["topicConfiguration"]
        assert described.pop("cleanup.policy") == [config["cleanup.policy"]]
        assert {key: str(value) for key, value in described.items()}.items() <= config.items()
