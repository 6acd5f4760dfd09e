"""Records for tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runner.grading.models import (
    Environment,
    Grade,
    GradedChallenge,
    GradedRequirement,
    GradedSubmission,
    GradedTest,
    Receipt,
    RequirementStatus,
    Timing,
    Verdict,
)
from runner.grading.report import Outcome, TestStatus
from runner.packages.inventory import TestKind
from runner.submissions.model import Submission
from store.records import Claim, GradingRecord, Origin, SourceKind
from store.store import Store

CHANGE = Submission({"shop/cart.py": b"def total(items):\n    return sum(items)\n", "tests/test_cart.py": b"\x00\xff"})
ORIGIN = Origin("user-500", "sha256:" + "c" * 64, SourceKind.ARCHIVE)


def add(store: Store, submission: Submission = CHANGE, origin: Origin = ORIGIN) -> GradingRecord:
    """Add a submission; its queued grading."""
    return store.submissions.add(submission, origin)[1]


def claimed(store: Store, grading_id: str, worker: str = "worker-1", **policy: Any) -> Claim:
    """Claim a grading that is free."""
    from store.states import ClaimPolicy

    claim = store.claims.take(grading_id, worker, ClaimPolicy(**policy))
    assert claim is not None
    return claim


def make_test(number: int = 1, **changes: Any) -> GradedTest:
    """A hidden test as it ended."""
    values = {
        "id": f"test_cart.py::test_{number}",
        "requirement": "R1",
        "kind": TestKind.FIX,
        "status": TestStatus.FAILED,
        "duration_s": 0.0123456789,
        "message": "The total is wrong for an empty cart.",
        "detail": "assert 1 == 0",
        "app_output": "GET /cart\n",
    }
    return GradedTest.model_validate({**values, **changes})


def make_grade(claim: Claim, tests: Sequence[GradedTest] | None = None, score: int = 40) -> Grade:
    """A grade of what the claim is for."""
    return Grade(
        challenge=GradedChallenge(slug=claim.challenge, version="1", digest=claim.challenge_digest),
        submission=GradedSubmission(digest=claim.submission_digest, files=["shop/cart.py"]),
        outcome=Outcome.COMPLETED,
        verdict=Verdict.PARTIAL,
        score=score,
        requirements=[
            GradedRequirement(
                id="R1", title="Totals", points=100, earned=score, status=RequirementStatus.PARTLY, message="Look."
            )
        ],
        tests=list(tests if tests is not None else [make_test(1), make_test(2, status=TestStatus.PASSED, detail=None)]),
        timing=Timing(queued_s=0.01, startup_s=0.1, tests_s=0.2, total_s=0.31, warm=True),
        environment=Environment(image="sha256:1", python="3.13.5", runtime="runc", limits={"memory_mb": 256}),
        receipt=Receipt(
            challenge=claim.challenge,
            challenge_digest=claim.challenge_digest,
            submission_digest=claim.submission_digest,
            image="sha256:1",
            seed=claim.seed,
            runtime="runc",
            versions={"flask": "3.1.2"},
            score=score,
            verdict=Verdict.PARTIAL,
        ),
        facts={"relayed_bytes": 3},
    )
