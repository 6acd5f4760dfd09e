"""However an app ends, there is a typed outcome, a message for the candidate, and the other tests still run."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from runner.errors import PackageInvalid
from runner.grading.report import Observer, Outcome, RunReport, Work
from runner.limits import Limits
from runner.sandbox.engine import YIELDING_SHARE, Engine
from runner.sandbox.pair import Pair
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import start_pair
from tests.support.runtimes import Differs
from tests.support.sandboxes import Run, by_name, in_order, sample_tree, statuses

BEFORE_AND_AFTER = """
def test_before(client): assert client.get("/users/1").status_code == 200
def test_middle(client): client.get("{path}")
def test_after(client): assert client.get("/users/2").status_code == 200
"""
IN_ORDER = ("test_before", "test_middle", "test_after")


@pytest.mark.parametrize(
    ("path", "outcome", "message"),
    [
        ("/hang", Outcome.TIMED_OUT, "did not answer a request within {request_s:g} s"),
        ("/spin", Outcome.TIMED_OUT, "did not answer a request within {request_s:g} s"),
        ("/exit/3", Outcome.CRASHED, "exited with status 3"),
        ("/sys-exit", Outcome.CRASHED, "exited with status 4"),
        ("/memory", Outcome.OUT_OF_MEMORY, "more memory than it may"),
        ("/bomb", Outcome.TIMED_OUT, "did not answer a request within {request_s:g} s"),
    ],
)
def test_an_app_that_ends_in_a_request_fails_that_test_alone(
    impatient: Run, path: str, outcome: Outcome, message: str, differs: Differs
) -> None:
    if path == "/bomb":
        # On a busy machine it takes its time until all of the bomb's processes are gone and the app is there again.
        roomy = impatient.limits.model_copy(update={"app_start_s": 20.0, "grading_s": 90.0})
        impatient = replace(impatient, limits=roomy)
    report = in_order(impatient, *IN_ORDER)(BEFORE_AND_AFTER.format(path=path))
    after = "passed"
    if path == "/memory" and differs("memory"):
        outcome, message, after = Outcome.OUT_OF_MEMORY, "used more than 256 MB of memory", "error"
    if path == "/bomb" and differs("processes"):
        # A deadline, memory or processes: which ends first is a matter of chance, and so is whether a test is left.
        ended = statuses(report)
        assert (ended["test_before"], ended["test_middle"]) == ("passed", "error")
        assert report.outcome is not Outcome.COMPLETED
        return
    if "exited with" in message and differs("ends"):
        message = "ended while it was in use"
    assert statuses(report) == {"test_before": "passed", "test_middle": "error", "test_after": after}
    assert report.outcome is outcome
    assert message.format(**impatient.limits.model_dump()) in (by_name(report)["test_middle"].message or "")


@pytest.mark.parametrize("path", ["/large", "/endless"])
def test_an_answer_over_the_cap_is_a_fault_of_the_app(run: Run, path: str) -> None:
    report = in_order(run, *IN_ORDER)(BEFORE_AND_AFTER.format(path=path))
    assert statuses(report) == {"test_before": "passed", "test_middle": "error", "test_after": "passed"}
    assert "larger than" in (by_name(report)["test_middle"].message or "")


@pytest.mark.parametrize(
    ("source", "outcome", "message"),
    [
        (b"import nothing_like_this\n", Outcome.CRASHED, "ModuleNotFoundError: No module named 'nothing_like_this'"),
        (b"def create_app(:\n", Outcome.CRASHED, "SyntaxError: invalid syntax (shop/__init__.py, line 1)"),
        (b"x = 1\n", Outcome.CRASHED, "AttributeError: module 'shop' has no attribute 'create_app'"),
        (b"\n\nraise ValueError('mine')\n", Outcome.CRASHED, "ValueError: mine (shop/__init__.py, line 3)"),
        (b"import os; os._exit(5)\n", Outcome.CRASHED, "exited with status 5"),
        (b"import os; os.kill(os.getpid(), 11)\n", Outcome.CRASHED, "was killed by SIGSEGV"),
        (b"import sys; sys.exit('bye')\n", Outcome.CRASHED, "SystemExit: bye"),
        (b"import time; time.sleep(999)\n", Outcome.TIMED_OUT, "did not start within {app_start_s:g} s"),
        (b"while True: pass\n", Outcome.TIMED_OUT, "did not start within {app_start_s:g} s"),
        (b"x = [b'x' * (8_000_000 + n) for n in range(999)]\n", Outcome.OUT_OF_MEMORY, "more than 256 MB of memory"),
        (b"create_app = lambda config: 7\n", Outcome.CRASHED, "The app did not start"),
    ],
)
def test_an_app_that_does_not_start_says_why(impatient: Run, source: bytes, outcome: Outcome, message: str) -> None:
    report = impatient(BEFORE_AND_AFTER.format(path="/"), tree={"shop/__init__.py": source})
    assert set(statuses(report).values()) == {"error"}
    assert report.outcome is outcome
    assert message.format(**impatient.limits.model_dump()) in (report.outcome_message or "")


@pytest.mark.parametrize(
    "answer",
    [
        "start_response('pardon', []); return [b'']",
        "start_response('200 OK', [('A', 'b\\r\\nC: d')]); return [b'']",
        "start_response('200 OK', [('A', 7)]); return [b'']",
        "start_response('999999 OK', []); return [b'']",
        "return [b'never started']",
        "start_response('200 OK', []); return ['text']",
    ],
)
def test_an_answer_that_is_no_answer_is_rubbish_and_the_rest_goes_on(run: Run, answer: str) -> None:
    source = (
        sample_tree()["shop/__init__.py"]
        + f"""

