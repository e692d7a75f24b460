"""A TCP proxy between workers and a broker that can be cut: what a network does, without touching the machine's."""

import selectors
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK_BYTES = 1 << 16


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target`. A context manager.

    `cut(silently=True)`: connections stay and carry nothing, as when a cable is pulled; what was written waits and arrives after
    `heal()`. `cut(silently=False)`: connections are closed and new ones refused, as by a firewall.
    """

    def __init__(self, port: int, target: int) -> None:
        self._address, self._target = ("127.0.0.1", port), ("127.0.0.1", target)
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._passing, self._ended = threading.Event(), threading.Event()
        self._passing.set()
        self._refusing = False

    def __enter__(self) -> Self:
        self._listener = socket.create_server(self._address)
        self._listener.settimeout(0.2)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._passing.set()
        self._close_all()
        self._listener.close()

    def cut(self, *, silently: bool) -> None:
        """Let nothing through until `heal()`."""
        if silently:
            self._passing.clear()
        else:
            self._refusing = True
            self._close_all()

    def heal(self) -> None:
        """Let everything through again."""
        self._refusing = False
        self._passing.set()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            try:
                if self._refusing:
                    raise ConnectionRefusedError
                server = socket.create_connection(self._target, timeout=5)
            except OSError:  # the broker is away
                client.close()
                continue
            server.settimeout(None)
            with self._lock:
                self._pairs.add((client, server))
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        with selectors.DefaultSelector() as selector:
            try:
                for side in other:
                    selector.register(side, selectors.EVENT_READ)
                while not self._ended.is_set():
                    for key, _ in selector.select(timeout=1):
                        self._passing.wait()
                        data = key.fileobj.recv(CHUNK_BYTES)  # type: ignore[union-attr]
                        if not data:
                            return
                        other[key.fileobj].sendall(data)  # type: ignore[index]
            except (OSError, ValueError):
                pass  # closed by the cut, or by one of the two
            finally:
                self._drop((client, server))

    def _drop(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with self._lock:
            self._pairs.discard(pair)
        for side in pair:
            with suppress(OSError):  # it is closed already
                side.shutdown(socket.SHUT_RDWR)
            side.close()

    def _close_all(self) -> None:
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            self._drop(pair)
