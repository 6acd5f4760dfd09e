"""Who read which grade, for the audit trail.

An assessor's reading is written each time: their view has the hidden tests' names, assertions and output. A candidate
reads their own, redacted; a page that polls would fill the trail with it, so it is written once a minute and grading.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

AGAIN_S = 60.0
#: Readings remembered at most; with more candidates at once, some are written more often than they need be.
_MOST = 10_000


class Readings:
    """Remembers what was written a moment ago. For one process; threads may share it."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._written_s: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, reader: str, what: str) -> bool:
        """Whether it is to be written: true once in `AGAIN_S` for each reader and thing."""
        with self._lock:
            now_s, key = self._clock_s(), (reader, what)
            written_s = self._written_s.get(key)
            if written_s is not None and now_s - written_s < AGAIN_S:
                return False
            self._written_s[key] = now_s
            self._written_s.move_to_end(key)
            if len(self._written_s) > _MOST:
                self._written_s.popitem(last=False)
            return True
