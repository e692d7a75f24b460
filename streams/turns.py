"""A queue in which stages take turns: a thousand slow articles of one do not make the quick ones of another wait behind them."""

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Items by name; `get` gives the first item of the next name that has any. For many threads."""

    def __init__(self) -> None:
        self._items: dict[str, deque[T]] = {}
        self._filled = threading.Condition()
        self._closed = False

    def put(self, name: str, item: T) -> None:
        """Add an item behind those of its name."""
        with self._filled:
            self._items.setdefault(name, deque()).append(item)
            self._filled.notify()

    def get(self, timeout_s: float) -> T | None:
        """The next item; None where there is none in time, or the queue was closed."""
        with self._filled:
            self._filled.wait_for(lambda: self._closed or any(self._items.values()), timeout_s)
            if self._closed:
                return None
            for name, items in self._items.items():
                if items:
                    del self._items[name]  # and to the end: the others have their turn before it
                    self._items[name] = items
                    return items.popleft()
            return None

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._filled:
            self._closed = True
            self._filled.notify_all()
