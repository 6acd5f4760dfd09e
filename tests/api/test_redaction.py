"""What a candidate sees of a grade."""

from __future__ import annotations

import io
import itertools
from typing import Any

from rich.console import Console

from api.redaction import CandidateGrade, for_candidate
from mendbox.show import grade_summary
from runner.grading.models import Grade
from store.engine import utc_now
from store.records import Claim, Priority
from store.states import ClaimPolicy
from tests.api.sample import ASSESSORS_ONLY, SLUG, grade_of


def _grade() -> Grade:
    now = utc_now()
    return grade_of(
        Claim(
            grading_id="g",
            submission_id="s",
            submission_digest="sha256:mine",
            challenge=SLUG,
            challenge_digest="sha256:c",
            variant=None,
            priority=Priority.INTERACTIVE,
            seed=987654321,
            tries=1,
            run=2,
            queued_at=now,
            started_at=now,
            worker="w",
            policy=ClaimPolicy(),
            token="t",
        )
    )


def test_nothing_that_is_for_assessors_is_in_a_candidates_view() -> None:
    text = for_candidate(_grade()).model_dump_json()

    assert ASSESSORS_ONLY not in text
    assert "987654321" not in text
    assert "sha256:mine" in text


def test_an_integrity_report_is_for_assessors_alone() -> None:
    grade = _grade()

    assert grade.integrity is not None
    assert "tried_paths" not in for_candidate(grade).model_dump_json()
    assert f"{ASSESSORS_ONLY} was tried." in _shown(grade.model_dump(mode="json"))
    assert "Integrity" not in _shown(for_candidate(grade).model_dump(mode="json"))


def test_a_candidates_view_has_exactly_these_fields() -> None:
    seen = for_candidate(_grade()).model_dump()

    assert set(seen) == {
        "schema_version",
        "challenge",
        "submission",
        "outcome",
        "outcome_message",
        "verdict",
        "score",
        "requirements",
        "test_counts",
        "timing",
        "environment",
    }
    assert set(seen["challenge"]) == {"slug", "version"}
    assert set(seen["requirements"][0]) == {"id", "title", "points", "earned", "status", "message"}
    assert set(seen["environment"]) == {"python", "limits"}


def test_the_order_of_hidden_tests_does_not_show() -> None:
    grade = _grade()
    views = {
        for_candidate(grade.model_copy(update={"tests": list(tests)})).model_dump_json()
        for tests in itertools.permutations(grade.tests)
    }

    assert len(views) == 1


def test_times_are_too_coarse_to_carry_a_message() -> None:
    timing = for_candidate(_grade()).timing

    assert (timing.queued_s, timing.tests_s, timing.total_s) == (0.0, 0.2, 0.5)


def test_a_candidates_view_is_no_grade() -> None:
    assert not issubclass(CandidateGrade, Grade)


def test_a_candidates_view_can_be_shown_in_a_terminal() -> None:
    shown = _shown(for_candidate(_grade()).model_dump(mode="json"))
    assert "50/100" in shown
    assert "cold" not in shown


def _shown(grade: dict[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(grade_summary(grade))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
