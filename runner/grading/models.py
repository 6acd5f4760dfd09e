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
    """Which challenge, in which state."""

    slug: str
    version: str
    digest: str


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
    challenge_digest: str
    submission_digest: str
    image: str
    seed: int
    runtime: str
    versions: dict[str, str]
    score: int
    verdict: Verdict


class Grade(_Model):
    """A grade. `start_output` (what the app printed while it started, and its traceback) is for assessors."""

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
