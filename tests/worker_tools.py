"""A worker process under test, and what its stages have committed."""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from streams.cluster import ClusterError, admin
from streams.security import variable
from streams.settings import Settings
from streams.stages import Stage
from tests.kafka_tools import wait_until

READY_S = 90


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings_for(broker: str, prefix: str, **more: object) -> Settings:
    """Settings of one test: topics and groups of its own on the shared broker."""
    given = {"pool_processes": 1, "http_port": free_port(), "session_timeout_s": 6, "instance": f"{prefix}w0"} | more
    return Settings(broker=broker, topic_prefix=prefix, group=f"{prefix}copydesk", **given)  # type: ignore[arg-type]


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that mean these settings, secrets included."""
    return {
        variable(name): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in settings.model_dump().items()
        if value is not None
    }


AS_SHIPPED = ("-m", "streams.worker")


class Worker:
    """`python -m streams.worker`, or another program in its place, with the settings given. A context manager: ready at its
    beginning, gone at its end."""

    def __init__(self, settings: Settings, *, wait: bool = True, program: tuple[str, ...] = AS_SHIPPED) -> None:
        self.settings, self._wait, self._program = settings, wait, program
        self.log = Path(tempfile.mkstemp(prefix="copydesk-test-worker-", suffix=".log")[1])
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        if kind is not None:
            print(f"--- end of {self.log}\n{self.log.read_text()[-3000:]}")
        self.log.unlink()

    def start(self) -> None:
        """Start the process, and wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self._program], env=os.environ | environment_of(self.settings), stdout=log, stderr=log
            )
        if self._wait:
            wait_until(self.ready, READY_S, self._state)

    def _state(self) -> str:
        assert self.process is not None
        assert self.process.poll() is None, f"the worker ended with {self.process.returncode}:\n{self.log.read_text()[-3000:]}"
        return f"the worker {self.process.pid} to be ready"

    def ready(self) -> bool:
        """Whether every stage has joined its group."""
        return self.get("/ready") is not None

    def get(self, path: str, status: int = 200) -> str | None:
        """What the worker's web server answers with this status; None where it does not."""
        answer: urllib.error.HTTPError | http.client.HTTPResponse
        try:
            answer = urllib.request.urlopen(f"http://127.0.0.1:{self.settings.http_port}{path}", timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError:
            return None
        with answer:
            return answer.read().decode() if answer.status == status else None

    def metrics(self) -> dict[str, float]:
        """Samples of /metrics: `name{label=value,…}` (labels sorted) → value; empty while the worker does not answer."""
        return {
            sample.name + "{" + ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items())) + "}": sample.value
            for family in text_string_to_metric_families(self.get("/metrics") or "")
            for sample in family.samples
        }

    def kill(self) -> None:
        """SIGKILL, as the kernel does it when memory is short."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self, timeout_s: float = 60) -> int:
        """SIGTERM, and the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)


def committed_offsets(settings: Settings, stage: Stage) -> int:
    """The sum of the offsets that a stage has committed (asked of the broker, without waiting for open transactions); 0 while the
    broker is away. librdkafka's admin client is not asked: it ends the process where a broker goes away in mid-request."""

    async def ask() -> int:
        async with admin(settings) as client:
            found = await client.list_consumer_group_offsets(f"{settings.group}.{stage.name}")
            topic = settings.topic(stage.source.name)
            return sum(max(0, offset.offset) for tp, offset in found.items() if tp.topic == topic)

    try:
        return asyncio.run(ask())
    except (ClusterError, OSError):
        return 0
