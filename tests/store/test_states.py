"""The life of a grading: which step leads from which state to which."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from store.errors import IllegalTransition
from store.states import (
    FINAL,
    TRANSITIONS,
    ClaimPolicy,
    GradingState,
    Step,
    after,
    lease_ran_out,
    step_on_claim,
    step_on_fault,
)

ALLOWED = {
    ("queued", "claim", "running"),
    ("running", "take_over", "running"),
    ("running", "grade", "graded"),
    ("running", "give_back", "queued"),
    ("running", "retry", "queued"),
    ("running", "give_up", "error"),
    ("queued", "cancel", "error"),
}
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(("state", "step"), list(itertools.product(GradingState, Step)))
def test_a_step_is_taken_from_the_states_that_the_table_names_and_from_no_other(
    state: GradingState, step: Step
) -> None:
    targets = {target for source, name, target in ALLOWED if (source, name) == (state, step)}
    if targets:
        assert {after(state, step)} == targets
    else:
        with pytest.raises(IllegalTransition, match=f"a grading that is {state} can't take the step {step}"):
            after(state, step)


def test_nothing_leads_out_of_a_final_state() -> None:
    assert not {transition.source for transition in TRANSITIONS.values()} & FINAL


@pytest.mark.parametrize(
    ("state", "tries", "ran_out", "step"),
    [
        (GradingState.QUEUED, 0, True, Step.CLAIM),
        (GradingState.QUEUED, 2, True, Step.CLAIM),
        (GradingState.RUNNING, 1, False, None),
        (GradingState.RUNNING, 2, True, Step.TAKE_OVER),
        (GradingState.RUNNING, 3, True, Step.GIVE_UP),
        (GradingState.RUNNING, 4, True, Step.GIVE_UP),
        (GradingState.GRADED, 1, True, None),
        (GradingState.ERROR, 3, True, None),
    ],
)
def test_what_a_worker_that_asks_may_do(state: GradingState, tries: int, ran_out: bool, step: Step | None) -> None:
    assert step_on_claim(state, tries, ran_out, ClaimPolicy(max_tries=3)) is step


def test_a_fault_is_retried_until_the_tries_are_used_up() -> None:
    steps = [step_on_fault(tries, ClaimPolicy(max_tries=3)) for tries in (1, 2, 3)]
    assert steps == [Step.RETRY, Step.RETRY, Step.GIVE_UP]


def test_a_lease_holds_to_its_last_moment() -> None:
    assert not lease_ran_out(NOW, NOW)
    assert lease_ran_out(NOW, NOW + timedelta(microseconds=1))
    assert lease_ran_out(None, NOW)


@pytest.mark.parametrize("values", [{"lease_s": 0.0}, {"lease_s": float("nan")}, {"max_tries": 0}])
def test_a_policy_that_can_never_grade_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a claim needs"):
        ClaimPolicy(**values)  # type: ignore[arg-type]
