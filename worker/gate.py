"""Whether a slot may take gradings. One whose engine or database is down would run through the whole queue in vain."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from runner.errors import PlatformFault

_log = logging.getLogger(__name__)
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 5.0


class Gate:
    """Open until `shut`; opens again when every check passes."""

    def __init__(self, checks: Sequence[Callable[[], None]], stopping: threading.Event) -> None:
        """`checks` raise PlatformFault while something is not there. Pauses end early when `stopping` is set."""
        self._checks = checks
        self._stopping = stopping
        self._shut = threading.Event()
        self._rests_until = 0.0
        self._pause_s = FIRST_PAUSE_S

    def shut(self) -> None:
        """A grading was given back because something was not there."""
        self._shut.set()

    def rest(self, seconds: float) -> None:
        """Take nothing for so long, though nothing is amiss."""
        self._rests_until = time.monotonic() + seconds

    def passes(self) -> bool:
        """Whether a grading may be taken now. When it may not, returns after a pause that grows."""
        if (rest_s := self._rests_until - time.monotonic()) > 0:
            self._stopping.wait(rest_s)
            return False
        if not self._shut.is_set():
            return True
        try:
            for check in self._checks:
                check()
        except PlatformFault as fault:
            first = self._pause_s == FIRST_PAUSE_S
            _log.log(logging.WARNING if first else logging.DEBUG, "no grading is taken: %s", fault)
            self._stopping.wait(self._pause_s)
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            return False
        _log.info("gradings are taken again")
        self._shut.clear()
        self._pause_s = FIRST_PAUSE_S
        return True
