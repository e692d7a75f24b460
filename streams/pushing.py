"""Bringing raw articles to the topic, each acknowledged by the broker."""

import asyncio
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas import RawArticle
from streams.cluster import ClusterError, check
from streams.connection import client_arguments
from streams.dead_letters import Rejected, parse
from streams.records import Outgoing, cloudevent
from streams.rights import said
from streams.settings import Settings
from streams.topics import ARTICLES_RAW, MAX_RECORD_BYTES

MOST_UNDER_WAY = 500


class Pusher:
    """Sends lines to `articles.raw`: idempotent, in order within an outlet, bounded. An async context manager.

    With `check`, a line that is not an article is refused; without, it is sent as it is and will be a dead letter.
    Raises `ClusterError` where the broker is not there or goes away.
    """

    def __init__(self, settings: Settings, *, check: bool = True) -> None:
        self._settings, self._check = settings, check
        self._under_way: set[asyncio.Future[object]] = set()
        self.delivered = 0
        self.refused: list[str] = []

    async def __aenter__(self) -> Self:
        await check(self._settings)
        self._producer = AIOKafkaProducer(
            **client_arguments(self._settings), enable_idempotence=True, max_request_size=MAX_RECORD_BYTES, linger_ms=5
        )
        try:
            await self._producer.start()
        except (KafkaError, OSError) as error:
            await self._producer.stop()
            raise ClusterError(f"the Kafka broker at {self._settings.broker} refuses: {said(error)}") from error
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._producer.stop()

    async def push(self, line: bytes, where: str) -> None:
        """Send one article; `where` names it where it is refused. Waits while too many are under way."""
        try:
            record = self.record(line)
        except Rejected as error:
            self.refused.append(f"{where}: {error.reason}: {error.detail}")
            return
        while len(self._under_way) >= MOST_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        try:
            future = await self._producer.send(
                self._settings.topic(record.topic), value=record.value, key=record.key, headers=list(record.headers)
            )
        except MessageSizeTooLargeError:
            self.refused.append(f"{where}: too-large: {len(line)} bytes; a record may have {MAX_RECORD_BYTES}")
            return
        except KafkaError as error:
            raise ClusterError(f"the broker refused {where}: {said(error)}") from error
        self._under_way.add(future)
        future.add_done_callback(lambda done: self._done(done, where))

    def record(self, line: bytes) -> Outgoing:
        """The record that a line becomes. Raises `Rejected` where it is not an article and lines are checked."""
        try:
            article = parse(RawArticle, line)
        except Rejected:
            if self._check:
                raise
            return Outgoing(ARTICLES_RAW.name, None, line)
        time = article.published_at or article.version_created
        if time is None:
            return Outgoing(ARTICLES_RAW.name, article.outlet.encode(), line, (("content-type", b"application/json"),))
        return cloudevent(ARTICLES_RAW.name, article.outlet, f"{article.uri}@{article.version}", time, line)

    def _done(self, future: "asyncio.Future[object]", where: str) -> None:
        self._under_way.discard(future)
        error = future.exception()
        if error is None:
            self.delivered += 1
        else:
            self.refused.append(f"{where}: the broker: {type(error).__name__}")

    async def flush(self) -> None:
        """Wait until everything sent is acknowledged or refused."""
        while self._under_way:
            await asyncio.wait(self._under_way)
