"""What a watcher of a grading is told, and when. Pure: states and progress go in, server-sent events come out.

    event: queued    {"position": 3}       again whenever it changes; whoever comes later is told that it was the next
    event: started   {"attempt": 1}        again whenever it starts anew: tests told before it no longer count
    event: test      assessor: {"id", "requirement", "status", "duration_s"}; candidate: {"requirement", "status"}
                     nothing, where a candidate does not see which requirements are met
    event: grade     the grade as the watcher may see it; the stream ends
    event: error     {"message"}; the stream ends

A candidate's own code runs while the tests do, and could send word of what it is asked by how long it takes; and the
hidden tests' order is nobody's business. So candidates get the tests of each second of the clock together, the same for
all who watch, in an order that says nothing. Their tests have no ids: one who comes back is told of the start and of
all tests again, since going on after the n-th would tell which was the n-th.

The same progress may come from two places, Redis and the database, each with gaps of its own. So every test comes with
its run and its number in that run (`store.progress.Place`), and is told once, whoever brought it first.

An assessor's id is `<attempt>-<run>.<part>-<n>`: the tests 1 to n of that run are told.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.progress import Place, Run

#: The grid, in seconds of the clock, on which candidates are told of tests.
GRID_S = 1.0
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

    def __init__(
        self, attempt: int, *, for_candidate: bool, tells_tests: bool = True, seen: Place | None = None
    ) -> None:
        """`seen`: the client that comes back has this test and those before it in its run. Not for candidates.

        `tells_tests`: whether how single tests end is for this watcher.
        """
        self._attempt = attempt
        self._for_candidate = for_candidate
        self._tells_tests = tells_tests
        seen = None if for_candidate else seen
        self._run = seen.run if seen is not None else None
        self._told_to = seen.number if seen is not None else 0
        self._told_beyond: set[int] = set()
        self._position: int | None = None
        self._waiting: list[tuple[int, Event]] = []

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
        was_next = self.queued(1) if self._run is None and self._position is None else []
        self._run = run
        self._told_to = 0
        self._told_beyond.clear()
        self._waiting.clear()
        self._position = None
        return [*was_next, Event("started", {"attempt": self._attempt})]

    def test(self, place: Place, data: Mapping[str, Any], now_s: float) -> list[Event]:
        """A hidden test has ended. `now_s`: seconds of the clock, the same for all who watch."""
        events = self.began(place.run)
        if not self._tells_tests or place.run != self._run or not self._note(place.number):
            return events
        if not self._for_candidate:
            shown = {key: data.get(key) for key in ("id", "requirement", "status", "duration_s")}
            return [
                *events,
                Event("test", shown, f"{self._attempt}-{place.run.number}.{place.run.part}-{self._told_to}"),
            ]
        shown = {key: data.get(key) for key in ("requirement", "status")}
        self._waiting.append((_slot(now_s), Event("test", shown)))
        return events

    def _note(self, number: int) -> bool:
        """Whether this test of the run is news."""
        if number <= self._told_to or number in self._told_beyond:
            return False
        self._told_beyond.add(number)
        while self._told_to + 1 in self._told_beyond:
            self._told_to += 1
            self._told_beyond.remove(self._told_to)
        return True

    def due(self, now_s: float) -> list[Event]:
        """A candidate's tests of the seconds that are over."""
        return self._flush(_slot(now_s))

    def grade(self, grade: Mapping[str, Any]) -> list[Event]:
        """The grade, after every test that still waits. The last of the stream."""
        return [*self._flush(), Event("grade", grade, f"{self._attempt}-end")]

    def error(self, message: str) -> list[Event]:
        """The platform could not grade. The last of the stream."""
        return [*self._flush(), Event("error", {"message": message}, f"{self._attempt}-end")]

    def _flush(self, before: int | None = None) -> list[Event]:
        ripe = [event for slot, event in self._waiting if before is None or slot < before]
        self._waiting = [] if before is None else [item for item in self._waiting if item[0] >= before]
        return sorted(ripe, key=lambda event: (str(event.data["requirement"]), str(event.data["status"])))


def _slot(now_s: float) -> int:
    return math.floor(now_s / GRID_S)
