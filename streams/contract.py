"""The contract as documents: `python -m streams.contract` writes schemas/json/ and schemas/asyncapi.yaml.

They say what stands on the wire: an absent field is absent and never null; what is always written is required.
"""

import json
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

import schemas
from schemas import RawArticle, Record
from streams.dead_letters import Reason
from streams.topics import ALL, ARTICLES_RAW, SOURCES, Topic, dead_letters

FOLDER = Path(schemas.__file__).parent
VERSION = "1.1.0"
"""Of the contract: the minor number for a new optional field, the major one for what breaks a reader (and `.v2` in `ce_type`)."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _OnTheWire(GenerateJsonSchema):
    """As records are written: without absent fields."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class _Published(_OnTheWire):
    """As the pipeline writes them: fields with a default are always there."""

    def field_is_required(
        self, field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField, total: bool
    ) -> bool:
        schema = field["schema"]
        return not (schema["type"] == "default" and schema.get("default", ...) is None)


def name(model: type[Record]) -> str:
    """`StoryArticle` → `story_article`: the name of a model's schema and of the folder of its examples."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in model.__name__).removeprefix("_")


def json_schema(model: type[Record]) -> dict[str, Any]:
    """The JSON Schema of a record. Of a raw article only what a feed must send is required; of all else, what is always written."""
    generator = _OnTheWire if model is RawArticle else _Published
    schema = model.model_json_schema(by_alias=True, mode="serialization", schema_generator=generator)
    return {"$schema": DIALECT, **schema}


def models() -> dict[str, type[Record]]:
    """The models of all topics, by name."""
    return {name(model): model for topic in ALL for model in topic.models}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document: a channel for every topic that carries records of the contract, and for the dead letters."""
    topics = [topic for topic in ALL if topic.models]
    letters = [dead_letters(source) for source in SOURCES.values()]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Copydesk",
            "version": VERSION,
            "description": (
                "Raw articles in; clean text, stories, entities, events, claims, quotes and occurrences out. With "
                "isolation.level=read_committed a reader sees every record exactly once. A span satisfies body[start:end] == text, "
                "in code points."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": {"host": "127.0.0.1:9092", "protocol": "kafka", "description": "`copydesk kafka`, or compose"}},
        "channels": {topic.name: _channel(topic, _messages(topic)) for topic in topics}
        | {topic.name: _channel(topic, ["dead_letter"]) for topic in letters},
        "operations": {
            f"{'take' if topic is ARTICLES_RAW else 'publish'} {topic.name}".replace(" ", "_").replace(".", "_"): {
                "action": "receive" if topic is ARTICLES_RAW else "send",
                "channel": {"$ref": f"#/channels/{topic.name}"},
            }
            for topic in topics + letters
        },
        "components": {
            "messages": {message: _message(message, model) for message, model in models().items()} | _OTHER_MESSAGES,
            "messageTraits": {"cloudevent": _CLOUDEVENT},
        },
    }


def _messages(topic: Topic) -> list[str]:
    return [name(model) for model in topic.models] + (["tombstone"] if topic.compacted else [])


def _channel(topic: Topic, messages: list[str]) -> dict[str, Any]:
    config = topic.config(min_insync_replicas=1)
    binding: dict[str, Any] = {"topic": topic.name, "bindingVersion": "0.5.0"}
    if topic.partitions is not None:
        binding["partitions"] = topic.partitions
    binding["topicConfiguration"] = {"cleanup.policy": [config["cleanup.policy"]], "max.message.bytes": topic.max_record_bytes} | {
        key: int(config[key]) for key in ("retention.ms", "delete.retention.ms") if key in config
    }
    return {
        "address": topic.name,
        "description": f"{topic.description}; key: {topic.key}",
        "messages": {message: {"$ref": f"#/components/messages/{message}"} for message in messages},
        "bindings": {"kafka": binding},
    }


def _message(message: str, model: type[Record]) -> dict[str, Any]:
    traits = {} if model is RawArticle else {"traits": [{"$ref": "#/components/messageTraits/cloudevent"}]}
    return {
        "name": message,
        "title": model.__name__,
        "summary": " ".join((model.__doc__ or "").split()),
        "contentType": "application/json",
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./json/{message}.schema.json"},
        },
        **traits,
    }


def _headers(required: list[str], **described: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": {header: {"type": "string", "description": text} for header, text in described.items()},
    }


_CLOUDEVENT: dict[str, Any] = {
    "name": "cloudevent",
    "summary": "CloudEvents 1.0 in Kafka's binary mode; traceparent and tracestate are passed through.",
    "headers": _headers(
        ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"],
        ce_specversion="1.0",
        ce_id="the same article gives the same id",
        ce_source="/copydesk",
        ce_type="copydesk.TOPIC.v1",
        ce_time="the article's event time, RFC 3339",
        ce_receivedat="when the raw article arrived in Kafka, RFC 3339",
        traceparent="W3C trace context, as the raw article had it",
    ),
}
_OTHER_MESSAGES: dict[str, Any] = {
    "tombstone": {
        "name": "tombstone",
        "title": "Tombstone",
        "summary": "No value: the record with this key is gone. It follows the record's Withdrawn.",
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "payload": {"type": "null"},
    },
    "dead_letter": {
        "name": "dead_letter",
        "title": "DeadLetter",
        "summary": "A record that a stage could not process, byte for byte as it was read, with its own headers and these.",
        "contentType": "application/octet-stream",
        "headers": _headers(
            ["dlq_stage", "dlq_reason", "dlq_exception", "dlq_topic", "dlq_partition", "dlq_offset", "dlq_received_at"],
            dlq_stage="the stage that failed",
            dlq_reason=" or ".join(get_args(Reason)).replace(" or ", ", ", len(get_args(Reason)) - 2),
            dlq_exception="the exception's name",
            dlq_detail="what is wrong",
            dlq_trace="the end of the trace, of an exception of ours",
            dlq_topic="where it was read",
            dlq_partition="where it was read",
            dlq_offset="where it was read",
            dlq_received_at="its Kafka timestamp, RFC 3339",
        ),
        "payload": {"type": "string", "format": "binary"},
    },
}


def documents() -> dict[Path, str]:
    """Every document of the contract: path below schemas/ → text."""
    made = {
        Path("json") / f"{record}.schema.json": json.dumps(json_schema(model), indent=2, ensure_ascii=False) + "\n"
        for record, model in models().items()
    }
    text = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=120)
    return made | {Path("asyncapi.yaml"): "# Made by `python -m streams.contract`.\n" + text}


if __name__ == "__main__":
    for path, text in documents().items():
        (FOLDER / path).parent.mkdir(exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")
