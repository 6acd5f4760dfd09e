"""A sandbox without containers: what it answers stands in the submission, in a file `script.json`.

    {"outcome": "crashed",                how the app ended (completed)
     "answers": "404 NOT FOUND",          to what each test asks (200 OK)
     "statuses": {"test_a.py::test_x": "failed"},     of tests that did not pass
     "fault": "SandboxUnavailable",       raise this kind of PlatformFault instead
     "fault_times": 2,                    only so often (for ever); needs "gate"
     "gate": "/tmp/…/name",               write <gate>.started, wait until <gate> exists
     "sleep_s": 0.1,

     "prints": ["a line\n"],             what visible tests print, piece by piece; the gate is after the first
     "visible": "failed"}                 how visible tests end (passed)

Without a script every test passes. Its tests are the functions named `test_…` in the hidden files with the requirement
of the line before. The engine is down while the file named by SCRIPTED_SANDBOX_DOWN exists.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runner import errors
from runner.grading.report import Exchange, Observer, Outcome, RunReport, TestReport, TestStatus, Work
from runner.visible_run import Told, VisibleEnd, VisibleReport, VisibleWork
from store.settings import Settings

DOWN = "SCRIPTED_SANDBOX_DOWN"
_TEST = re.compile(rb'@requirement\("(R\d+)"[^\n]*\ndef (test_\w+)')


class ScriptedSandbox:
    """Answers by script, and counts how often it ran."""

    def __init__(self) -> None:
        self.runs = 0
        self.closed = False

    @property
    def environment(self) -> Mapping[str, Any]:
        return {"image": "scripted", "image_id": "sha256:scripted", "python": "3", "runtime": "none"}

    def run(self, work: Work, observe: Observer) -> RunReport:
        self.check()
        self.runs += 1
        script = json.loads(work.tree.get("script.json", b"{}"))
        self._wait(script)
        if (fault := script.get("fault")) and _still(script):
            raise getattr(errors, fault)(script.get("fault_message", "as scripted"))
        collected = suite(work.hidden)
        observe("collected", {"tests": len(collected)})
        statuses = script.get("statuses", {})
        tests = []
        for identity, requirement in collected.items():
            test = TestReport(identity, TestStatus(statuses.get(identity, "passed")), 0.001, requirement)
            tests.append(test)
            if work.watch is not None:
                asked = Exchange(identity, "GET", "/", "", b"", script.get("answers", "200 OK"), b"as scripted")
                work.watch(asked)
            observe(
                "test",
                {"id": test.id, "status": test.status, "duration_s": 0.001, "requirement": requirement},
            )
        outcome = Outcome(script.get("outcome", Outcome.COMPLETED))
        return RunReport(outcome, collected, tuple(tests), tests_s=0.001, warm=True)

    def run_visible(self, work: VisibleWork, told: Told, stopped: Callable[[], bool]) -> VisibleReport:
        self.check()
        script = json.loads(work.tree.get("script.json", b"{}"))
        first, *others = script.get("prints", ["1 passed\n"])
        told(first.encode(), 0)
        if gate := script.get("gate"):
            Path(f"{gate}.started").write_text(f"{os.getpid()}\n")
            while not os.path.exists(gate):
                if stopped():
                    return VisibleReport(VisibleEnd.STOPPED)
                time.sleep(0.005)
        for piece in others:
            told(piece.encode(), 0)
        if fault := script.get("fault"):
            raise getattr(errors, fault)("as scripted")
        return VisibleReport(VisibleEnd(script.get("visible", "passed")))

    def check(self) -> None:
        if (flag := os.environ.get(DOWN)) and os.path.exists(flag):
            raise errors.SandboxUnavailable("the scripted engine is down")

    def close(self) -> None:
        self.closed = True

    def _wait(self, script: Mapping[str, Any]) -> None:
        time.sleep(script.get("sleep_s", 0.0))
        if gate := script.get("gate"):
            with open(f"{gate}.started", "a") as started:
                started.write(f"{os.getpid()}\n")
            while not os.path.exists(gate):
                time.sleep(0.005)


class ScriptedProvider:
    """`tests.support.scripted_sandbox:ScriptedProvider`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def open(self) -> ScriptedSandbox:
        sandbox = ScriptedSandbox()
        sandbox.check()
        return sandbox

    def reap(self) -> int:
        return 0


def suite(hidden: Mapping[str, bytes]) -> dict[str, str | None]:
    """Test ids and their requirements."""
    return {
        f"{path}::{name.decode()}": requirement.decode()
        for path, data in sorted(hidden.items())
        for requirement, name in _TEST.findall(data)
    }


def _still(script: Mapping[str, Any]) -> bool:
    if "fault_times" not in script:
        return True
    runs = len(Path(f"{script['gate']}.started").read_text().split())
    return runs <= int(script["fault_times"])
