"""Fixtures that every test may use."""

from collections.abc import Iterator

import pytest

from streams.kafka import EmbeddedKafka


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """The address of a real Kafka, started once a session. It fails with the reason where it cannot run: nothing is skipped."""
    with EmbeddedKafka() as kafka:
        yield kafka.bootstrap
