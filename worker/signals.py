"""Signals as data: noted by the C handler in a socket, read where it suits. Nothing is raised in mid-call."""

from __future__ import annotations

import select
import signal
import socket
from types import FrameType, TracebackType


class SignalInbox:
    """Collects the given signals while entered. Enter and leave in the main thread; read in any."""

    def __init__(self, *signals: signal.Signals) -> None:
        self._signals = signals
        self._previous: list[tuple[signal.Signals, object]] = []
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._old_fd = -1

    def fileno(self) -> int:
        """Readable when a signal came; for `select`."""
        return self._read.fileno()

    def take(self, timeout_s: float = 0.0) -> list[int]:
        """The signals that came, waiting up to `timeout_s` for one."""
        select.select([self._read], [], [], timeout_s)
        try:
            return [number for number in self._read.recv(4096) if number in self._signals]
        except BlockingIOError:
            return []

    def wake(self) -> None:
        """Make it readable without a signal; from any thread."""
        self._write.send(b"\0")

    def __enter__(self) -> SignalInbox:
        self._old_fd = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in self._signals:
            # The handler itself does nothing; without one the number would not reach the socket.
            self._previous.append((number, signal.signal(number, _ignore)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in reversed(self._previous):
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal() itself gave out
        signal.set_wakeup_fd(self._old_fd)
        self._read.close()
        self._write.close()


def _ignore(number: int, frame: FrameType | None) -> None:
    return None
