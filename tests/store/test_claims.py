"""Workers and gradings: one claim at a time, one grade, tries that count, leases that run out."""

from __future__ import annotations

import re

import pytest

from runner.grading.models import Verdict
from runner.grading.report import Outcome, TestStatus
from runner.submissions.model import Submission
from store.errors import StoreFault
from store.records import AuditFilter, GradingRecord, Priority
from store.states import ClaimPolicy, GradingState
from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import CHANGE, ORIGIN, add, claimed, make_grade, make_test
from tests.support.randomness import varying_bits


def test_a_claims_token_has_128_random_bits(store: Store) -> None:
    tokens = [claimed(store, add(store).id).token for _ in range(64)]
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert varying_bits(tokens) == 128


def state_of(store: Store, grading: GradingRecord) -> GradingState:
    return store.gradings.get(grading.id).state


def actions(store: Store, grading: GradingRecord) -> list[tuple[str, str]]:
    page = store.audit.page(AuditFilter(object_kind="grading", object_id=grading.id))
    return [(record.deed.actor, record.deed.action.removeprefix("grading.")) for record in reversed(page.items)]


def news(store: Store, grading: GradingRecord) -> list[str]:
    return [event.data["state"] for event in store.events.since(grading.id) if event.kind == "state"]


def test_a_claim_names_all_that_a_worker_needs(store: Store, clock: Clock) -> None:
    grading = add(store)
    clock.advance(2)
    claim = claimed(store, grading.id, "worker-7")
    assert (claim.grading_id, claim.submission_id, claim.seed) == (grading.id, grading.submission_id, grading.seed)
    assert (claim.challenge, claim.challenge_digest) == (ORIGIN.challenge, ORIGIN.challenge_digest)
    assert (claim.submission_digest, claim.priority) == (CHANGE.digest, Priority.INTERACTIVE)
    assert (claim.tries, claim.queued_at, claim.started_at) == (1, grading.queued_at, clock.now)
    running = store.gradings.get(grading.id)
    assert (running.state, running.worker, running.tries) == (GradingState.RUNNING, "worker-7", 1)
    assert running.started_at == clock.now


def test_a_grading_is_claimed_by_one_worker_only(store: Store) -> None:
    grading = add(store)
    claimed(store, grading.id)
    assert store.claims.take(grading.id, "worker-2") is None
    assert store.claims.take("f00", "worker-2") is None
    assert store.gradings.get(grading.id).worker == "worker-1"


def test_a_recorded_grade_is_read_back_as_it_was(store: Store, clock: Clock) -> None:
    grading = add(store)
    claim = claimed(store, grading.id)
    clock.advance(0.3)
    tests = [make_test(number, status=status) for number, status in enumerate(TestStatus)]
    tests += [make_test(9, message=None, detail=None, app_output="ü\n" * 10_000)]
    grade = make_grade(claim, tests)
    assert store.claims.record_grade(claim, grade)
    assert store.gradings.grade(grading.id) == grade
    graded = store.gradings.get(grading.id)
    assert (graded.state, graded.score, graded.verdict) == (GradingState.GRADED, 40, Verdict.PARTIAL)
    assert (graded.outcome, graded.finished_at) == (Outcome.COMPLETED, clock.now)
    assert actions(store, grading) == [("worker-1", "claim"), ("worker-1", "grade")]
    assert news(store, grading) == ["queued", "running", "graded"]


def test_a_grade_without_a_single_test_is_recorded_too(store: Store) -> None:
    claim = claimed(store, add(store).id)
    grade = make_grade(claim, [], score=0)
    assert store.claims.record_grade(claim, grade)
    assert store.gradings.grade(claim.grading_id) == grade


def test_the_second_of_two_grades_is_not_recorded(store: Store) -> None:
    claim = claimed(store, add(store).id)
    assert store.claims.record_grade(claim, make_grade(claim, score=40))
    assert not store.claims.record_grade(claim, make_grade(claim, score=90))
    grade = store.gradings.grade(claim.grading_id)
    assert grade is not None
    assert (grade.score, len(grade.tests)) == (40, 2)


def test_a_grade_of_another_submission_is_a_fault(store: Store) -> None:
    mine = claimed(store, add(store).id)
    other = claimed(store, add(store, Submission({"a.py": b"other"})).id)
    with pytest.raises(StoreFault, match="of another submission"):
        store.claims.record_grade(mine, make_grade(other))
    assert store.gradings.get(mine.grading_id).state is GradingState.RUNNING


