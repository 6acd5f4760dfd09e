"""Holding a grading: the claim is kept alive by a thread while the job runs, and can be let go from any thread.

The thread says every third of the lease that the worker lives, and takes along what has been observed since, so the
database knows of a long grading's tests while it runs; what comes after is stored with the grade.

It also is the last of the nested deadlines: a job that is not done when every inner deadline has passed is stuck, and a
heartbeat would keep the grading from others for ever. A thread of its own watches that: a heartbeat may be stuck, too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from runner.errors import PlatformFault
from store.records import Claim
from store.store import Store

_log = logging.getLogger(__name__)
#: Until the grading's own limits are known: reading a submission and a package takes milliseconds.
FIRST_DEADLINE_S = 120.0


class Hold:
    """One claimed grading, while entered."""

    def __init__(self, store: Store, claim: Claim, on_stuck: Callable[[], None]) -> None:
        """`on_stuck` is called from a thread of its own when the deadline has passed; it need not return."""
        self.claim = claim
        self._store = store
        self._on_stuck = on_stuck
        self._deadline = time.monotonic() + FIRST_DEADLINE_S
        self._done = threading.Event()
        self._events: list[tuple[str, Mapping[str, Any]]] = []
        self._storing = threading.Lock()
        self._threads = (
            threading.Thread(target=self._beat, name="heartbeat", daemon=True),
            threading.Thread(target=self._watch, name="deadline", daemon=True),
        )

    def expect_end_within(self, seconds: float) -> None:
        """Set the deadline anew, once the grading's own limits are known."""
        self._deadline = time.monotonic() + seconds

    def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Have the next heartbeat store this event."""
        self._events.append((kind, data))

    def take_unstored(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What is noted and not stored, to be stored with the grade. Waits while a heartbeat stores some."""
        with self._storing:
            events, self._events = self._events, []
        return events

    def give_back(self, reason: str) -> bool:
        """Let the grading go, uncounted. False when it was no longer ours. Raises PlatformFault."""
        return self._store.claims.give_back(self.claim, reason)

    def record_error(self, reason: str) -> bool:
        """Let the grading go, counted as a try. False when it was no longer ours. Raises PlatformFault."""
        return self._store.claims.record_error(self.claim, reason) is not None

    def __enter__(self) -> Hold:
        try:
            for thread in reversed(self._threads):
                thread.start()
        except BaseException:
            # Else the one that was started would keep the grading from others for ever.
            self._done.set()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _watch(self) -> None:
        """Asks nobody and waits for nothing but time, so that nothing can keep it from seeing the deadline pass."""
        while not self._done.wait(self.claim.policy.lease_s / 3):
            if time.monotonic() > self._deadline:
                self._on_stuck()
                return

    def _beat(self) -> None:
        while not self._done.wait(self.claim.policy.lease_s / 3):
            try:
                held = self._extend()
            except PlatformFault as fault:
                _log.warning("grading %s: no heartbeat: %s", self.claim.grading_id, fault)
                continue
            if not held:
                # The job goes on to its end: its grade will not be recorded, and nothing it does is seen.
                _log.warning("grading %s was given to another worker", self.claim.grading_id)
                return

    def _extend(self) -> bool:
        with self._storing:
            count = len(self._events)
            if not count:
                return self._store.claims.heartbeat(self.claim)
            # Taken off the list only once stored; the job may have added more meanwhile.
            held = self._store.events.append(self.claim, self._events[:count])
            del self._events[:count]
            return held


class HoldSlot:
    """Where the job leaves its hold for other threads of the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hold: Hold | None = None

    def put(self, hold: Hold | None) -> None:
        """The job holds this now; None: nothing."""
        with self._lock:
            self._hold = hold

    def get(self) -> Hold | None:
        """What the job holds now."""
        with self._lock:
            return self._hold
