"""What a candidate may see of a grade. Pure, and a list of what is kept: a field that is new to grades is not shown.

Kept: the requirements with their points and the author's messages, how the app ended, verdict, score, how many tests
ended how. Left out: everything that names, orders or times a single hidden test, and what would help to tell one run
from another (seed, digests, the engine's facts).

An assessment may have its candidates see less: score and verdict, or that their submission was graded.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from runner.assessments.model import CandidatesSee
from runner.grading.models import Grade, GradedRequirement, Verdict
from runner.grading.report import Outcome, TestStatus

#: Times are rounded to this many digits of a second: a candidate's app could otherwise send word by sleeping.
TIME_DIGITS = 1


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeenChallenge(_Model):
    """Which challenge."""

    slug: str
    version: str


class SeenSubmission(_Model):
    """The candidate's own submission."""

    digest: str
    files: list[str]


class TestCounts(_Model):
    """How many hidden tests ended how."""

    __test__ = False

    passed: int
    failed: int
    error: int
    not_run: int


class SeenTiming(_Model):
    """Seconds, rounded to a tenth."""

    queued_s: float
    tests_s: float
    total_s: float


class SeenEnvironment(_Model):
    """What the app ran in."""

    python: str
    limits: dict[str, Any]


class CandidateReceipt(_Model):
    """A grade as a candidate sees it who is told that there is one, and nothing of it."""

    schema_version: Literal[1] = 1
    challenge: SeenChallenge
    submission: SeenSubmission


class CandidateScore(CandidateReceipt):
    """A grade as a candidate sees it who is told how good it is, and not why."""

    verdict: Verdict
    score: int


class CandidateGrade(CandidateReceipt):
    """A grade as a candidate sees it who may see all that is not for assessors alone."""

    outcome: Outcome
    outcome_message: str | None
    verdict: Verdict
    score: int
    requirements: list[GradedRequirement]
    test_counts: TestCounts
    timing: SeenTiming
    environment: SeenEnvironment


CandidateView: TypeAlias = CandidateGrade | CandidateScore | CandidateReceipt


def as_seen(grade: Grade, sight: CandidatesSee) -> CandidateView:
    """The grade as far as a candidate sees it."""
    challenge = SeenChallenge(slug=grade.challenge.slug, version=grade.challenge.version)
    submission = SeenSubmission(digest=grade.submission.digest, files=grade.submission.files)
    match sight:
        case CandidatesSee.REQUIREMENTS:
            return for_candidate(grade)
        case CandidatesSee.SCORE:
            return CandidateScore(challenge=challenge, submission=submission, verdict=grade.verdict, score=grade.score)
        case CandidatesSee.RECEIPT:
            return CandidateReceipt(challenge=challenge, submission=submission)


def for_candidate(grade: Grade) -> CandidateGrade:
    """The most that a candidate sees of a grade."""
    counts = Counter(test.status for test in grade.tests)
    return CandidateGrade(
        challenge=SeenChallenge(slug=grade.challenge.slug, version=grade.challenge.version),
        submission=SeenSubmission(digest=grade.submission.digest, files=grade.submission.files),
        outcome=grade.outcome,
        outcome_message=grade.outcome_message,
        verdict=grade.verdict,
        score=grade.score,
        requirements=[
            GradedRequirement(
                id=requirement.id,
                title=requirement.title,
                points=requirement.points,
                earned=requirement.earned,
                status=requirement.status,
                message=requirement.message,
            )
            for requirement in grade.requirements
        ],
        test_counts=TestCounts(
            passed=counts[TestStatus.PASSED],
            failed=counts[TestStatus.FAILED],
            error=counts[TestStatus.ERROR],
            not_run=counts[TestStatus.NOT_RUN],
        ),
        timing=SeenTiming(
            queued_s=round(grade.timing.queued_s, TIME_DIGITS),
            tests_s=round(grade.timing.tests_s, TIME_DIGITS),
            total_s=round(grade.timing.total_s, TIME_DIGITS),
        ),
        environment=SeenEnvironment(python=grade.environment.python, limits=grade.environment.limits),
    )
