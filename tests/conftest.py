"""Fixtures that every test may use."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from streams.kafka import EmbeddedKafka

settings.register_profile("copydesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a machine may be slow
settings.load_profile("copydesk")


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """The address of a real Kafka, started once a session. It fails with the reason where it cannot run: nothing is skipped."""
    with EmbeddedKafka() as kafka:
        yield kafka.bootstrap
