"""What a watcher of a grading is told, and when. Pure: states and progress go in, server-sent events come out.

    event: queued    {"position": 3}       again whenever it changes
    event: started   {"attempt": 1}
    event: test      assessor: {"id", "requirement", "status", "duration_s"}; candidate: {"requirement", "status"}
    event: grade     the grade as the watcher may see it; the stream ends
    event: error     {"message"}; the stream ends

A candidate's own code runs while the tests do, and could send word of what it is asked by how long it takes. So
candidates get tests gathered over a second, in an order that says nothing, and ids that hold no time.

An id is `<attempt>-<tests told>`. Of a candidate's batch only the last event has one: a client that lost the
connection in the middle of a batch gets the whole batch again, never less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: How long a candidate's tests are gathered before they are told.
BATCH_S = 1.0
_ID = re.compile(r"(\d{1,9})-(\d{1,9}|end)")


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event."""

    name: str
    data: Mapping[str, Any]
    id: str | None = None

    def encode(self) -> bytes:
        """The event on the wire. JSON holds no line ends, so the data is one line."""
        head = f"id: {self.id}\n" if self.id is not None else ""
        data = json.dumps(self.data, separators=(",", ":"))
        return f"{head}event: {self.name}\ndata: {data}\n\n".encode()


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """Where a client that comes back stopped. `tests_told` is None when it has seen the end."""

    attempt: int
    tests_told: int | None


def resume_point(last_event_id: str | None) -> ResumePoint | None:
    """Read a `Last-Event-ID`; None for one that is absent or not ours."""
    match = _ID.fullmatch(last_event_id or "")
    if match is None:
        return None
    return ResumePoint(int(match[1]), None if match[2] == "end" else int(match[2]))


class Narrator:
    """Tells one watcher about one grading."""

    def __init__(self, attempt: int, *, for_candidate: bool, tests_to_skip: int = 0) -> None:
        self._attempt = attempt
        self._for_candidate = for_candidate
        self._to_skip = tests_to_skip
        self._told = 0
        self._position: int | None = None
        self._started = False
        self._batch: list[Event] = []
        self._batch_began_s = 0.0

    def queued(self, position: int) -> list[Event]:
        """The grading waits, with `position` others to be started up to and with it."""
        if position == self._position:
            return []
        self._position = position
        self._started = False
        return [Event("queued", {"position": position})]

    def started(self) -> list[Event]:
        """A worker has begun. Told once for each time it begins."""
        if self._started:
            return []
        self._started = True
        self._position = None
        return [Event("started", {"attempt": self._attempt})]

    def test(self, data: Mapping[str, Any], now_s: float) -> list[Event]:
        """A hidden test has ended."""
        events = self.started()
        self._told += 1
        if self._told <= self._to_skip:
            return events
        if not self._for_candidate:
            shown = {key: data.get(key) for key in ("id", "requirement", "status", "duration_s")}
            return [*events, Event("test", shown, f"{self._attempt}-{self._told}")]
        if not self._batch:
            self._batch_began_s = now_s
        self._batch.append(Event("test", {key: data.get(key) for key in ("requirement", "status")}))
        return events + self.due(now_s)

    def due(self, now_s: float) -> list[Event]:
        """A candidate's tests that wait, once it is time for them."""
        if not self._batch or now_s - self._batch_began_s < BATCH_S:
            return []
        return self._flush()

    def grade(self, grade: Mapping[str, Any]) -> list[Event]:
        """The grade, after every test that still waits. The last of the stream."""
        return [*self._flush(), Event("grade", grade, f"{self._attempt}-end")]

    def error(self, message: str) -> list[Event]:
        """The platform could not grade. The last of the stream."""
        return [*self._flush(), Event("error", {"message": message}, f"{self._attempt}-end")]

    def _flush(self) -> list[Event]:
        batch = sorted(self._batch, key=lambda event: (str(event.data["requirement"]), str(event.data["status"])))
        self._batch = []
        if batch:
            last = batch[-1]
            batch[-1] = Event(last.name, last.data, f"{self._attempt}-{self._told}")
        return batch
