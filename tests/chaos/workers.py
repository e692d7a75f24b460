"""The workers of a run: real processes, each started again half a second after it ends, as `copydesk worker` does it."""

import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from streams.cli.worker import FINAL, FIRST_PAUSE_S
from streams.settings import Settings
from tests.worker_tools import AS_SHIPPED, environment_of, free_port

LOG_LINES = 25
FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
"""Of the Debian package libfaketime."""
CLOCK = Path(__file__).with_name("clock")


@dataclass(slots=True)
class Slot:
    """A place for one worker, with a stable name."""

    name: str
    http_port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    wanted: bool = True
    ended_at: float | None = None


@dataclass
class Crew:
    """Keeps as many workers running as there are slots. Call `tend` often; nothing is started behind the caller's back.

    All calls come from one thread that lives as long as the crew: the kernel ends a worker with the thread that started it.
    """

    settings: Settings
    folder: Path
    rng: random.Random
    program: tuple[str, ...] = AS_SHIPPED
    fake_clock: bool = False
    slots: list[Slot] = field(default_factory=list)
    exits: Counter[int] = field(default_factory=Counter)
    """Exit codes of processes that nobody had asked to end."""

    def scale(self, workers: int) -> None:
        """Have so many workers; those too many are asked to stop, and are gone when this returns."""
        while len(self.slots) < workers:
            slot = Slot(f"worker-{len(self.slots)}")
            self.slots.append(slot)
            self._start(slot)
        gone, self.slots = self.slots[workers:], self.slots[:workers]
        for slot in gone:
            self.stop(slot)

    def tend(self) -> None:
        """Start again what has ended."""
        for slot in self.slots:
            if slot.process is None or slot.process.poll() is None or not slot.wanted:
                continue
            if slot.ended_at is None:
                slot.ended_at = time.monotonic()
                self.exits[slot.process.returncode] += 1
                assert slot.process.returncode not in FINAL, f"{slot.name} ended with {slot.process.returncode}, unasked"
            elif time.monotonic() - slot.ended_at >= FIRST_PAUSE_S:
                self._start(slot)

    def _start(self, slot: Slot) -> None:
        slot.http_port = free_port()
        name = f"{self.settings.topic_prefix}{slot.name}"
        conf = self.settings.model_copy(update={"instance": name, "http_port": slot.http_port})
        if conf.state_dir is not None:
            conf = conf.model_copy(update={"state_dir": conf.state_dir / slot.name})
        more = self._clock_environment() if self.fake_clock else {}
        with (self.folder / f"{slot.name}.log").open("ab") as log:
            slot.process = subprocess.Popen(
                [sys.executable, *self.program], env=os.environ | environment_of(conf) | more, stdout=log, stderr=log
            )
        slot.ended_at, slot.wanted = None, True

    def _clock_environment(self) -> dict[str, str]:
        assert FAKETIME is not None, "libfaketime is missing: apt-get install libfaketime"
        if not self._clock.exists():
            self.set_clock(0)
        return {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(CLOCK), os.environ.get("PYTHONPATH")])),
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # a step of the wall clock leaves the monotonic one alone
            "DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def _clock(self) -> Path:
        return self.folder / "clock"

    def set_clock(self, ahead_s: int) -> None:
        """Step the wall clock of all workers, within a second, to `ahead_s` seconds from the true time."""
        made = self._clock.with_suffix(".new")
        made.write_text(f"{ahead_s:+d}\n")
        made.replace(self._clock)

    def running(self) -> list[Slot]:
        """Slots whose process is alive."""
        return [slot for slot in self.slots if slot.process is not None and slot.process.poll() is None]

    def ready(self) -> int:
        """How many workers are warm and have their share of the partitions."""
        return sum(answers(slot.http_port, "/ready") for slot in self.running())

    def signal(self, slot: Slot, number: int) -> None:
        """Send a signal to a slot's worker, where it still runs."""
        if slot.process is not None and slot.process.poll() is None:
            slot.process.send_signal(number)

    def stop(self, slot: Slot, timeout_s: float = 90) -> None:
        """SIGTERM, and wait. Raises AssertionError where the worker does not end, or ends other than with 0."""
        slot.wanted = False
        if slot.process is None or slot.process.poll() is not None:
            return
        slot.process.send_signal(signal.SIGTERM)
        try:
            code = slot.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{slot.name} did not stop within {timeout_s:g} s of SIGTERM") from None
        assert code in (0, -signal.SIGTERM), f"{slot.name} ended with {code} after SIGTERM"  # the latter: it had not begun yet

    def restart(self, slot: Slot) -> None:
        """Stop a worker and start it at once."""
        self.stop(slot)
        self._start(slot)

    def kill_all(self) -> None:
        """End every process, whatever state it is in."""
        for slot in self.slots:
            if slot.process is not None and slot.process.poll() is None:
                slot.process.kill()
                slot.process.wait()

    def log_tails(self) -> str:
        """The end of each worker's log."""
        return "\n".join(
            f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-LOG_LINES:])
            for path in sorted(self.folder.glob("worker-*.log"))
        )


def answers(port: int, path: str) -> bool:
    """Whether a web server on this machine says yes."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
            return True
    except OSError:
        return False


def pool_processes(worker: int) -> list[int]:
    """Process ids of the pool below a worker: what its fork server has forked."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    return [pid for server in children.get(worker, []) for pid in children.get(server, [])]
