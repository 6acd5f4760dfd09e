"""What PID 1 of the app container counts of a run, beside the answers. Every count only grows."""

from __future__ import annotations

import os
import signal
from collections import Counter

from runner.inside import processes
from runner.inside.attempts import KINDS, told_through

#: A count stops here: what floods has been told.
MOST_COUNTED = 100_000
_CHUNK = 65536


class Tally:
    """Counts by name: see docs/integrity.md. `told_fd` is where the app's processes tell of attempts."""

    def __init__(self) -> None:
        self._socket, self._told = told_through()
        self._counts: Counter[str] = Counter()
        self._dead: set[int] = set()
        self._forks_refused_before = processes.forks_refused()

    @property
    def told_fd(self) -> int:
        """For the template and its forks."""
        return self._told.fileno()

    @property
    def read_fd(self) -> int:
        """Becomes readable when something was told."""
        return self._socket.fileno()

    def leave(self) -> None:
        """In a fork: let go of the end that is read."""
        self._socket.close()

    def read(self) -> None:
        """Take what was told until now."""
        try:
            told = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return
        for kind, name in KINDS.items():
            self._add(name, told.count(kind))

    def ended(self, pid: int, status: int | None) -> None:
        """A process ended with this wait status; the same process may be told of more than once."""
        if status is None or not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGSYS:
            return
        if pid not in self._dead and len(self._dead) < MOST_COUNTED:
            self._dead.add(pid)
            self._add("forbidden_calls", 1)

    def dropped(self, count: int) -> None:
        """So many bytes of output were over the cap."""
        self._add("output_dropped_bytes", count)

    def counts(self) -> dict[str, int]:
        """All that was counted until now, zeros left out."""
        self.read()
        for pid, status in processes.take_ends():
            self.ended(pid, status)
        refused = min(processes.forks_refused() - self._forks_refused_before, MOST_COUNTED)
        return dict(+self._counts) | ({"forks_refused": refused} if refused > 0 else {})

    def _add(self, name: str, count: int) -> None:
        most = 2**31 - 1 if name == "output_dropped_bytes" else MOST_COUNTED
        self._counts[name] = min(self._counts[name] + count, most)