def test_a_worker_that_falls_silent_loses_its_claim_and_what_it_brings_late(store: Store, clock: Clock) -> None:
    grading = add(store)
    slow = claimed(store, grading.id, "slow", lease_s=10)
    clock.advance(10)
    assert store.claims.take(grading.id, "fast") is None
    clock.advance(0.001)
    fast = claimed(store, grading.id, "fast", lease_s=10)
    assert (fast.tries, fast.seed) == (2, slow.seed)
    assert not store.claims.heartbeat(slow)
    assert not store.events.append(slow, [("test", {"id": "t"})])
    assert not store.claims.record_grade(slow, make_grade(slow))
    assert not store.claims.give_back(slow, "late")
    assert store.claims.record_error(slow, "late") is None
    assert store.claims.record_grade(fast, make_grade(fast, score=90))
    assert store.gradings.get(grading.id).score == 90
    assert actions(store, grading) == [("slow", "claim"), ("fast", "take_over"), ("fast", "grade")]
    assert news(store, grading) == ["queued", "running", "running", "graded"]


def test_a_heartbeat_keeps_a_claim(store: Store, clock: Clock) -> None:
    claim = claimed(store, add(store).id, lease_s=10)
    for beat in (store.claims.heartbeat, lambda held: store.events.append(held, [])):
        for _ in range(3):
            clock.advance(9)
            assert beat(claim)
            assert store.claims.take(claim.grading_id, "other") is None
    assert store.claims.record_grade(claim, make_grade(claim))


def test_a_late_worker_whom_nobody_replaced_may_still_record(store: Store, clock: Clock) -> None:
    claim = claimed(store, add(store).id, lease_s=10)
    clock.advance(60)
    assert store.claims.record_grade(claim, make_grade(claim))


def test_what_is_given_back_is_queued_in_its_old_place_and_costs_no_try(store: Store, clock: Clock) -> None:
    grading = add(store)
    for _ in range(5):
        clock.advance(1)
        claim = claimed(store, grading.id, max_tries=2)
        assert claim.tries == 1
        assert store.claims.give_back(claim, "the worker shuts down")
        assert not store.claims.record_grade(claim, make_grade(claim))
    record = store.gradings.get(grading.id)
    assert (record.state, record.tries, record.queued_at) == (GradingState.QUEUED, 0, grading.queued_at)
    assert actions(store, grading)[-1] == ("worker-1", "give_back")


def test_platform_faults_are_retried_until_the_tries_are_used_up_and_then_an_error(store: Store, clock: Clock) -> None:
    grading = add(store)
    states = []
    for number in range(3):
        clock.advance(1)
        states.append(store.claims.record_error(claimed(store, grading.id, max_tries=3), f"fault {number}"))
        assert store.gradings.get(grading.id).error_message == f"fault {number}"
    assert states == [GradingState.QUEUED, GradingState.QUEUED, GradingState.ERROR]
    failed = store.gradings.get(grading.id)
    assert (failed.state, failed.finished_at, failed.score) == (GradingState.ERROR, clock.now, None)
    assert store.claims.take(grading.id, "worker-2") is None
    assert store.gradings.grade(grading.id) is None
    assert [action for _, action in actions(store, grading)] == ["claim", "retry"] * 2 + ["claim", "give_up"]


def test_a_grade_after_a_fault_clears_the_faults_message(store: Store) -> None:
    grading = add(store)
    store.claims.record_error(claimed(store, grading.id), "the engine is away")
    claim = claimed(store, grading.id)
    assert store.claims.record_grade(claim, make_grade(claim))
    assert store.gradings.get(grading.id).error_message is None


def test_a_grading_that_kills_its_workers_becomes_an_error_and_goes_round_no_more(store: Store, clock: Clock) -> None:
    grading = add(store)
    for number in range(3):
        claimed(store, grading.id, f"worker-{number}", lease_s=10, max_tries=3)
        clock.advance(11)
    assert store.claims.take(grading.id, "worker-3", ClaimPolicy(10, 3)) is None
    failed = store.gradings.get(grading.id)
    assert (failed.state, failed.error_message) == (
        GradingState.ERROR,
        "the grading lost its worker 3 times; the last was worker-2",
    )
    assert actions(store, grading)[-1] == ("worker-3", "give_up")
    assert store.backlog.lost(queued_for_s=0) == []


def test_an_error_is_graded_again_only_as_another_attempt(store: Store) -> None:
    grading = add(store)
    store.claims.record_error(claimed(store, grading.id, max_tries=1), "no image")
    again = store.gradings.regrade(grading.submission_id)
    claim = claimed(store, again.id)
    assert store.claims.record_grade(claim, make_grade(claim))
    assert state_of(store, grading) is GradingState.ERROR
    assert state_of(store, again) is GradingState.GRADED


def test_a_claims_token_is_not_shown_in_logs(store: Store) -> None:
    claim = claimed(store, add(store).id)
    assert claim.token not in repr(claim)
