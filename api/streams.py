"""How many event streams may be open: each holds one of the server's threads for as long as it lasts."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable


def client_is_gone(connection: socket.socket | None) -> bool:
    """Whether the other side has closed, which a server that only writes would notice at its next write."""
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except (BlockingIOError, ValueError):  # nothing to read; a TLS socket, which takes no flags
        return False
    except OSError:
        return True


class EventStreams:
    """Counts open streams against a limit. `ending` becomes true when the server stops: streams then end."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.ending = False
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def limit_of_one(self) -> int:
        """How many streams one candidate may have open: some windows, and never what all others need."""
        return max(1, self.limit // 4)

    @property
    def open(self) -> int:
        """Streams open now."""
        return self._open.total()

    def enter(self, owner: str, most: int) -> Callable[[], None] | None:
        """Take a place; the answer gives it back, once however often it is called.

        None when all are taken, or the owner has `most` already.
        """
        with self._lock:
            if self.open >= self.limit or self._open[owner] >= most:
                return None
            self._open[owner] += 1
        left = False

        def leave() -> None:
            nonlocal left
            with self._lock:
                if not left:
                    left = True
                    self._open[owner] -= 1
                    if not self._open[owner]:
                        del self._open[owner]

        return leave

    def end_all(self) -> None:
        """Have every stream end at its next look around. Safe in a signal handler: it takes no lock."""
        self.ending = True
