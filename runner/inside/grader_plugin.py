"""The pytest plugin of the grader: shuffles the tests, tells the host what was collected and how each test ended.

grader → host   collected  {tests: [[id, requirement], …]}
                test_start {id}
                test_end   {id, status, duration_s, message, detail}
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Generator
from typing import Any

import pytest

from runner.inside.backend import AppFault
from runner.inside.fixtures import BACKEND, SEED, requirement_of
from runner.inside.frames import Frame
from runner.inside.grader_backend import RelayBackend, Wire
from runner.inside.order import shuffled

_DETAIL_CHARS = 8_000


class TestTimedOut(BaseException):
    """A hidden test took longer than its deadline. No `except Exception` in a test is to catch it."""

    __test__ = False


class GraderPlugin:
    """Reports to the host. One object for one run."""

    def __init__(self, wire: Wire, *, seed: int, test_s: float) -> None:
        self._wire = wire
        self._seed = seed
        self._test_s = test_s
        self._deadline = 0.0
        self._fault: AppFault | TestTimedOut | None = None
        self._reports: list[pytest.TestReport] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> None:
        """Let a suite in folders, too, import `mendbox_harness`, and draw the same at import with the same seed."""
        sys.path.append(str(early_config.rootpath))
        random.seed(f"{self._seed}")

    @pytest.hookimpl
    def pytest_configure(self, config: pytest.Config) -> None:
        """Give fixtures their backend and seed."""
        config.addinivalue_line("markers", "requirement(id, message): the requirement of the brief that a test shows")
        config.stash[BACKEND] = RelayBackend(self._wire)
        config.stash[SEED] = self._seed

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, object, object]:
        """Shuffle the tests; once pytest and the suite's own hooks have had their say, tell the host which there are.

        They are told in the order in which they stand in the files, whatever the seed.
        """
        found = {item: index for index, item in enumerate(items)}
        items[:] = shuffled(items, self._seed)
        result = yield
        as_found = sorted(items, key=lambda item: found.get(item, len(found)))
        tests = [[item.nodeid, requirement_of(list(item.iter_markers("requirement")))[0]] for item in as_found]
        self._wire.send(Frame("collected", {"tests": tests}))
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """One test with its deadline, from set-up to clean-up."""
        self._fault, self._reports = None, []
        self._wire.send(Frame("test_start", {"id": item.nodeid}))
        random.seed(f"{self._seed}:{item.nodeid}")
        started = time.perf_counter()
        self._deadline = started + self._test_s
        signal.signal(signal.SIGALRM, self._alarm)
        result = yield
        self._wire.send(Frame("test_end", self._ended(item, time.perf_counter() - started)))
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, None, None]:
        """Set-up counts against the test's deadline."""
        yield from self._timed()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        """The test itself."""
        yield from self._timed()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, None, None]:
        """Clean-up has a little time even when the test used it all."""
        yield from self._timed(at_least_s=1.0)

    def _timed(self, at_least_s: float = 0.01) -> Generator[None, None, None]:
        """Let the alarm ring in a phase only: pytest's own work between phases is never cut off.

        It rings again each second: a test that catches everything must end all the same.
        """
        left_s = max(at_least_s, self._deadline - time.perf_counter())
        signal.setitimer(signal.ITIMER_REAL, left_s, 1.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _alarm(self, *_: Any) -> None:
        raise TestTimedOut(f"the test took longer than {self._test_s:g} s")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Remember the reports of one test, and whether it was the app that gave up."""
        report = yield
        self._reports.append(report)
        if call.excinfo is not None and isinstance(call.excinfo.value, (AppFault, TestTimedOut)) and not self._fault:
            self._fault = call.excinfo.value
        return report

    def _ended(self, item: pytest.Item, duration_s: float) -> dict[str, Any]:
        _, author_message = requirement_of(list(item.iter_markers("requirement")))
        failed = [report for report in self._reports if report.failed]
        status, message, detail = "passed", None, None
        if failed:
            status = "failed" if failed[0].when == "call" and self._fault is None else "error"
            message = author_message
            if self._fault is not None:
                message = self._told(self._fault)
            detail = failed[0].longreprtext[-_DETAIL_CHARS:]
        elif not any(report.passed and report.when == "call" for report in self._reports):
            status = "not_run"
        return {
            "id": item.nodeid,
            "status": status,
            "duration_s": round(duration_s, 6),
            "message": message,
            "detail": detail,
        }

    def _told(self, fault: AppFault | TestTimedOut) -> str:
        if isinstance(fault, AppFault):
            return fault.message
        return f"The app was too slow: the test was ended after {self._test_s:g} s"
