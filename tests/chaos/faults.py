"""What is done to a run. A fault blocks for as long as it lasts; that the stages go on afterwards is awaited elsewhere."""

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.chaos.cluster import Cluster
from tests.chaos.workers import Crew, Slot, pool_processes

HOUR_S = 3600


class Scene(Protocol):
    """What a fault may touch."""

    rng: random.Random
    crew: Crew
    cluster: Cluster

    def pause(self, seconds: float) -> None:
        """Let time pass; workers that end meanwhile are started again."""

    def wait_until_at_work(self) -> None:
        """Return when every worker of the crew runs and every stage goes on."""


def kill_worker(scene: Scene) -> None:
    """SIGKILL to a worker."""
    scene.crew.signal(_any(scene), signal.SIGKILL)


def kill_pool_process(scene: Scene) -> None:
    """SIGKILL to a process of a worker's pool. One that ends by itself in this moment is no fault: another is looked for."""
    while True:
        slot = _any(scene)
        assert slot.process is not None
        pids = pool_processes(slot.process.pid)
        if pids:
            try:
                os.kill(scene.rng.choice(sorted(pids)), signal.SIGKILL)
                return
            except ProcessLookupError:
                pass
        scene.pause(0.1)


def freeze_worker(scene: Scene) -> None:
    """SIGSTOP to a worker, SIGCONT after 15–20 s: a zombie that believes the partitions to be its own."""
    slot = _any(scene)
    scene.crew.signal(slot, signal.SIGSTOP)
    scene.pause(scene.rng.uniform(15, 20))
    scene.crew.signal(slot, signal.SIGCONT)


def stop_worker(scene: Scene) -> None:
    """SIGTERM to a worker, exit code 0, and a start."""
    scene.crew.restart(_any(scene))


def kill_broker(scene: Scene) -> None:
    """SIGKILL to a broker, and a start at once."""
    node = scene.rng.randrange(scene.cluster.brokers)
    scene.cluster.kill(node)
    scene.cluster.start(node)


def stop_broker(scene: Scene) -> None:
    """A broker is stopped, and started 30 s later."""
    node = scene.rng.randrange(scene.cluster.brokers)
    scene.cluster.stop(node)
    scene.pause(30)
    scene.cluster.start(node)


def rolling_restart(scene: Scene) -> None:
    """Each worker in turn is stopped and started; the next one when all stages go on."""
    for slot in list(scene.crew.slots):
        scene.crew.restart(slot)
        scene.wait_until_at_work()


def scale(scene: Scene) -> None:
    """From one worker to three and back, while records are under way."""
    scene.crew.scale(3)
    scene.wait_until_at_work()
    scene.pause(scene.rng.uniform(0, 3))
    scene.crew.scale(1)


def cut_network(scene: Scene) -> None:
    """The network between workers and brokers is cut for 3–20 s: silently, or by closed and refused connections."""
    silently = scene.rng.random() < 0.5
    for proxy in scene.cluster.proxies:
        proxy.cut(silently=silently)
    scene.pause(scene.rng.uniform(3, 20))
    for proxy in scene.cluster.proxies:
        proxy.heal()


def step_clock(scene: Scene) -> None:
    """The workers' wall clock is stepped by up to six hours, forward or back."""
    scene.crew.set_clock(scene.rng.choice((-1, 1)) * scene.rng.randrange(HOUR_S, 6 * HOUR_S))
    scene.pause(2)  # until libfaketime has looked, and the stages have worked by the new time


def _any(scene: Scene) -> Slot:
    while not scene.crew.running():
        scene.pause(0.1)
    return scene.rng.choice(scene.crew.running())


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault: how to do it, how often in one run, and whether it may hit again before the stages go on."""

    do: Callable[[Scene], None]
    times: int
    workers: int | None = None
    """None: one for one partition, two for more."""
    in_recovery: bool = False
    target_s: float | None = None
    """Longest standstill that we promise, shipped settings; of each worker in a rolling restart."""


FAULTS = {
    "kill_worker": Fault(kill_worker, 5, in_recovery=True, target_s=10),
    "kill_pool_process": Fault(kill_pool_process, 6),  # twice on one article would be poison, rightly
    "freeze_worker": Fault(freeze_worker, 2),
    "stop_worker": Fault(stop_worker, 4),
    "kill_broker": Fault(kill_broker, 4, in_recovery=True),
    "stop_broker": Fault(stop_broker, 2),
    "rolling_restart": Fault(rolling_restart, 2, workers=2, target_s=5),
    "scale": Fault(scale, 2, workers=1),
    "cut_network": Fault(cut_network, 3),
    "step_clock": Fault(step_clock, 5),
}
