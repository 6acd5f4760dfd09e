"""What the host decides while a suite runs: a state machine without I/O.

Frames come in by `from_grader` and `from_app`; what is to be sent lies in `to_grader` and `to_app` afterwards. Time
comes in by `tick`. The app's side is hostile: an answer counts only if it names, by an id that can't be guessed, an
operation that waits for it, and has exactly the form that operation's answer has. The rest is refused and counted.

Deadlines, inner first: an operation's here; a test's in the grader, and here `SLACK_S` later; the whole grading's here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runner.grading.report import Observer, Outcome, RunReport, TestReport, TestStatus, Work
from runner.inside.frames import Frame
from runner.limits import MIB, SLACK_S
from runner.sandbox.answers import COUNTED, check_answer, check_counts, clean
from runner.sandbox.desk import ID_BYTES, Desks, NoSuchServer
from runner.sandbox.ending import all_tests, exchange, gravest
from runner.sandbox.opening import allowed_s, load_frame, suite_frame

#: Frames of the app that fit nothing; one more and the app's container is given up.
MOST_REFUSED = 64
MOST_TESTS = 2_000
#: What one test may ask of the app: an app can lead a test that follows it on for ever, and the grader keeps all of it.
MOST_TEST_OPERATIONS = 10_000
#: The part of the grader's memory that the answers to one test may take.
_ANSWERS_SHARE = 4
_KEPT_OUTPUT = 64 * 1024
#: Output kept of all tests together.
_MOST_KEPT_OUTPUT = 4 * MIB
#: What is told of a run beside its tests. The first row is counted here.
_FACTS = (
    *("frames_refused", "answers_rubbish", "answers_too_large", "container_given_up", "kills_for_memory"),
    *("processes_left_over", *COUNTED),
)
_FORWARDED = {"request", "call", "clock", "statements", "logs", "instance", "open", "close", "database", "redis"}


class GraderBroke(Exception):
    """The trusted side said or did what it never should: a fault of the suite or the platform."""

    def __init__(self, message: str, *, suite: bool = False) -> None:
        super().__init__(message)
        self.suite = suite


@dataclass(slots=True)
class _Pending:
    grader_id: int
    fields: Mapping[str, Any]
    deadline: float
    test: str | None
    body: bytes = b""


class Relay:
    """One run of one suite."""

    def __init__(self, work: Work, observe: Observer, clock: Callable[[], float]) -> None:
        self._work = work
        self._limits = work.limits
        self._observe = observe
        self._clock = clock
        self.to_app: list[Frame] = []
        self.to_grader: list[Frame] = []
        self.servers = Desks(work.services, clock, self._to_grader)
        self.give_up_app = False
        #: Whether a request or call was not answered in time: what hangs or computes without end is to hinder nobody.
        self.app_was_late = False
        self.finished = False
        self._done = False
        self._pending: dict[str, _Pending] = {}
        self._handles = 0
        self._collected: dict[str, str | None] = {}
        self._tests: dict[str, TestReport] = {}
        self._current: str | None = None
        self._output: dict[str, str] = {}
        self._output_room = _MOST_KEPT_OUTPUT
        self._test_operations = 0
        self._test_bytes = 0
        self._app_gone: str | None = None
        self._outcomes: list[tuple[Outcome, str]] = []
        self._facts = dict.fromkeys(_FACTS, 0)
        self._oom_kills = 0
        self._started_at = clock()
        self._loaded_at: float | None = None
        self._collected_at: float | None = None
        self._test_deadline: float | None = None
        self._load_deadline = self._started_at + self._limits.app_start_s + SLACK_S
        self._grading_deadline = self._started_at + self._limits.grading_s
        self.to_app.append(load_frame(self._work))
        self.to_grader.append(suite_frame(self._work))

    # -- the grader ------------------------------------------------------------------------------------------

    def from_grader(self, frame: Frame) -> None:
        """Take a frame of the grader. Raises GraderBroke."""
        fields = frame.fields
        if frame.type == "op" and fields.get("op") in _FORWARDED:
            self._operate(frame)
        elif frame.type == "test_start":
            self._current = str(fields["id"])
            self._test_deadline = self._clock() + self._limits.test_s + SLACK_S
            self._test_operations = self._test_bytes = 0
        elif frame.type == "test_end":
            self._test_ended(fields)
        elif frame.type == "collected":
            self._collect(fields["tests"])
        elif frame.type == "done":
            self._done = True
            self._finish_when_closed()
        elif frame.type == "broken":
            raise GraderBroke(str(fields.get("message")), suite=True)
        else:
            raise GraderBroke(f"the grader sent a frame of type {frame.type!r}")

    def _collect(self, tests: list[list[Any]]) -> None:
        if self._collected or len(tests) > MOST_TESTS:
            raise GraderBroke(f"the suite has {len(tests)} tests, or was collected twice", suite=True)
        self._collected = {str(test): (None if name is None else str(name)) for test, name in tests}
        self._collected_at = self._clock()
        self._observe("collected", {"tests": len(self._collected)})

    def _test_ended(self, fields: Mapping[str, Any]) -> None:
        identity = str(fields["id"])
        if identity not in self._collected or identity in self._tests:
            raise GraderBroke(f"the grader reported {identity!r}, which was not expected")
        report = TestReport(
            id=identity,
            status=TestStatus(fields["status"]),
            duration_s=float(fields["duration_s"]),
            requirement=self._collected[identity],
            message=fields.get("message"),
            detail=fields.get("detail"),
            app_output=self._output.pop(identity, None),
        )
        self._tests[identity] = report
        self._current, self._test_deadline = None, None
        self._observe(
            "test",
            {
                "id": identity,
                "requirement": report.requirement,
                "status": report.status.value,
                "duration_s": report.duration_s,
            },
        )

    def _operate(self, frame: Frame) -> None:
        fields = {key: value for key, value in frame.fields.items() if key != "id"}
        grader_id = int(frame.fields["id"])
        operation = fields["op"]
        if self._app_gone is not None:
            self._tell_fault(grader_id, "died", self._app_gone)
            return
        self._test_operations += 1
        if self._test_operations > MOST_TEST_OPERATIONS and operation != "close":
            self._tell_fault(
                grader_id, "too_large", f"The app led the test through over {MOST_TEST_OPERATIONS} requests"
            )
            return
        try:
            if self.servers.take(grader_id, operation, fields, self._limits.request_s):
                return
        except NoSuchServer as error:
            raise GraderBroke(str(error), suite=True) from None
        if operation == "open":
            self._handles = 0
        deadline = self._clock() + allowed_s(operation, self._limits)
        identity = secrets.token_hex(ID_BYTES)
        self._pending[identity] = _Pending(grader_id, fields, deadline, self._current, frame.body)
        self.to_app.append(Frame("op", {**fields, "id": identity}, frame.body))

    def _to_grader(self, grader_id: int, answer: Frame) -> None:
        self.to_grader.append(Frame("answer", {**answer.fields, "id": grader_id}, answer.body))

    # -- the challenge's own servers -------------------------------------------------------------------------

    def from_server(self, name: str, frame: Frame) -> None:
        """Take a frame of a server's container."""
        desk = self.servers[name]
        if not desk.answered(frame):
            self.app_ended(f"The app's {desk.service.noun} sent what fits no question", Outcome.CRASHED)

    # -- the app ---------------------------------------------------------------------------------------------

    def from_app(self, frame: Frame) -> None:
        """Take a frame of the app's container, believing none of it."""
        if frame.type == "loaded" and self._loaded_at is None:
            self._loaded(frame)
            return
        identity = frame.fields.get("id") if frame.type == "answer" else None
        pending = self._pending.pop(identity, None) if isinstance(identity, str) else None
        if pending is None:
            self._facts["frames_refused"] += 1
            if self._facts["frames_refused"] > MOST_REFUSED:
                self.app_ended("The app's container sent what fits no request", Outcome.CRASHED)
            return
        self._answered(pending, frame)

    def _loaded(self, frame: Frame) -> None:
        self._loaded_at = self._clock()
        self._note_oom(frame.fields)
        try:
            self._note_counts(check_counts(frame.fields.get("counts", {})))
        except ValueError:
            self._facts["frames_refused"] += 1
        if frame.fields.get("ok") is True:
            self.servers.keep()
            return
        message = clean(frame.fields.get("message"), 1000) or "The app did not start"
        timed_out = frame.fields.get("kind") == "timed_out"
        self._end_with(Outcome.TIMED_OUT if timed_out else Outcome.CRASHED, message)
        detail = clean(frame.fields.get("detail"), 10_000)
        printed = frame.body[:_KEPT_OUTPUT].decode("utf-8", "replace")
        self._output[""] = "\n".join(part for part in (printed, detail) if part)

    def _answered(self, pending: _Pending, frame: Frame) -> None:
        answer = check_answer(pending.fields["op"], frame, self._limits.response_kb * 1024)
        self._note_oom(frame.fields)
        operation = pending.fields["op"]
        fields, body = dict(answer.fields), answer.body
        if fields["ok"]:
            if operation in ("open", "instance"):
                if fields["handle"] != self._handles:
                    fields = {"ok": False, "fault": "rubbish", "message": "The app's container lost count"}
                self._handles += 1
            elif operation == "request" and self._work.watch is not None:
                self._work.watch(exchange(pending.test, pending.fields, pending.body, fields["status"], body))
            elif operation == "close":
                self._facts["processes_left_over"] += fields["left_over"]
                self._note_counts(fields["counts"])
                if pending.test is not None and body:
                    self._keep_output(pending.test, body[:_KEPT_OUTPUT].decode("utf-8", "replace"))
                fields, body = {"ok": True}, b""
            self._test_bytes += len(body)
            if self._test_bytes > self._limits.memory_mb * MIB // _ANSWERS_SHARE:
                message = "The app's answers to one test are larger than any test asks for"
                fields, body = {"ok": False, "fault": "too_large", "message": message}, b""
        elif fields.get("fault") in ("died", "rubbish"):
            self._end_with(Outcome.CRASHED, fields["message"])
        if fields.get("fault") in ("rubbish", "too_large"):
            self._facts[f"answers_{fields['fault']}"] += 1
        self.servers.follow(pending.grader_id, operation, pending.fields, Frame("answer", fields, body))
        self._finish_when_closed()

    def _keep_output(self, test: str, text: str) -> None:
        """The grader does not wait for a close: what the app printed may come after the test's end."""
        text = text[: self._output_room]
        self._output_room -= len(text)
        if test in self._tests:
            self._tests[test] = replace(self._tests[test], app_output=text)
        else:
            self._output[test] = text

    def _finish_when_closed(self) -> None:
        if self._done and not any(pending.fields["op"] == "close" for pending in self._pending.values()):
            self.finished = True

    def _note_counts(self, counts: Mapping[str, int]) -> None:
        """Totals so far: what was once told can't be taken back."""
        for name, count in counts.items():
            self._facts[name] = max(self._facts[name], count)

    def _note_oom(self, fields: Mapping[str, Any]) -> None:
        kills = fields.get("oom_kills")
        if type(kills) is int and kills > self._oom_kills:
            self._oom_kills = kills
            self._end_with(Outcome.OUT_OF_MEMORY, f"The app used more than {self._limits.memory_mb} MB of memory")

    def _kills_for_memory(self) -> int:
        """The container's own end for memory is one that nobody inside could count."""
        ended = any(outcome is Outcome.OUT_OF_MEMORY for outcome, _ in self._outcomes)
        return min(max(self._oom_kills, int(ended)), 2**31 - 1)

    def app_ended(self, message: str, outcome: Outcome) -> None:
        """The app's container is gone, or is given up: every operation on it fails from now on."""
        if self._app_gone is not None:
            return
        self._app_gone = message
        self.give_up_app = True
        self._facts["container_given_up"] = 1
        self._end_with(outcome, message)
        for grader_id in [*(pending.grader_id for pending in self._pending.values()), *self.servers.closed()]:
            self._tell_fault(grader_id, "died", message)
        self._pending.clear()
        self._finish_when_closed()

    def _tell_fault(self, grader_id: int, kind: str, message: str) -> None:
        self.to_grader.append(Frame("answer", {"id": grader_id, "ok": False, "fault": kind, "message": message}))

    def _end_with(self, outcome: Outcome, message: str) -> None:
        self._outcomes.append((outcome, message))

    # -- time ------------------------------------------------------------------------------------------------

    def next_deadline(self) -> float:
        """When `tick` must be called at the latest."""
        deadlines = [self._grading_deadline, *(pending.deadline for pending in self._pending.values())]
        if self._loaded_at is None and self._app_gone is None:
            deadlines.append(self._load_deadline)
        if self._test_deadline is not None:
            deadlines.append(self._test_deadline)
        return min(*deadlines, self.servers.next_deadline())

    def tick(self) -> None:
        """Let what is overdue happen."""
        now = self._clock()
        if self._loaded_at is None and self._app_gone is None and now >= self._load_deadline:
            self.app_ended("The app did not start, and its container stopped answering", Outcome.TIMED_OUT)
        if stopped := self.servers.overdue():
            self.app_ended(stopped, Outcome.TIMED_OUT)
        for identity in [key for key, pending in self._pending.items() if now >= pending.deadline]:
            pending = self._pending.pop(identity, None)
            if pending is not None:
                self._overdue(pending)
        if now >= self._grading_deadline:
            self._stop(f"The whole run took longer than {self._limits.grading_s:g} s")
        elif self._test_deadline is not None and now >= self._test_deadline:
            self._stop("A test could not be ended in time")

    def _overdue(self, pending: _Pending) -> None:
        operation = pending.fields["op"]
        if operation in ("open", "instance", "close"):
            self._tell_fault(pending.grader_id, "timed_out", "The app's container stopped answering")
            self.app_ended("The app's container stopped answering", Outcome.TIMED_OUT)
            return
        message = f"The app did not answer a request within {self._limits.request_s:g} s"
        self.app_was_late = True
        self._end_with(Outcome.TIMED_OUT, message)
        self._tell_fault(pending.grader_id, "timed_out", message)
        if operation != "logs":
            self.to_app.append(Frame("op", {"id": "", "op": "abort", "handle": pending.fields.get("handle", 0)}))

    def _stop(self, message: str) -> None:
        self._end_with(Outcome.TIMED_OUT, message)
        self.finished = True

    # -- the end ---------------------------------------------------------------------------------------------

    def report(self, *, warm: bool, warm_up_s: float) -> RunReport:
        """The run as it ended. Tests that were collected and not reported did not run."""
        now = self._clock()
        ready = max(self._loaded_at or self._started_at, self._collected_at or self._started_at)
        outcome, message = gravest(self._outcomes)
        return RunReport(
            outcome=outcome,
            outcome_message=message,
            collected=self._collected,
            tests=all_tests(self._collected, self._tests),
            startup_s=ready - self._started_at + warm_up_s,
            tests_s=max(0.0, now - ready),
            warm=warm,
            facts={**self._facts, "kills_for_memory": self._kills_for_memory()},
            phases={
                "pair_s": warm_up_s,
                "app_load_s": (self._loaded_at or now) - self._started_at,
                "collect_s": (self._collected_at or now) - self._started_at,
                "tests_s": max(0.0, now - ready),
            },
            start_output=self._output.get(""),
        )