_answer = Flask.__call__
def _rubbish(self, environ, start_response):
    if environ['PATH_INFO'] != '/rubbish':
        return _answer(self, environ, start_response)
    {answer}
Flask.__call__ = _rubbish
""".encode()
    )
    report = in_order(run, *IN_ORDER)(BEFORE_AND_AFTER.format(path="/rubbish"), tree={"shop/__init__.py": source})
    assert statuses(report) == {"test_before": "passed", "test_middle": "error", "test_after": "passed"}
    assert report.outcome is Outcome.CRASHED


def test_what_an_app_leaves_running_is_ended_and_counted(run: Run) -> None:
    report = in_order(run, "test_leaves", "test_next")("""
        def test_leaves(client): assert client.get("/daemon").text == "left"
        def test_next(client): assert client.get("/users/1").status_code == 200
        """)
    assert set(statuses(report).values()) == {"passed"}
    assert report.facts["processes_left_over"] == 1


def test_a_test_that_takes_too_long_is_ended_and_the_next_runs(impatient: Run) -> None:
    report = in_order(impatient, "test_waits", "test_next")("""
        import time
        def test_waits(client):
            while True:
                try:
                    time.sleep(60)
                except Exception:
                    pass
                else:
                    break
            time.sleep(60)
        def test_next(client): assert client.get("/users/1").status_code == 200
        """)
    assert statuses(report) == {"test_waits": "error", "test_next": "passed"}


def test_a_run_over_its_deadline_keeps_what_it_has_and_the_rest_did_not_run(sandbox: object, impatient: Run) -> None:
    short = Run(impatient.sandbox, impatient.limits.model_copy(update={"grading_s": 5.0, "test_s": 4.0}))
    report = in_order(short, "test_quick", "test_slow_1", "test_slow_2", "test_never")("""
        import time
        def test_quick(client): assert client.get("/users/1").status_code == 200
        def test_slow_1(): time.sleep(3)
        def test_slow_2(): time.sleep(3)
        def test_never(): pass
        """)
    assert statuses(report)["test_quick"] == "passed"
    assert statuses(report)["test_never"] == "not_run"
    assert report.outcome is Outcome.TIMED_OUT


def test_a_suite_that_does_not_run_is_the_packages_fault(run: Run) -> None:
    with pytest.raises(PackageInvalid, match="no_such_module"):
        run("import no_such_module\ndef test_x(): pass\n")
    with pytest.raises(PackageInvalid, match="NO_TESTS_COLLECTED"):
        run("x = 1\n")


def test_an_app_that_was_late_yields_to_its_neighbours_from_then_on(
    engine: Engine, settings: SandboxSettings, gvisor: bool
) -> None:
    pair = start_pair(engine, settings, Limits())
    shares: list[int] = []

    def share() -> int:
        return int(engine.client.api.inspect_container(pair.container_ids[0])["HostConfig"]["CpuShares"])

    def look(kind: str, data: Mapping[str, Any]) -> None:
        if kind == "test":
            # It is asked for by the way, so it may come a moment after the test has ended.
            # With gVisor the engine writes it down, is told that it can't be, and takes it back.
            wanted = YIELDING_SHARE if shares and not gvisor else 0
            deadline = time.monotonic() + 60
            while share() != wanted and time.monotonic() < deadline:
                time.sleep(0.05)
            shares.append(share())

    impatient = Run(_Started(pair), Limits(request_s=2.0, test_s=8.0))
    try:
        report = in_order(impatient, *IN_ORDER)(BEFORE_AND_AFTER.format(path="/spin"), observe=look)
    finally:
        pair.destroy()
    assert statuses(report) == {"test_before": "passed", "test_middle": "error", "test_after": "passed"}
    # gVisor changes no limit of a container that runs.
    assert shares == ([0, 0, 0] if gvisor else [0, YIELDING_SHARE, YIELDING_SHARE])


class _Started:
    """A sandbox that is one pair."""

    environment: Mapping[str, Any] = {}

    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    def run(self, work: Work, observe: Observer) -> RunReport:
        return self._pair.run(work, observe, warm=True)
