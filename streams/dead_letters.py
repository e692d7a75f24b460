"""An article that a stage cannot process is kept whole, with its reason."""

import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from processors.errors import Unprocessable
from schemas import MAX_ARTICLE_BYTES, rfc3339
from streams.records import Incoming, Outgoing

Reason = Literal["encoding", "json", "schema", "too-large", "unprocessable", "exception", "poison"]
"""Why. encoding: not UTF-8; json: not JSON; schema: not an article; unprocessable: no text in it, say; exception: a processor
raised; poison: a processor died or ran out of time on it, twice."""

MAX_DETAIL_CHARS = 2000
Model = TypeVar("Model", bound=BaseModel)


class Rejected(Exception):
    """A record that cannot be processed, with its reason."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one record failed; picklable, so that it can leave a pool process."""

    reason: Reason
    exception: str
    detail: str
    trace: str = ""

    @classmethod
    def of(cls, error: BaseException) -> "Failure":
        """The failure that an exception means."""
        if isinstance(error, Rejected):
            return cls(error.reason, type(error.__cause__ or error).__name__, error.detail[:MAX_DETAIL_CHARS])
        reason: Reason = "unprocessable" if isinstance(error, Unprocessable) else "exception"
        trace = "" if reason == "unprocessable" else "".join(traceback.format_exception(error)[-8:])
        return cls(reason, type(error).__name__, str(error)[:MAX_DETAIL_CHARS], trace[-MAX_DETAIL_CHARS:])


def parse(model: type[Model], value: bytes) -> Model:
    """Decode and validate a record. Raises `Rejected` with the reason and, for `schema`, each field with what is wrong."""
    if len(value) > 2 * MAX_ARTICLE_BYTES:
        raise Rejected("too-large", f"{len(value)} bytes; an article may have {MAX_ARTICLE_BYTES}")
    try:
        data: Any = orjson.loads(value.decode())
    except UnicodeDecodeError as error:
        raise Rejected("encoding", f"not UTF-8 at byte {error.start}: {error.reason}") from error
    except orjson.JSONDecodeError as error:
        raise Rejected("json", f"not JSON: {error}") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = (
            f"{'.'.join(map(str, e['loc'])) or 'record'}: {e['msg']}" for e in error.errors(include_url=False, include_input=False)
        )
        raise Rejected("schema", "; ".join(wrong)) from error


def dead_letter(record: Incoming, stage: str, failure: Failure, prefix: str = "") -> Outgoing:
    """The record as it came, byte for byte, with headers that say what failed, where and why. The instant is when it was received,
    so that the same input gives the same dead letter."""
    about = {
        "dlq_stage": stage,
        "dlq_reason": failure.reason,
        "dlq_exception": failure.exception,
        "dlq_detail": failure.detail,
        "dlq_trace": failure.trace,
        "dlq_topic": prefix + record.topic,
        "dlq_partition": str(record.partition),
        "dlq_offset": str(record.offset),
        "dlq_received_at": rfc3339(datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)),
    }
    headers = record.headers + tuple((name, text.encode()) for name, text in about.items() if text)
    return Outgoing(f"{record.topic}-dlq", record.key, record.value, headers, partition=0)
