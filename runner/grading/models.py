"""The grade as JSON, schema version 1. Fields may be added, never changed or removed."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from runner.grading.report import Outcome, TestStatus
from runner.packages.inventory import TestKind


class Verdict(StrEnum):
    """The grade in one word. `regressed`: something that worked in the starter no longer does."""

    SOLVED = "solved"
    PARTIAL = "partial"
    UNSOLVED = "unsolved"
    REGRESSED = "regressed"


class RequirementStatus(StrEnum):
    """How far one requirement is met."""

    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GradedChallenge(_Model):
    """Which challenge, in which state; of one that has variants, which (for assessors: its text names the bug)."""

    slug: str
    version: str
    digest: str
    variant: str | None = None


class GradedSubmission(_Model):
    """Which submission: its digest and the paths that differ from the starter."""

    digest: str
    files: list[str]


class GradedRequirement(_Model):
    """A requirement's points and, where it is not met, what a candidate may read about it."""

    id: str
    title: str
    points: int
    earned: int
    status: RequirementStatus
    message: str | None = None


class GradedTest(_Model):
    """A hidden test's end. `detail` and `app_output` are for assessors."""

    id: str
    requirement: str
    kind: TestKind
    status: TestStatus
    duration_s: float
    message: str | None = None
    detail: str | None = None
    app_output: str | None = None


class Timing(_Model):
    """Seconds. `startup_s`: until app and suite were ready to run tests; `total_s`: from submission to grade."""

    queued_s: float
    startup_s: float
    tests_s: float
    total_s: float
    warm: bool


class Environment(_Model):
    """What it was graded in."""

    image: str
    python: str
    runtime: str
    limits: dict[str, Any]


class Receipt(_Model):
    """What is needed to grade again and get the same."""

    schema_version: Literal[1] = 1
    challenge: str
    variant: str | None = None
    challenge_digest: str
    submission_digest: str
    image: str
    seed: int
    runtime: str
    versions: dict[str, str]
    score: int
    verdict: Verdict


class SeenBy(StrEnum):
    """Who counted a fact, and so how sure it is.

    `kernel` and `host`: out of the app's reach. `container`: by PID 1 of the app's container, out of its reach as far
    as the kernel holds. `app`: inside the app's own process, so that the count may be too low.
    """

    KERNEL = "kernel"
    HOST = "host"
    CONTAINER = "container"
    APP = "app"


class IntegrityFact(_Model):
    """Something that honest work does not show. `text` is one sentence for people; it accuses nobody."""

    kind: str
    count: int
    seen_by: SeenBy
    text: str


class Integrity(_Model):
    """Facts for assessors. An empty list says that nothing was seen, not that there was nothing."""

    facts: list[IntegrityFact]


class Grade(_Model):
    """A grade. For assessors only: `start_output` (what the app printed while it started, and its traceback), and
    `integrity`, which is None in a grade from before there were such reports."""

    schema_version: Literal[1] = 1
    challenge: GradedChallenge
    submission: GradedSubmission
    outcome: Outcome
    verdict: Verdict
    score: int
    requirements: list[GradedRequirement]
    tests: list[GradedTest]
    timing: Timing
    environment: Environment
    receipt: Receipt
    outcome_message: str | None = None
    facts: dict[str, int] = {}
    phases: dict[str, float] = {}
    start_output: str | None = None
    integrity: Integrity | None = None
