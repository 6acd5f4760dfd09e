"""What a supervisor does beside its slots: the reconciler and the reaper, each at its own pace, in a thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from runner.errors import PlatformFault

_log = logging.getLogger(__name__)


class Chore:
    """Something to do every `every_s` seconds. A fault of the platform is told once and tried again the next time."""

    def __init__(self, name: str, every_s: float, do: Callable[[], object]) -> None:
        self.name = name
        self.every_s = every_s
        self._do = do
        self._due_at = time.monotonic()
        self._failed = False

    def due_in_s(self) -> float:
        """Seconds until it is due; not above zero when it is."""
        return self._due_at - time.monotonic()

    def hurry(self) -> None:
        """Make it due now."""
        self._due_at = time.monotonic()

    def do(self) -> None:
        """Do it; the next time is counted from its start."""
        self._due_at = time.monotonic() + self.every_s
        try:
            self._do()
        except PlatformFault as fault:
            _log.log(logging.DEBUG if self._failed else logging.WARNING, "%s: %s", self.name, fault)
            self._failed = True
        except Exception:
            # Without this thread nothing that the queue loses comes back.
            _log.exception("%s: a fault in Mendbox itself", self.name)
        else:
            self._failed = False


class Housekeeper:
    """Runs chores in a thread while entered."""

    def __init__(self, chores: list[Chore]) -> None:
        self._chores = chores
        self._change = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def hurry(self, name: str) -> None:
        """Have the chore of that name done as soon as may be."""
        with self._change:
            for chore in self._chores:
                if chore.name == name:
                    chore.hurry()
            self._change.notify_all()

    def __enter__(self) -> Housekeeper:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._change:
            self._closing = True
            self._change.notify_all()
        # A chore may wait for an engine that does not answer; the thread is a daemon and ends with the process.
        self._thread.join(5.0)

    def _run(self) -> None:
        while True:
            with self._change:
                if self._closing:
                    return
                due = [chore for chore in self._chores if chore.due_in_s() <= 0]
                if not due:
                    self._change.wait(max(0.0, min(chore.due_in_s() for chore in self._chores)))
                    continue
            for chore in due:
                chore.do()
