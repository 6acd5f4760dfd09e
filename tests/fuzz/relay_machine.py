"""Plays a whole run of the relay from bytes: an honest grader, and an app's container that sends anything at any time.

What holds, whatever the app does: no exception; every test ends as the grader said and no other way; each operation is
answered once at most, by a frame that can be sent; what is kept is bounded.
"""

from __future__ import annotations

import json
from typing import Any

from runner.grading.report import Outcome, RunReport, TestStatus
from runner.inside.frames import Frame, FrameRefused, encode, parse
from runner.sandbox.relay import MOST_REFUSED
from tests.support.relays import PlayedRelay

_OPERATIONS = ("request", "call", "clock", "statements", "logs", "instance", "open", "close")
_STATUSES = ("passed", "failed", "error", "not_run")
_KINDS = ("answer", "loaded", "done", "test_end", "collected", "op", "")
_TESTS = tuple(f"test_a.py::test_{number}" for number in range(4))
_GOOD: dict[str, dict[str, Any]] = {
    "request": {"status": "200 OK", "headers": [["Set-Cookie", "a=1"]]},
    "clock": {"now": 1.5},
    "statements": {"mark": 1},
    "close": {"left_over": 1},
}
_LONGEST_STEP_S = 3


class Bytes:
    """Decisions from a fuzzer's bytes; zeros once they are used up."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> bool:
        """Whether there is anything more."""
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        """The next bytes, as far as there are any."""
        piece = self._data[self._at : self._at + count]
        self._at += count
        return piece

    def below(self, most: int) -> int:
        """A number from 0."""
        piece = self.take(1)
        return piece[0] % most if piece else 0


class Machine:
    """One run."""

    def __init__(self, data: bytes) -> None:
        self._bytes = Bytes(data)
        self._played = PlayedRelay()
        self._relay = self._played.relay
        self._asked: dict[str, str] = {}
        self._answered: dict[int, int] = {}
        self._handles = 0
        self._sent = 0
        self._started: str | None = None
        self._expected: dict[str, str] = {}
        self._done = False

    def run(self) -> RunReport:
        """Play until the bytes or the run are over, and check what must hold after each step."""
        self._played.grader("collected", tests=[[test, "R1"] for test in _TESTS])
        steps = (self._grader, self._grader, self._app, self._app, self._honest_app, self._time)
        while self._bytes.left and not self._relay.finished:
            steps[self._bytes.below(len(steps))]()
            self._check()
        report = self._played.report()
        self._check_report(report)
        return report

    # -- the honest grader -----------------------------------------------------------------------------------

    def _grader(self) -> None:
        choice = self._bytes.below(12)
        if self._done:
            return
        if choice >= 4:
            self._played.ids += 1
            op = _OPERATIONS[choice - 4]
            self._played.grader("op", id=self._played.ids, op=op, handle=self._bytes.below(3))
            self._answered[self._played.ids] = 0
        elif choice == 3 and self._started is None and len(self._expected) == len(_TESTS):
            self._done = True
            self._played.grader("done", exit=0)
        elif self._started is not None:
            status = _STATUSES[self._bytes.below(len(_STATUSES))]
            self._expected[self._started] = status
            self._played.grader("test_end", id=self._started, status=status, duration_s=0.1, message="m", detail=None)
            self._started = None
        elif len(self._expected) < len(_TESTS):
            self._started = _TESTS[len(self._expected)]
            self._played.grader("test_start", id=self._started)

    # -- the app, which is not -------------------------------------------------------------------------------

    def _identity(self) -> Any:
        choice = self._bytes.below(8)
        known = list(self._asked)
        if known and choice < 5:
            return known[-1 - self._bytes.below(len(known))]
        return (None, 1, [known[-1:]], "")[choice % 4]

    def _app(self) -> None:
        raw = self._bytes.take(self._bytes.below(120))
        try:
            fields = parse(b'{"t":"x",' + raw + b"}", b"").fields
        except FrameRefused:
            fields = {}
        fields.setdefault("id", self._identity())
        self._send(Frame(_KINDS[self._bytes.below(len(_KINDS))], fields, self._bytes.take(self._bytes.below(40))))

    def _honest_app(self) -> None:
        identity = self._identity()
        op = self._asked.get(identity, "request") if isinstance(identity, str) else "request"
        fields = dict(_GOOD.get(op, {}))
        body = {"statements": b'["SELECT 1"]', "call": b"1", "request": b"hello"}.get(op, b"")
        if op in ("open", "instance"):
            self._handles = 0 if op == "open" else self._handles + 1
            fields["handle"] = self._handles
        if op != "request" or self._bytes.below(3):
            fields["ok"] = True
        else:
            fields |= {"fault": "died", "message": "gone", "oom_kills": self._bytes.below(2)}
        self._send(Frame("answer", {"id": identity, **fields}, body))

    def _send(self, frame: Frame) -> None:
        # After it gave the app up the host reads no more of it; what it had read before is still handed on.
        self._sent += 1
        self._relay.from_app(frame)

    def _time(self) -> None:
        self._played.wait(self._bytes.below(_LONGEST_STEP_S * 10) / 10)

    # -- what must hold --------------------------------------------------------------------------------------

    def _check(self) -> None:
        for frame in self._take(self._relay.to_app):
            assert frame.type == "op"
            assert set(frame.fields) == {"id", "op", "handle"}
            if frame.fields["op"] != "abort":
                assert frame.fields["id"] not in self._asked, "an id that was used before"
                self._asked[frame.fields["id"]] = frame.fields["op"]
        for frame in self._take(self._relay.to_grader):
            assert frame.type == "answer"
            self._answered[frame.fields["id"]] += 1
            assert self._answered[frame.fields["id"]] == 1, "an operation was answered twice"
            assert isinstance(frame.fields["ok"], bool)
            encode(frame)
        assert self._relay.next_deadline() <= 130.0
        if self._relay.give_up_app:
            assert all(self._answered.values()), "an operation of a dead app is left without an answer"

    @staticmethod
    def _take(frames: list[Frame]) -> list[Frame]:
        taken, frames[:] = list(frames), []
        return taken

    def _check_report(self, report: RunReport) -> None:
        assert {test.id: test.status.value for test in report.tests} == {
            test: self._expected.get(test, TestStatus.NOT_RUN.value) for test in _TESTS
        }
        assert report.facts["frames_refused"] <= self._sent
        if report.facts["frames_refused"] > MOST_REFUSED:
            assert report.outcome is not Outcome.COMPLETED
            assert self._relay.give_up_app
        assert len(json.dumps([test.app_output for test in report.tests])) < 10 * self._sent + 10_000
