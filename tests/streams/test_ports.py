"""Nothing listens beyond this machine unless an operator says so."""

import asyncio
import os
import socket
import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest

from streams.cluster import create_topics
from streams.settings import Settings
from tests.kafka_tools import fresh
from tests.worker_tools import Worker, settings_for

LISTEN = "0A"


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and theirs."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended in between
            continue
    found, new = set(), {pid}
    while new:
        found |= new
        new = {child for child, parent in parents.items() if parent in new} - found
    return found


def listening(pids: set[int]) -> set[tuple[str, int]]:
    """(address, port) of every TCP socket that these processes listen on."""
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                inodes.add(os.readlink(descriptor).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    found = set()
    for table, size in (("tcp", 4), ("tcp6", 16)):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTEN and fields[9] in inodes:
                host, port = fields[1].split(":")
                packed = b"".join(struct.pack("=I", int(host[i : i + 8], 16)) for i in range(0, 2 * size, 8))
                found.add((str(_plain(ip_address(packed))), int(port, 16)))
    return found


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


@pytest.mark.kafka
def test_broker_controller_worker_and_pool_listen_on_the_loopback_interface_only(broker: str) -> None:
    settings = settings_for(broker, fresh("ports") + ".", stages="clean")
    assert settings.http_host == Settings.model_fields["http_host"].default == "127.0.0.1"
    asyncio.run(create_topics(settings))
    with Worker(settings) as worker:
        assert worker.ready()
        found = listening(descendants(os.getpid()))
    assert {("127.0.0.1", settings.http_port), ("127.0.0.1", int(broker.rpartition(":")[2]))} <= found
    assert len(found) >= 3, "broker, its controller, and the worker's metrics"
    assert {host for host, _ in found} == {"127.0.0.1"}


def test_a_port_that_is_open_to_all_would_be_seen() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert ("0.0.0.0", server.getsockname()[1]) in listening({os.getpid()})
