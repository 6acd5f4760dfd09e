"""Regrades: what is held counts nowhere, what is applied counts everywhere, and what is dropped never did."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event

from runner.grading.models import GradedRequirement, RequirementStatus
from store.errors import BadCursor, Conflict, NotFound
from store.records import AuditFilter, GradingRecord, NewToken, Origin, Priority, Role, SourceKind
from store.regraded import FailedRegrading, NewRegrade, RegradeProgress, RegradeState, ScoreChange
from store.regrades import requirement_changes
from store.states import ClaimPolicy, GradingState
from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import CHANGE, make_grade, make_test
from tests.store.test_invitations import invited

SLUG = "late-fees"
NEW = NewRegrade(SLUG, "sha256:new", "R2's test was wrong")
ONE_TRY = ClaimPolicy(max_tries=1)


def somebody(store: Store, role: Role = Role.CANDIDATE) -> str:
    return store.tokens.create(NewToken("x", role, (SLUG,) if role is Role.CANDIDATE else ())).record.id


def grade(store: Store, grading_id: str, score: int) -> None:
    claim = store.claims.take(grading_id, "w")
    assert claim is not None
    assert store.claims.record_grade(claim, make_grade(claim, [make_test(1)], score))


def fail(store: Store, grading_id: str) -> None:
    claim = store.claims.take(grading_id, "w", ONE_TRY)
    assert claim is not None
    store.claims.record_error(claim, "the engine is away")


def sent(store: Store, clock: Clock, token: str | None, score: int | None, challenge: str = SLUG) -> str:
    submission, grading = store.submissions.add(CHANGE, Origin(challenge, "sha256:c", SourceKind.ARCHIVE, token))
    clock.advance(60)
    if score is not None:
        grade(store, grading.id, score)
    return submission.id


def held(store: Store, submission: str) -> GradingRecord:
    """The last grading of a submission, whether it counts or not."""
    return store.gradings.history(submission)[0]


def test_everything_of_candidates_that_has_a_grade_is_queued_behind_what_somebody_waits_for(
    store: Store, clock: Clock
) -> None:
    ada, engineer = somebody(store), somebody(store, Role.ENGINEER)
    first, second = sent(store, clock, ada, 40), sent(store, clock, ada, 60)
    others = [
        sent(store, clock, ada, None),
        sent(store, clock, engineer, 10),
        sent(store, clock, None, 10),
        sent(store, clock, ada, 10, "greeter"),
    ]
    again = sent(store, clock, ada, 50)
    store.gradings.regrade(again)
    record = store.regrades.begin(NEW, actor="rita")
    assert (record.challenge, record.challenge_digest, record.reason) == (SLUG, "sha256:new", "R2's test was wrong")
    assert (record.submissions, record.state, record.author) == (2, RegradeState.OPEN, "rita")
    for submission in (first, second):
        before, grading = store.gradings.latest(submission), held(store, submission)
        assert (grading.state, grading.attempt, grading.regrade_id) == (GradingState.QUEUED, 2, record.id)
        assert (grading.priority, grading.seed) == (Priority.REGRADE, before.seed)
        assert [each.kind for each in store.events.since(grading.id)] == ["state"]
    assert [held(store, submission).regrade_id for submission in (*others, again)] == [None] * 5
    lost = store.backlog.lost(queued_for_s=-1)
    assert {held(store, submission).id for submission in (first, second)} <= {each.grading_id for each in lost}
    (deed,) = store.audit.page(AuditFilter(action="regrade.begin")).items
    assert (deed.deed.actor, deed.deed.object_id) == ("rita", record.id)
    assert deed.deed.detail == {"challenge": SLUG, "source": None, "reason": NEW.reason, "submissions": 2}
    assert store.regrades.get(record.id) == record
    assert store.regrades.page().items == (record,)


def test_of_one_assessment_only_its_candidates_are_graded_again(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    mine, other = sent(store, clock, token.id, 40), sent(store, clock, somebody(store), 40)
    record = store.regrades.begin(NewRegrade(SLUG, "sha256:c", "why", "backend"), actor="rita")
    assert (record.submissions, record.source) == (1, "backend")
    assert (held(store, mine).attempt, held(store, other).attempt) == (2, 1)


def test_there_is_one_open_regrade_of_a_challenge_and_none_of_nothing(store: Store, clock: Clock) -> None:
    with pytest.raises(Conflict, match="nothing that candidates sent has a grade"):
        store.regrades.begin(NEW, actor="rita")
    sent(store, clock, somebody(store), 40)
    record = store.regrades.begin(NEW, actor="rita")
    clock.advance(60)
    sent(store, clock, somebody(store), 40)  # which would be something to grade again
    with pytest.raises(Conflict, match="another regrade of this challenge"):
        store.regrades.begin(NEW, actor="rita")
    store.regrades.drop(record.id, "no", actor="rita")
    assert store.regrades.begin(NEW, actor="rita").submissions == 2


def test_more_than_can_be_queued_at_once_is_refused(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.regrades.MOST_SUBMISSIONS", 1)
    ada = somebody(store)
    sent(store, clock, ada, 40)
    sent(store, clock, ada, 40)
    with pytest.raises(Conflict, match="more than 1 submissions"):
        store.regrades.begin(NEW, actor="rita")
    assert store.regrades.page().items == ()


def _seen(store: Store, token: str, submission: str) -> dict[str, object]:
    """All that a grade that counts is read by."""
    summary = store.submissions.last_of_each(token)[SLUG]
    graded = store.gradings.latest_graded(submission)
    assert graded is not None
    store.statistics._kept.clear()
    return {
        "latest": store.gradings.latest(submission).id,
        "graded": (graded.id, graded.score),
        "summary": (summary.grading.id, summary.graded and summary.graded.score),
        "listed": [each.graded and each.graded.score for each in store.submissions.page().items],
        "best": store.submissions.best_scores({token}),
        "attempts": store.submissions.attempts_of(token),
        "tally": store.statistics.tallies(),
        "figures": store.statistics.attempts(SLUG),
        "tests": store.statistics.tests(SLUG),
        "failed": store.statistics.failed(),
        "waits": store.invitations.waits({token}),
    }


@pytest.mark.parametrize("ends", ["graded", "failed", "queued"])
def test_what_is_held_or_dropped_counts_nowhere(store: Store, clock: Clock, ends: str) -> None:
    ada = somebody(store)
    submission = sent(store, clock, ada, 40)
    before = _seen(store, ada, submission)
    record = store.regrades.begin(NEW, actor="rita")
    assert _seen(store, ada, submission) == before
    if ends == "graded":
        grade(store, held(store, submission).id, 90)
    elif ends == "failed":
        fail(store, held(store, submission).id)
    assert _seen(store, ada, submission) == before
    dropped = store.regrades.drop(record.id, "the new test is wrong", actor="rita")
    assert (dropped.state, dropped.ended_by, dropped.end_reason) == (
        RegradeState.DROPPED,
        "rita",
        "the new test is wrong",
    )
    assert dropped.ended_at == clock.now
    assert _seen(store, ada, submission) == before
    assert len(store.gradings.history(submission)) == 2


def test_what_is_applied_counts_everywhere_and_the_old_grade_stays(store: Store, clock: Clock) -> None:
    ada = somebody(store)
    submission = sent(store, clock, ada, 40)
    old = store.gradings.latest(submission)
    record = store.regrades.begin(NEW, actor="rita")
    grade(store, held(store, submission).id, 90)
    applied = store.regrades.apply(record.id, "R2 is right now", actor="rita")
    assert (applied.state, applied.ended_by, applied.end_reason) == (RegradeState.APPLIED, "rita", "R2 is right now")
    seen = _seen(store, ada, submission)
    new = held(store, submission)
    assert (seen["latest"], seen["graded"], seen["summary"]) == (new.id, (new.id, 90), (new.id, 90))
    assert (seen["listed"], seen["best"]) == ([90], {ada: {SLUG: 90}})
    assert store.statistics.tallies()[SLUG].mean == 90
    assert [each.score for each in store.statistics.attempts(SLUG)] == [90]
    assert [(each.id, each.score) for each in store.gradings.history(submission)] == [(new.id, 90), (old.id, 40)]
    assert store.gradings.grade(old.id) is not None
    (deed,) = store.audit.page(AuditFilter(action="regrade.apply")).items
    assert deed.deed.detail == {"challenge": SLUG, "reason": "R2 is right now", "graded": 1, "failed": 0}


def test_what_it_failed_to_grade_keeps_its_grade_when_it_is_applied(store: Store, clock: Clock) -> None:
    ada = somebody(store)
    first, second = sent(store, clock, ada, 40), sent(store, clock, ada, 60)
    record = store.regrades.begin(NEW, actor="rita")
    grade(store, held(store, first).id, 90)
    fail(store, held(store, second).id)
    store.regrades.apply(record.id, "x", actor="rita")
    latest = store.gradings.latest(second)
    assert (latest.state, latest.score, latest.attempt) == (GradingState.GRADED, 60, 1)
    assert store.statistics.failed() == []
    assert store.submissions.best_scores({ada}) == {ada: {SLUG: 90}}


def test_it_is_applied_once_nothing_of_it_runs_and_something_has_a_grade(store: Store, clock: Clock) -> None:
    submission = sent(store, clock, somebody(store), 40)
    record = store.regrades.begin(NEW, actor="rita")
    assert store.regrades.progress({record.id}) == {record.id: RegradeProgress(waiting=1)}
    with pytest.raises(Conflict, match="1 submissions of it are not graded yet"):
        store.regrades.apply(record.id, "x", actor="rita")
    fail(store, held(store, submission).id)
    assert store.regrades.progress({record.id})[record.id] == RegradeProgress(failed=1)
    with pytest.raises(Conflict, match="nothing of it has a grade"):
        store.regrades.apply(record.id, "x", actor="rita")
    assert store.regrades.retry(record.id, actor="rita") == 1
    with pytest.raises(Conflict, match="failed at none"):
        store.regrades.retry(record.id, actor="rita")
    assert store.regrades.failed(record.id) == []
    claim = store.claims.take(held(store, submission).id, "w")
    assert claim is not None
    progress = store.regrades.progress({record.id})[record.id]
    assert (progress, progress.total, progress.done, progress.is_over) == (RegradeProgress(running=1), 1, 0, False)
    with pytest.raises(Conflict, match="not graded yet"):
        store.regrades.apply(record.id, "x", actor="rita")
    assert store.claims.record_grade(claim, make_grade(claim, [make_test(1)], 70))
    store.regrades.apply(record.id, "x", actor="rita")
    for again in (
        lambda: store.regrades.apply(record.id, "x", actor="rita"),
        lambda: store.regrades.drop(record.id, "x", actor="rita"),
        lambda: store.regrades.retry(record.id, actor="rita"),
    ):
        with pytest.raises(Conflict, match="it is applied already"):
            again()
    assert [each.deed.action for each in store.audit.page(AuditFilter(object_kind="regrade")).items] == [
        "regrade.apply",
        "regrade.retry",
        "regrade.begin",
    ]


def test_dropping_it_grades_nothing_more_of_it(store: Store, clock: Clock) -> None:
    ada = somebody(store)
    first, second = sent(store, clock, ada, 40), sent(store, clock, ada, 60)
    record = store.regrades.begin(NEW, actor="rita")
    running, waiting = held(store, first), held(store, second)
    claim = store.claims.take(running.id, "w")
    assert claim is not None
    store.regrades.drop(record.id, "no", actor="rita")
    assert store.claims.take(waiting.id, "w") is None
    cancelled = store.gradings.get(waiting.id)
    assert (cancelled.state, cancelled.finished_at) == (GradingState.ERROR, clock.now)
    assert store.claims.record_grade(claim, make_grade(claim, [make_test(1)], 99))
    assert store.submissions.best_scores({ada}) == {ada: {SLUG: 60}}
    (deed,) = store.audit.page(AuditFilter(action="regrade.drop")).items
    assert deed.deed.detail == {"challenge": SLUG, "reason": "no", "cancelled": 1}


def test_one_of_its_submissions_is_graded_again_alone_only_when_it_is_decided_about(store: Store, clock: Clock) -> None:
    submission = sent(store, clock, somebody(store), 40)
    record = store.regrades.begin(NEW, actor="rita")
    grade(store, held(store, submission).id, 90)
    with pytest.raises(Conflict, match="part of a regrade") as caught:
        store.gradings.regrade(submission)
    assert caught.value.hint == "apply or drop that regrade first"
    store.regrades.drop(record.id, "no", actor="rita")
    again = store.gradings.regrade(submission)
    assert (again.attempt, again.regrade_id) == (3, None)
    grade(store, again.id, 55)
    graded = store.gradings.latest_graded(submission)
    assert graded is not None
    assert graded.score == 55


def test_what_is_graded_again_after_it_was_applied_counts(store: Store, clock: Clock) -> None:
    submission = sent(store, clock, somebody(store), 40)
    record = store.regrades.begin(NEW, actor="rita")
    grade(store, held(store, submission).id, 90)
    store.regrades.apply(record.id, "x", actor="rita")
    grade(store, store.gradings.regrade(submission).id, 80)
    graded = store.gradings.latest_graded(submission)
    assert graded is not None
    assert graded.score == 80


@pytest.mark.parametrize("decided", ["", "apply", "drop"])
def test_who_would_have_another_score_is_told_before_and_after(store: Store, clock: Clock, decided: str) -> None:
    ada, grace, ken, lin = (somebody(store) for _ in range(4))
    up, best, same, down = (
        sent(store, clock, ada, 40),
        sent(store, clock, grace, 80),
        sent(store, clock, ken, 50),
        sent(store, clock, lin, 70),
    )
    worse = sent(store, clock, grace, 30)
    record = store.regrades.begin(NEW, actor="rita")
    fresh = {up: 90, best: 80, same: 50, down: 20, worse: 60}
    for submission, score in fresh.items():
        grade(store, held(store, submission).id, score)
    if decided:
        getattr(store.regrades, decided)(record.id, "x", actor="rita")
    changed, others = store.regrades.changes(record)
    # Grace's second is better than it was, and her first is still the best.
    assert sorted(changed, key=lambda each: each.after) == [ScoreChange(lin, 70, 20), ScoreChange(ada, 40, 90)]
    assert others == 2


def test_what_it_has_not_graded_keeps_the_grade_that_counts(store: Store, clock: Clock) -> None:
    ada, grace = somebody(store), somebody(store)
    first, second = sent(store, clock, ada, 40), sent(store, clock, grace, 60)
    record = store.regrades.begin(NEW, actor="rita")
    assert store.regrades.changes(record) == ([], 2)
    fail(store, held(store, first).id)
    grade(store, held(store, second).id, 61)
    assert store.regrades.changes(record) == ([ScoreChange(grace, 60, 61)], 1)
    assert store.regrades.failed(record.id) == [FailedRegrading(first, ada, "the engine is away")]
    # What was sent meanwhile is graded by what is new, and counts on both sides.
    sent(store, clock, grace, 100)
    assert store.regrades.changes(record) == ([], 2)


def test_requirements_that_are_met_by_others_now_are_counted(store: Store, clock: Clock) -> None:
    submissions = [sent(store, clock, somebody(store), 40) for _ in range(3)]
    record = store.regrades.begin(NEW, actor="rita")
    for submission, status in zip(submissions, ("met", "met", "unmet"), strict=True):
        claim = store.claims.take(held(store, submission).id, "w")
        assert claim is not None
        made = make_grade(claim, [make_test(1)])
        requirement = made.requirements[0].model_copy(update={"status": RequirementStatus(status)})
        assert store.claims.record_grade(claim, made.model_copy(update={"requirements": [requirement]}))
    (change,) = store.regrades.requirements(record)
    assert (change.id, change.title, change.gained, change.lost) == ("R1", "Totals", 2, 0)
    store.regrades.apply(record.id, "x", actor="rita")
    assert store.regrades.requirements(record) == [change]


def test_requirements_are_compared_by_their_ids() -> None:
    def grade_with(**statuses: str) -> list[dict[str, object]]:
        return [
            GradedRequirement(
                id=id_, title=f"title {id_}", points=1, earned=0, status=RequirementStatus(status), message=None
            ).model_dump(mode="json")
            for id_, status in statuses.items()
        ]

    pairs = [
        (grade_with(R1="met", R2="unmet", R10="partly"), grade_with(R1="met", R2="met", R10="met")),
        (grade_with(R1="met", R2="met"), grade_with(R1="met", R2="unmet", R3="met")),
    ]
    found = [(each.id, each.title, each.gained, each.lost) for each in requirement_changes(pairs)]
    assert found == [("R2", "title R2", 1, 1), ("R3", "title R3", 1, 0), ("R10", "title R10", 1, 0)]
    assert requirement_changes([]) == []


def test_the_last_come_first_and_part_by_part(store: Store, clock: Clock) -> None:
    sent(store, clock, somebody(store), 40)
    made = []
    for number in range(3):
        clock.advance(60)
        made.append(store.regrades.begin(NEW, actor="rita").id)
        if number < 2:
            store.regrades.drop(made[-1], "x", actor="rita")
    first = store.regrades.page(limit=2)
    assert [each.id for each in first.items] == made[:0:-1]
    assert [each.id for each in store.regrades.page(after=first.after).items] == made[:1]
    with pytest.raises(BadCursor):
        store.regrades.page(after="x")
    progress = store.regrades.progress(set(made))
    assert progress == {
        made[0]: RegradeProgress(failed=1),
        made[1]: RegradeProgress(failed=1),
        made[2]: RegradeProgress(waiting=1),
    }
    for call in (store.regrades.get, store.regrades.failed):
        if call is store.regrades.get:
            with pytest.raises(NotFound):
                call("0" * 32)
    with pytest.raises(NotFound):
        store.regrades.apply("0" * 32, "x", actor="rita")


def test_a_candidate_is_erased_with_what_a_regrade_made_of_them(store: Store, clock: Clock) -> None:
    ada, grace = somebody(store), somebody(store)
    submission = sent(store, clock, ada, 40)
    sent(store, clock, grace, 40)
    record = store.regrades.begin(NEW, actor="rita")
    with pytest.raises(Conflict):
        store.erasure.erase(ada, "asked", actor="rita")
    grade(store, held(store, submission).id, 90)
    store.erasure.erase(ada, "asked", actor="rita")
    assert store.regrades.progress({record.id})[record.id] == RegradeProgress(waiting=1)
    assert store.regrades.changes(record) == ([], 1)


def test_a_large_regrade_takes_no_more_statements_than_a_small_one(store: Store, clock: Clock) -> None:
    def statements() -> int:
        counted: list[str] = []

        def note(*arguments: object) -> None:
            counted.append(str(arguments[2]))

        event.listen(store.engine, "before_cursor_execute", note)
        try:
            record = store.regrades.begin(NEW, actor="rita")
            store.regrades.changes(record)
            store.regrades.requirements(record)
            store.regrades.failed(record.id)
            store.regrades.progress({record.id})
            store.regrades.drop(record.id, "x", actor="rita")
        finally:
            event.remove(store.engine, "before_cursor_execute", note)
        return len(counted)

    sent(store, clock, somebody(store), 40)
    few = statements()
    for _ in range(12):
        sent(store, clock, somebody(store), 40)
    clock.advance(timedelta(days=1).total_seconds())
    assert statements() == few > 0


def test_of_several_begun_at_the_same_moment_there_is_one(store: Store, clock: Clock) -> None:
    submission = sent(store, clock, somebody(store), 40)
    together, ends = threading.Barrier(4), []

    def begin() -> None:
        together.wait()
        try:
            ends.append(store.regrades.begin(NEW, actor="rita").id)
        except Conflict:
            ends.append("")

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends)[:3] == ["", "", ""]
    assert [each.id for each in store.regrades.page().items] == [max(ends)]
    assert len(store.gradings.history(submission)) == 2
