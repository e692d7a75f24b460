"""/metrics for Prometheus; /live and /ready for whoever supervises the worker.

Live: no lane has sat on a record for longer than a record may take. Ready: the pool is warm and every stage has joined its group.
A worker that waits for its broker is live and not ready.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web
from mode import Service
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams import metrics
from streams.settings import Settings

if TYPE_CHECKING:
    from streams.app import StageApp

log = logging.getLogger("copydesk")

STUCK_FACTOR = 3
"""A record that takes longer than so many task time-outs (it is tried twice) will not be finished: the worker is stuck."""


async def _serve(conf: Settings, answers: dict[str, Callable[[web.Request], Awaitable[web.Response]]]) -> web.AppRunner:
    """Answer these paths; `cleanup` ends it. Raises OSError where the port is taken."""
    app = web.Application()
    for path, answer in answers.items():
        app.router.add_get(path, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, conf.http_host, conf.http_port).start()
    except OSError as error:
        raise OSError(
            error.errno,
            f"cannot serve /metrics on {conf.http_host}:{conf.http_port} ({error.strerror}); set COPYDESK_HTTP_PORT to a free port",
        ) from error
    return runner


@asynccontextmanager
async def waiting(conf: Settings) -> AsyncIterator[None]:
    """Answer for a worker whose stages cannot start yet: to start it again would help nobody. Raises OSError as `Http` does."""

    async def live(request: web.Request) -> web.Response:
        return web.Response(text="live\n")

    async def ready(request: web.Request) -> web.Response:
        return web.Response(status=503, text="waiting for the broker\n")

    runner = await _serve(conf, {"/live": live, "/ready": ready})
    try:
        yield
    finally:
        await runner.cleanup()


class Http(Service):
    """The worker's small web server."""

    def __init__(self, apps: list[StageApp], conf: Settings, warm: Callable[[], bool], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._apps, self._conf, self._warm = apps, conf, warm
        self._runner: web.AppRunner | None = None

    async def on_start(self) -> None:
        """Serve. Raises OSError where the port is taken."""
        self._runner = await _serve(self._conf, {"/metrics": self._metrics, "/live": self._live, "/ready": self._ready})
        log.info("serving /metrics, /live, /ready on %s", ", ".join(f"{host}:{port}" for host, port, *_ in self._runner.addresses))

    async def on_stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _metrics(self, request: web.Request) -> web.Response:
        seen = [
            ((app.stage.name, str(lane.partition)), *await app.lag(lane), lane.in_flight)
            for app in self._apps
            for lane in app.lanes
            if not lane.closed
        ]
        for gauge in (metrics.LAG_RECORDS, metrics.LAG_SECONDS, metrics.IN_FLIGHT):
            gauge.clear()  # a partition that went to another worker is not ours to speak of
        for labels, lag_records, lag_seconds, in_flight in seen:
            metrics.LAG_RECORDS.labels(*labels).set(lag_records)
            metrics.LAG_SECONDS.labels(*labels).set(lag_seconds)
            metrics.IN_FLIGHT.labels(*labels).set(in_flight)
        metrics.TASKS.set(len(asyncio.all_tasks()))
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _live(self, request: web.Request) -> web.Response:
        limit_s = STUCK_FACTOR * self._conf.task_timeout_s
        stuck = [
            f"{app.stage.name}-{lane.partition}"
            for app in self._apps
            for lane in app.lanes
            if lane.waiting_since is not None and time.monotonic() - lane.waiting_since > limit_s
        ]
        return web.Response(status=503 if stuck else 200, text=f"stuck: {', '.join(stuck)}\n" if stuck else "live\n")

    async def _ready(self, request: web.Request) -> web.Response:
        missing = [f"the fuse of {app.stage.name} is blown" for app in self._apps if app.fuse_is_blown]
        for app in self._apps:
            restoring = app.restoring
            missing += [f"restoring {app.stage.name}-{partition}: {100 * share:.0f} %" for partition, share in restoring.items()]
            if app.unjoined_since is not None and not restoring:
                missing.append(f"{app.stage.name} has not joined its group")
        if not self._warm():
            missing.append("the pool is not warm")
        return web.Response(status=503 if missing else 200, text="; ".join(missing or ["ready"]) + "\n")
