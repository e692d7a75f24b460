"""A local copy of a compacted log, which saves a restart the reading of all but the log's tail. It may be lost at any time.

The file is the log itself (each key's latest value, with its offset), not what a stage made of it: so there is one way to come from
records to state, and nothing in the file runs. It is read whole and checked before a word of it is believed; whatever is wrong
with it means that the log is read from its beginning.
"""

import json
import os
import struct
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

FORMAT = 1
MAX_AGE_S = 12 * 3600
"""An older one is not used: the broker may have removed a tombstone written since (after `delete.retention.ms`, a day)."""

_MAGIC = b"copydesk state\n"
_RECORD = struct.Struct("<IIQ")
_DIGEST_BYTES = 32
_BUFFER_BYTES = 1024 * 1024


class Unusable(Exception):
    """A snapshot that must not be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A record by which a log is known again. Offsets alone would not tell a topic that was created anew, or cut by an unclean
    election and written on; the time and content of the record at an offset do."""

    offset: int
    timestamp_ms: int
    crc: int

    @classmethod
    def of(cls, offset: int, timestamp_ms: int, key: bytes, value: bytes | None) -> "Mark":
        """The mark of a record."""
        return cls(offset, timestamp_ms, crc32(value or b"", crc32(key)))


@dataclass(slots=True)
class Log:
    """What remains of a partition's log once it is compacted."""

    latest: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)
    """Key → (offset, value), in the order of the offsets; a tombstone removes its key."""
    mark: Mark | None = None
    """The last record read, tombstones included; None where there was none."""
    asked_at: float = field(default_factory=time.time)
    """When reading began (seconds since 1970): no tombstone was removed that was written since."""

    def take(self, key: bytes, offset: int, value: bytes | None) -> None:
        """The next record."""
        self.latest.pop(key, None)  # it moves to the end: states may depend on the order of their changes
        if value is not None:
            self.latest[key] = (offset, value)


def write(path: Path, topic: str, partition: int, log: Log) -> None:
    """Write the snapshot in place of an earlier one. Raises OSError; the earlier one is then still there.

    Not synced to disk: after a power failure the digest tells.
    """
    assert log.mark is not None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    header = {
        "format": FORMAT,
        "topic": topic,
        "partition": partition,
        "records": len(log.latest),
        "asked_at": log.asked_at,
        "mark": [log.mark.offset, log.mark.timestamp_ms, log.mark.crc],
    }
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", _BUFFER_BYTES) as file:
            digest = blake2b(digest_size=_DIGEST_BYTES)
            for piece in (_MAGIC, json.dumps(header).encode() + b"\n"):
                digest.update(piece)
                file.write(piece)
            for key, (offset, value) in log.latest.items():
                record = _RECORD.pack(len(key), len(value), offset) + key + value
                digest.update(record)
                file.write(record)
            file.write(digest.digest())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def read(path: Path, topic: str, partition: int) -> Log:
    """The log as it was written. Raises `Unusable` (damaged, cut short, another format or partition, too old), and OSError where
    there is none or it cannot be read."""
    with path.open("rb", _BUFFER_BYTES) as file:
        try:
            return _read(file, os.fstat(file.fileno()).st_size, topic, partition)
        except (ValueError, TypeError, KeyError, struct.error, MemoryError, RecursionError) as error:
            raise Unusable(f"it is damaged ({error!r})") from error


def _read(file: BinaryIO, size_bytes: int, topic: str, partition: int) -> Log:
    digest = blake2b(digest_size=_DIGEST_BYTES)
    left = size_bytes - _DIGEST_BYTES

    def take(count: int) -> bytes:
        nonlocal left
        left -= count
        piece = file.read(count) if left >= 0 else b""
        if len(piece) != count:
            raise Unusable("it is cut short or damaged")
        digest.update(piece)
        return piece

    if take(len(_MAGIC)) != _MAGIC:
        raise Unusable("it is no snapshot of ours")
    line = file.readline(max(0, min(left, 64 * 1024)))
    left -= len(line)
    digest.update(line)
    header = json.loads(line)
    if header["format"] != FORMAT:
        raise Unusable(f"its format is {header['format']!r}; this version reads {FORMAT}")
    latest: dict[bytes, tuple[int, bytes]] = {}
    for _ in range(header["records"]):
        key_bytes, value_bytes, offset = _RECORD.unpack(take(_RECORD.size))
        record = take(key_bytes + value_bytes)
        latest[record[:key_bytes]] = (offset, record[key_bytes:])
    if left or file.read() != digest.digest():
        raise Unusable("it is damaged: its checksum does not fit")
    if (header["topic"], header["partition"]) != (topic, partition):
        raise Unusable(f"it is of {header['topic']}-{header['partition']}")
    age_s = time.time() - header["asked_at"]
    if not 0 <= age_s <= MAX_AGE_S:
        raise Unusable(f"it is {age_s / 3600:.1f} hours old; at most {MAX_AGE_S / 3600:.0f} are allowed")
    return Log(latest, Mark(*header["mark"]), header["asked_at"])
