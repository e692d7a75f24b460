"""Restarts: what is remembered must bring the state back, whatever the order in which its records come."""

from collections.abc import Iterable
from typing import Any

import orjson

from processors.linking import Links
from schemas import Digest


def assert_restored_alike(digests: Iterable[Digest]) -> None:
    """Follow digests with links that never stop, and each one with links that were just restored: both must find the same."""
    whole, log = Links(), dict[str, Any]()
    for number, digest in enumerate(digests):
        restored = Links()
        for key in sorted(log, key=lambda key: hash((key, number))):
            restored.restore(key, log[key])
        restored.restored()
        expected = whole.follow(digest)
        assert restored.follow(digest) == expected
        for key, value in orjson.loads(orjson.dumps(expected.changes)):
            log[key] = value
            if value is None:
                del log[key]
