"""What one run of a hidden suite against one submission reported: the sandbox's side of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from runner.limits import Limits
from runner.packages.package import Files
from runner.surroundings import HERE_AND_NOW, Surroundings


class Outcome(StrEnum):
    """How the candidate's app ended."""

    COMPLETED = "completed"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


class TestStatus(StrEnum):
    """How one hidden test ended. `error`: the app ended an operation without an answer, or set-up failed."""

    __test__ = False

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class TestReport:
    """One hidden test as it ended.

    `message` is fit for candidates (the author's words, or how the app ended); `detail` (assertion text, traceback) and
    `app_output` (what the app printed meanwhile) are for assessors only.
    """

    __test__ = False

    id: str
    status: TestStatus
    duration_s: float
    requirement: str | None = None
    message: str | None = None
    detail: str | None = None
    app_output: str | None = None

    @property
    def gist(self) -> str:
        """Why it did not pass, in one line: what was asserted or raised, where pytest marks it, else the last line."""
        lines = (self.detail or self.message or "").strip().splitlines()
        marked = [line[1:].strip() for line in lines if line.startswith("E ")]
        return next(iter(marked), lines[-1].strip() if lines else "")


@dataclass(frozen=True, slots=True)
class RunReport:
    """The whole run. `collected` maps each test that pytest found to its requirement (None where it names none)."""

    outcome: Outcome
    collected: Mapping[str, str | None]
    tests: tuple[TestReport, ...]
    outcome_message: str | None = None
    start_output: str | None = None
    startup_s: float = 0.0
    tests_s: float = 0.0
    warm: bool = False
    facts: Mapping[str, int] = field(default_factory=dict)
    phases: Mapping[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> frozenset[str]:
        """The ids of the tests that passed."""
        return frozenset(test.id for test in self.tests if test.status is TestStatus.PASSED)

    @property
    def all_passed(self) -> bool:
        """Whether there was a test, and every one that is reported passed."""
        return bool(self.tests) and all(test.status is TestStatus.PASSED for test in self.tests)

    def how(self, identity: str) -> str | None:
        """How a test ended, with its gist; None where it is not reported."""
        for test in self.tests:
            if test.id == identity:
                return f"{test.status.value} ({test.gist})" if test.gist else test.status.value
        return None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a hidden test and the app's answer to it."""

    test: str
    method: str
    path: str
    query: str
    body: bytes
    status: str
    answer: bytes


@dataclass(frozen=True, slots=True)
class Work:
    """What a pair is given: the candidate's tree (starter, the submission over it), harness, hidden suite, limits.

    `services` names the real servers beside the app. `watch` is told each request that the app answered.
    With `first_failure_ends` no test runs after one that failed.
    """

    tree: Files
    harness: bytes
    hidden: Files
    entry: str
    limits: Limits
    seed: int
    watch: Callable[[Exchange], None] | None = None
    services: tuple[str, ...] = ()
    first_failure_ends: bool = False
    surroundings: Surroundings = HERE_AND_NOW


#: Called as a grading goes on: `("collected", {"tests": 14})`,
#: `("test", {"id", "status", "duration_s", "requirement"})`.
Observer = Callable[[str, Mapping[str, Any]], None]


class Sandbox(Protocol):
    """Runs work in a throwaway pair. One suite of conformance tests holds for every implementation."""

    @property
    def environment(self) -> Mapping[str, Any]:
        """`{image, python, runtime}` of the pairs it starts."""

    def run(self, work: Work, observe: Observer) -> RunReport:
        """Grade once. Raises PlatformFault when the platform, not the candidate's app, failed."""
