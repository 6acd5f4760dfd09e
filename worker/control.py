"""Stopping a slot: signals and the parent's end become one flag, and what takes too long is abandoned.

First SIGTERM or SIGINT, or the end of the parent (its end of our standard input closes): no new grading, the current
one may finish within the grace time. A second signal, or the end of the grace time: the current one is given back.
"""

from __future__ import annotations

import logging
import select
import signal
import threading
import time
from collections.abc import Callable
from types import TracebackType

from worker.signals import SignalInbox

_log = logging.getLogger(__name__)


class Control:
    """Watches while entered. `abandon(reason)` is called once from the watching thread; it need not return."""

    def __init__(self, abandon: Callable[[str], None], *, grace_s: float, parent_fd: int | None) -> None:
        self.stopping = threading.Event()
        self._abandon = abandon
        self._grace_s = grace_s
        self._parent_fd = parent_fd
        self._inbox = SignalInbox(signal.SIGTERM, signal.SIGINT)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="control", daemon=True)

    def __enter__(self) -> Control:
        self._inbox.__enter__()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._inbox.wake()
        self._thread.join()
        self._inbox.__exit__(kind, error, trace)

    def _watch(self) -> None:
        reason = self._first()
        if reason is None:
            return
        _log.info("stopping: %s; a grading that runs may take %.0f s more", reason, self._grace_s)
        deadline = time.monotonic() + self._grace_s
        self.stopping.set()
        while not self._done.is_set():
            left_s = deadline - time.monotonic()
            if left_s <= 0 or self._inbox.take(left_s):
                if not self._done.is_set():
                    self._abandon(f"the worker stops: {reason}")
                return

    def _first(self) -> str | None:
        inbox = self._inbox.fileno()
        parent = [] if self._parent_fd is None else [self._parent_fd]
        while not self._done.is_set():
            readable, _, _ = select.select([inbox, *parent], [], [])
            if signals := self._inbox.take():
                return signal.Signals(signals[0]).name
            if parent and parent[0] in readable:
                # The parent writes nothing: readable means that its end is closed.
                return "its supervisor ended"
        return None
