"""Tells of a grading's progress from a thread of its own: what Redis or a name server takes its time for is not to be
taken from the time that the candidate's app has.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from store.progress import GradingProgress

#: How long the end of a grading waits until all is told. Whoever watches has the rest from the database.
PATIENCE_S = 5.0


class Telling:
    """Publishes in the order given, while entered. A grading's entries are few, so nothing limits how many wait."""

    def __init__(self, progress: GradingProgress, patience_s: float = PATIENCE_S) -> None:
        self._progress = progress
        self._patience_s = patience_s
        self._entries: SimpleQueue[tuple[str, Mapping[str, Any]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._tell, name="progress", daemon=True)

    def publish(self, kind: str, data: Mapping[str, Any]) -> None:
        """Have it published soon. Never waits, and never raises."""
        self._entries.put((kind, data))

    def __enter__(self) -> Telling:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entries.put(None)
        self._thread.join(self._patience_s)

    def _tell(self) -> None:
        while (entry := self._entries.get()) is not None:
            self._progress.publish(*entry)
