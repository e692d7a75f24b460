"""One broker or three, each restartable on its data and port, and each reachable a second time through a proxy."""

import os
import random
import shutil
import signal
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.kafka import EmbeddedKafka
from tests.chaos.proxy import Proxy
from tests.kafka_tools import end_transaction, hanging_transactions

REPLICATED = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
"""Kafka's own topics."""


class Cluster:
    """`brokers` brokers in a folder of their own. A context manager; `keep` leaves the data behind.

    `bootstrap` is for the harness, `through_proxy` for workers whose network is to be cut.
    """

    def __init__(self, brokers: int = 1) -> None:
        self.brokers, self.keep = brokers, False
        self.folder = Path(tempfile.mkdtemp(prefix="copydesk-chaos-"))
        ports = free_ports(4 * brokers)
        self._direct, self._proxied, controllers, doors = (ports[n * brokers : (n + 1) * brokers] for n in range(4))
        voters = ",".join(f"{node + 1}@127.0.0.1:{port}" for node, port in enumerate(controllers))
        copies = min(3, brokers)
        self._kafkas = [
            EmbeddedKafka(
                self.folder / f"broker-{node + 1}",
                self._direct[node],
                heap_mb=256 if brokers > 1 else 384,
                settings={
                    "node.id": str(node + 1),
                    "controller.quorum.voters": voters,
                    "listeners": f"BROKER://127.0.0.1:{self._direct[node]},PROXIED://127.0.0.1:{doors[node]}"
                    f",CONTROLLER://127.0.0.1:{controllers[node]}",
                    "advertised.listeners": f"BROKER://127.0.0.1:{self._direct[node]},PROXIED://127.0.0.1:{self._proxied[node]}",
                    "listener.security.protocol.map": "BROKER:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
                    "default.replication.factor": str(copies),
                    "min.insync.replicas": str(max(1, copies - 1)),
                    "controlled.shutdown.enable": str(brokers > 1).lower(),
                }
                | {f"{topic}.replication.factor": str(copies) for topic in REPLICATED}
                | {f"{topic}.min.isr": str(max(1, copies - 1)) for topic in REPLICATED[1:]},
            )
            for node in range(brokers)
        ]
        self.proxies = [Proxy(self._proxied[node], doors[node]) for node in range(brokers)]
        self._open = ExitStack()

    @property
    def bootstrap(self) -> str:
        """The addresses, comma separated."""
        return ",".join(f"127.0.0.1:{port}" for port in self._direct)

    @property
    def through_proxy(self) -> str:
        """The addresses that lead through the proxies."""
        return ",".join(f"127.0.0.1:{port}" for port in self._proxied)

    def end_lost_transactions(self) -> int:
        """Do what an operator does where Kafka has left transactions open for ever; returns how many there were.

        Kafka 4.1 to 4.4 may do that where all brokers go down between a commit and its markers (KAFKA-20734).
        """
        lost = [found for node in range(self.brokers) for found in hanging_transactions(self.bootstrap, str(node + 1))]
        for transaction in lost:
            end_transaction(self.bootstrap, transaction)
        return len(lost)

    def __enter__(self) -> Self:
        try:
            with ThreadPoolExecutor(self.brokers) as together:  # a broker answers once the quorum has a leader
                list(together.map(EmbeddedKafka.start, self._kafkas))
            for proxy in self.proxies:
                self._open.enter_context(proxy)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        self._open.close()
        with ThreadPoolExecutor(self.brokers) as together:
            list(together.map(EmbeddedKafka.stop, self._kafkas))
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self, node: int) -> None:
        """SIGKILL to one broker."""
        os.kill(self._kafkas[node].pid, signal.SIGKILL)
        self._kafkas[node].stop()  # its guard goes with it

    def stop(self, node: int) -> None:
        """Stop one broker as an operator does."""
        self._kafkas[node].stop()

    def start(self, node: int) -> None:
        """Start a broker that was killed or stopped, on its data and port."""
        self._kafkas[node].start()


def free_ports(number: int) -> list[int]:
    """Ports below those that the kernel gives to outgoing connections: a broker must find its own free again."""
    found: list[int] = []
    while len(found) < number:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found
