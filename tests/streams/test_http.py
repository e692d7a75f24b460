"""What the worker's web server says of partitions that come and go."""

import asyncio
import urllib.request
from dataclasses import dataclass
from typing import Any, cast

from prometheus_client.parser import text_string_to_metric_families

from streams.http import Http
from streams.settings import Settings
from streams.stages import DEDUPE
from tests.worker_tools import free_port


@dataclass
class Lane:
    """A partition that a stage works on."""

    partition: int
    in_flight: int = 1
    closed: bool = False


@dataclass
class App:
    """As much of a stage's app as the web server asks."""

    lanes: list[Lane]
    stage: Any = DEDUPE

    async def lag(self, lane: Lane) -> tuple[int, float]:
        """(records, seconds)."""
        return 7, 3.5


async def partitions(settings: Settings, gauge: str) -> set[str]:
    """The partitions for which /metrics has a gauge."""
    with await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{settings.http_port}/metrics") as answer:
        families = text_string_to_metric_families(answer.read().decode())
        return {sample.labels["partition"] for family in families if family.name == gauge for sample in family.samples}


async def test_a_partition_that_went_to_another_worker_has_no_lag_here() -> None:
    settings, app = Settings(http_port=free_port()), App([Lane(0), Lane(1)])
    http = Http(cast(Any, [app]), settings, lambda: True)
    await http.on_start()
    try:
        for gauge in ("copydesk_lag_records", "copydesk_lag_seconds", "copydesk_in_flight_records"):
            assert await partitions(settings, gauge) == {"0", "1"}
        app.lanes.pop()
        for gauge in ("copydesk_lag_records", "copydesk_lag_seconds", "copydesk_in_flight_records"):
            assert await partitions(settings, gauge) == {"0"}
    finally:
        await http.on_stop()
