"""What a watcher of a grading is told, and when. Pure: states and progress go in, server-sent events come out.

    event: queued    {"position": 3}       again whenever it changes
    event: started   {"attempt": 1}        again whenever it starts anew: tests told before it no longer count
    event: test      assessor: {"id", "requirement", "status", "duration_s"}; candidate: {"requirement", "status"}
    event: grade     the grade as the watcher may see it; the stream ends
    event: error     {"message"}; the stream ends

A candidate's own code runs while the tests do, and could send word of what it is asked by how long it takes. So
candidates get tests gathered over a second, in an order that says nothing, and ids that hold no time.

The same progress may come from two places, Redis and the database, each with gaps of its own. So every test comes with
its run and its number in that run (`store.progress.Place`), and is told once, whoever brought it first.

An id is `<attempt>-<run>.<part>-<n>`: the tests 1 to n of that run are told. Of a candidate's batch only the last event
has one: a client that lost the connection in the middle of a batch gets the whole batch again, never less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.progress import Place, Run

#: How long a candidate's tests are gathered before they are told.
BATCH_S = 1.0
_NUMBER = r"(\d{1,9})"
_ID = re.compile(rf"{_NUMBER}-(?:{_NUMBER}\.{_NUMBER}-{_NUMBER}|end)", re.ASCII)


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
    """Where a client that comes back stopped: the last test up to which it has all. None: it has seen the end."""

    attempt: int
    seen: Place | None


def resume_point(last_event_id: str | None) -> ResumePoint | None:
    """Read a `Last-Event-ID`; None for one that is absent or not ours."""
    match = _ID.fullmatch(last_event_id or "")
    if match is None:
        return None
    attempt, *place = match.groups()
    if place[0] is None:
        return ResumePoint(int(attempt), None)
    run, part, number = map(int, place)
    return ResumePoint(int(attempt), Place(Run(run, part), number))


class Narrator:
    """Tells one watcher about one grading."""

    def __init__(self, attempt: int, *, for_candidate: bool, seen: Place | None = None) -> None:
        """`seen`: the client that comes back has this test and those before it in its run."""
        self._attempt = attempt
        self._for_candidate = for_candidate
        self._run = seen.run if seen is not None else None
        self._told = set(range(1, seen.number + 1)) if seen is not None else set()
        self._position: int | None = None
        self._batch: list[Event] = []
        self._batch_began_s = 0.0

    def queued(self, position: int) -> list[Event]:
        """The grading waits, with `position` others to be started up to and with it."""
        if position == self._position:
            return []
        self._position = position
        return [Event("queued", {"position": position})]

    def began(self, run: Run) -> list[Event]:
        """A run of the grading has begun. Told once; nothing of an earlier run is told any more."""
        if self._run is not None and run <= self._run:
            return []
        self._run = run
        self._told = set()
        self._batch = []
        self._position = None
        return [Event("started", {"attempt": self._attempt})]

    def test(self, place: Place, data: Mapping[str, Any], now_s: float) -> list[Event]:
        """A hidden test has ended."""
        events = self.began(place.run)
        if place.run != self._run or place.number in self._told:
            return events
        self._told.add(place.number)
        if not self._for_candidate:
            shown = {key: data.get(key) for key in ("id", "requirement", "status", "duration_s")}
            return [*events, Event("test", shown, self._id())]
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
            batch[-1] = Event(last.name, last.data, self._id())
        return batch

    def _id(self) -> str:
        assert self._run is not None
        without_gap = 0
        while without_gap + 1 in self._told:
            without_gap += 1
        return f"{self._attempt}-{self._run.number}.{self._run.part}-{without_gap}"
