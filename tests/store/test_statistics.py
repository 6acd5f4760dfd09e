"""Numbers over many submissions, on both databases."""

from __future__ import annotations

from runner.grading.report import TestStatus
from runner.packages.inventory import TestKind
from store.records import NewToken, Origin, Role, SourceKind
from store.states import ClaimPolicy
from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import CHANGE, make_grade, make_test

SLUG = "late-fees"


def graded(store: Store, clock: Clock, token: str, score: int, *, passed: bool) -> str:
    submission, grading = store.submissions.add(CHANGE, Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token))
    claim = store.claims.take(grading.id, "w")
    assert claim is not None
    status = TestStatus.PASSED if passed else TestStatus.FAILED
    tests = [make_test(1, status=status), make_test(2, kind=TestKind.GUARD, status=TestStatus.PASSED)]
    assert store.claims.record_grade(claim, make_grade(claim, tests, score))
    clock.advance(60)
    return submission.id


def somebody(store: Store, role: Role = Role.CANDIDATE) -> str:
    return store.tokens.create(NewToken("x", role, (SLUG,) if role is Role.CANDIDATE else ())).record.id


def test_candidates_are_counted_once_and_assessors_never(store: Store, clock: Clock) -> None:
    ada, grace, engineer = somebody(store), somebody(store), somebody(store, Role.ENGINEER)
    graded(store, clock, ada, 40, passed=False)
    graded(store, clock, ada, 100, passed=True)
    again = graded(store, clock, grace, 0, passed=False)
    graded(store, clock, engineer, 100, passed=True)
    # Of a submission that was graded again the latest grade counts.
    claim = store.claims.take(store.gradings.regrade(again).id, "w")
    assert claim is not None
    assert store.claims.record_grade(claim, make_grade(claim, [make_test(1)], 10))
    tally = store.statistics.tallies()[SLUG]
    assert (tally.candidates, tally.attempts, tally.mean) == (2, 3, 50)
    attempts = store.statistics.attempts(SLUG)
    assert sorted((each.candidate == ada, each.score) for each in attempts) == [(False, 10), (True, 40), (True, 100)]
    assert attempts[0].met == {"R1": False}
    assert store.statistics.attempts("other") == []
    counts = {count.test: (count.is_fix, count.passed, count.failed) for count in store.statistics.tests(SLUG)}
    # Of each candidate the last attempt.
    assert counts == {"test_cart.py::test_1": (True, 1, 1), "test_cart.py::test_2": (False, 1, 0)}


def test_what_the_platform_gave_up_is_listed_until_it_is_graded_again(store: Store, clock: Clock) -> None:
    submission, grading = store.submissions.add(CHANGE, Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, somebody(store)))
    claim = store.claims.take(grading.id, "worker-7", ClaimPolicy(max_tries=1))
    assert claim is not None
    assert store.statistics.running() == [("worker-7", SLUG, clock.now)]
    store.claims.record_error(claim, "the engine is away")
    assert store.statistics.running() == []
    (failed,) = store.statistics.failed()
    assert (failed.submission_id, failed.challenge, failed.message) == (submission.id, SLUG, "the engine is away")
    store.gradings.regrade(submission.id)
    assert store.statistics.failed() == []
