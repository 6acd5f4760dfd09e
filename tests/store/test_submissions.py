"""Submissions: stored with their first grading in one go, read back, listed in parts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from runner.grading.models import Verdict
from runner.submissions.model import Submission
from store.errors import AllowanceUsed, BadCursor, ContentDamaged, KeyUsed, NotFound, StoreFault
from store.pages import encode_cursor
from store.records import (
    Allowance,
    AuditFilter,
    GradingReason,
    IdempotencyKey,
    NewToken,
    Origin,
    Priority,
    Role,
    SourceKind,
    SubmissionFilter,
)
from store.states import GradingState
from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import CHANGE, ORIGIN, add, claimed, make_grade


def test_a_submission_is_stored_with_a_queued_grading(store: Store, clock: Clock) -> None:
    token = store.tokens.create(NewToken("c", Role.CANDIDATE, ("user-500",))).record
    origin = Origin("user-500", "sha256:abc", SourceKind.PATCH, token.id)
    submission, grading = store.submissions.add(CHANGE, origin)
    assert store.submissions.get(submission.id) == submission
    assert (submission.challenge, submission.challenge_digest) == ("user-500", "sha256:abc")
    assert (submission.token_id, submission.source) == (token.id, SourceKind.PATCH)
    assert (submission.submission_digest, submission.submitted_at) == (CHANGE.digest, clock.now)
    assert store.gradings.get(grading.id) == grading == store.gradings.latest(submission.id)
    assert (grading.submission_id, grading.attempt, grading.tries) == (submission.id, 1, 0)
    assert (grading.state, grading.reason) == (GradingState.QUEUED, GradingReason.SUBMISSION)
    assert (grading.priority, grading.queued_at) == (Priority.INTERACTIVE, clock.now)
    (deed,) = (record.deed for record in store.audit.page(AuditFilter(object_id=submission.id)).items)
    assert (deed.actor, deed.action, deed.detail["grading"]) == (token.id, "submission.add", grading.id)


def test_what_a_token_is_held_to_holds_for_many_at_the_same_moment(store: Store, clock: Clock) -> None:
    token = store.tokens.create(NewToken("c", Role.CANDIDATE, ("user-500",))).record
    origin = Origin("user-500", "sha256:abc", SourceKind.PATCH, token.id)
    hour, day = (clock.now - timedelta(hours=hours) for hours in (1, 24))
    allowances = (Allowance(9, day), Allowance(3, hour))

    def submit(_: int) -> int | None:
        try:
            store.submissions.add(CHANGE, origin, allowances=allowances)
        except AllowanceUsed as used:
            return used.number
        return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, range(12)))

    assert answers.count(None) == 3
    assert answers.count(1) == 9
    assert len(store.submissions.page(SubmissionFilter(token_id=token.id)).items) == 3
    clock.advance(2 * 3600)
    # Others', and those to another challenge, are not counted.
    other = store.tokens.create(NewToken("d", Role.CANDIDATE, ("user-500",))).record
    for free in (replace(origin, token_id=other.id), replace(origin, challenge="pagination")):
        store.submissions.add(CHANGE, free, allowances=(Allowance(1, day),))
    with pytest.raises(AllowanceUsed):
        store.submissions.add(CHANGE, origin, allowances=(Allowance(3, day),))
    store.submissions.add(CHANGE, origin, allowances=(Allowance(3, clock.now - timedelta(hours=1)),))


def test_tokens_with_one_reference_are_held_to_one_allowance(store: Store, clock: Clock) -> None:
    tokens = [store.tokens.create(NewToken(name, Role.CANDIDATE, ("user-500",), "A-17")).record for name in "ab"]
    held = (Allowance(1, clock.now - timedelta(hours=1), "A-17"),)
    origins = [Origin("user-500", "sha256:abc", SourceKind.PATCH, token.id) for token in tokens]
    store.submissions.add(CHANGE, origins[0], allowances=held)
    with pytest.raises(AllowanceUsed):
        store.submissions.add(CHANGE, origins[1], allowances=held)


def test_ids_can_not_be_guessed_and_fit_a_url(store: Store) -> None:
    gradings = [add(store) for _ in range(20)]
    ids = {grading.id for grading in gradings} | {grading.submission_id for grading in gradings}
    assert len(ids) == 40
    assert all(len(bytes.fromhex(id)) == 16 for id in ids)  # noqa: A001
    assert len({grading.seed for grading in gradings}) > 1


def test_the_content_comes_back_byte_for_byte(store: Store) -> None:
    submission = Submission({"app/näme.py": bytes(range(256)), "empty.txt": b"", "big.bin": b"\0" * 3_000_000})
    assert store.submissions.content(add(store, submission).submission_id) == submission
    assert store.submissions.content(add(store, Submission({})).submission_id).files == {}


def test_a_submission_of_an_unknown_token_is_a_fault_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(StoreFault):
        store.submissions.add(CHANGE, Origin("user-500", "sha256:abc", SourceKind.API, "0" * 32))
    assert store.submissions.page().items == ()
    assert set(store.backlog.counts().values()) == {0}
    assert store.audit.page().items == ()


def test_content_that_changed_in_the_database_is_a_fault(store: Store) -> None:
    mine, other = add(store), add(store, Submission({"a.py": b"other"}))
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE submissions SET content = (SELECT content FROM submissions WHERE id = :other) WHERE id = :mine"
            ),
            {"mine": mine.submission_id, "other": other.submission_id},
        )
    with pytest.raises(ContentDamaged, match="has digest"):
        store.submissions.content(mine.submission_id)


def test_a_submission_that_is_not_there_is_not_found(store: Store) -> None:
    for call in (store.submissions.get, store.submissions.content, store.gradings.latest, store.gradings.regrade):
        with pytest.raises(NotFound, match="there is no submission f00"):
            call("f00")
    for look in (store.gradings.get, store.gradings.grade):
        with pytest.raises(NotFound, match="there is no grading f00"):
            look("f00")
    assert store.gradings.history("f00") == []


def test_listing_in_parts_shows_every_submission_once_newest_first_while_others_come(
    store: Store, clock: Clock
) -> None:
    made = []
    for number in range(11):
        made.append(add(store).submission_id)
        clock.advance(number % 2)  # some have the same time
    seen, after = [], None
    while True:
        page = store.submissions.page(after=after, limit=4)
        seen += [row.submission for row in page.items]
        clock.advance(60)
        add(store)  # newer than all: on none of the parts that follow
        after = page.after
        if after is None:
            break
    assert sorted(submission.id for submission in seen) == sorted(made)
    assert [s.submitted_at for s in seen] == sorted((s.submitted_at for s in seen), reverse=True)


def test_a_listing_shows_the_latest_grading_and_filters_by_it(store: Store) -> None:
    token = store.tokens.create(NewToken("r", Role.RECRUITER)).record
    first = add(store)
    other = store.submissions.add(CHANGE, Origin("n-plus-one", "sha256:n", SourceKind.API, token.id))[1]
    claim = claimed(store, first.id)
    assert store.claims.record_grade(claim, make_grade(claim))
    graded = add(store)
    claim = claimed(store, graded.id)
    assert store.claims.record_grade(claim, make_grade(claim))
    again = store.gradings.regrade(first.submission_id)

    def found(**wanted: object) -> set[tuple[str, str]]:
        rows = store.submissions.page(SubmissionFilter(**wanted)).items  # type: ignore[arg-type]
        return {(row.submission.id, row.grading.id) for row in rows}

    first_row = (first.submission_id, again.id)
    other_row, graded_row = (other.submission_id, other.id), (graded.submission_id, graded.id)
    assert found() == {first_row, other_row, graded_row}
    assert found(challenge="user-500") == {first_row, graded_row}
    assert found(token_id=token.id) == {other_row}
    assert found(state=GradingState.QUEUED) == {first_row, other_row}
    # A regrade that waits takes no grade away.
    assert found(verdict=Verdict.PARTIAL) == {first_row, graded_row}
    assert found(verdict=Verdict.SOLVED) == set()
    grades = {row.submission.id: row.graded and row.graded.id for row in store.submissions.page().items}
    assert grades == {first.submission_id: first.id, other.submission_id: None, graded.submission_id: graded.id}
    assert store.gradings.latest(first.submission_id) == again
    last = store.gradings.latest_graded(first.submission_id)
    assert last is not None
    assert last.id == first.id
    assert store.gradings.latest_graded(other.submission_id) is None


def test_of_each_challenge_the_last_submission_of_a_token_is_found(store: Store, clock: Clock) -> None:
    ada, other = (
        store.tokens.create(NewToken(name, Role.CANDIDATE, ("a", "b"))).record.id for name in ("ada", "other")
    )
    last = {}
    for challenge in ("a", "a", "b", "a"):
        made, _ = store.submissions.add(CHANGE, Origin(challenge, "sha256:x", SourceKind.ARCHIVE, ada))
        last[challenge] = max(made.id, last[challenge]) if challenge in last else made.id  # of one moment, by id
    found = store.submissions.last_of_each(ada)
    assert {challenge: each.submission.id for challenge, each in found.items()} == last
    clock.advance(1)
    store.submissions.add(CHANGE, Origin("a", "sha256:x", SourceKind.ARCHIVE, other))
    made, grading = store.submissions.add(CHANGE, Origin("a", "sha256:x", SourceKind.ARCHIVE, ada))
    found = store.submissions.last_of_each(ada)
    assert (found["a"].submission.id, found["a"].grading.id, found["b"].submission.id) == (
        made.id,
        grading.id,
        last["b"],
    )
    assert store.submissions.last_of_each("0" * 32) == {}


def test_a_key_makes_one_submission_for_its_token(store: Store) -> None:
    origins = [
        Origin("user-500", "sha256:c", SourceKind.API, store.tokens.create(NewToken(name, Role.RECRUITER)).record.id)
        for name in ("mine", "theirs")
    ]
    key = IdempotencyKey("k" * 64, "r" * 64)
    mine, theirs = (store.submissions.add(CHANGE, origin, key=key)[0] for origin in origins)
    with pytest.raises(KeyUsed):
        store.submissions.add(CHANGE, origins[0], key=IdempotencyKey("k" * 64, "s" * 64))
    assert len(store.submissions.page().items) == 2
    assert store.backlog.counts()[GradingState.QUEUED] == 2
    assert store.submissions.made_with("k" * 64, mine.token_id or "") == (mine, key)
    assert store.submissions.made_with("k" * 64, theirs.token_id or "") == (theirs, key)
    assert store.submissions.made_with("o" * 64, mine.token_id or "") is None


YEAR_1, YEAR_9999 = (encode_cursor(text, "x") for text in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "\ud800",
        "W10",
        "WyJub3QgYSB0aW1lIiwieCJd",
        "WzEsMl0",
        "[" * 2000,
        "WyIyMDI2LTExLTI1IiwieCJd",
        YEAR_1,
        YEAR_9999,
    ],
)
def test_a_cursor_that_no_listing_gave_out_is_refused(store: Store, cursor: str) -> None:
    for page in (store.submissions.page, store.tokens.page, store.audit.page):
        with pytest.raises(BadCursor):
            page(after=cursor)


def test_a_limit_beyond_reason_is_refused(store: Store) -> None:
    for limit in (0, -1, 501):
        with pytest.raises(ValueError, match="limit must be from 1 to 500"):
            store.submissions.page(limit=limit)


def test_regrading_makes_the_next_attempt_with_the_same_seed_behind_those_who_wait(store: Store, clock: Clock) -> None:
    grading = add(store)
    claim = claimed(store, grading.id)
    assert store.claims.record_grade(claim, make_grade(claim))
    clock.advance(1)
    again = store.gradings.regrade(grading.submission_id, actor="boss")
    assert (again.attempt, again.seed, again.reason) == (2, grading.seed, GradingReason.REGRADE)
    assert (again.priority, again.state, again.queued_at) == (Priority.REGRADE, GradingState.QUEUED, clock.now)
    assert [record.id for record in store.gradings.history(grading.submission_id)] == [again.id, grading.id]
    assert store.gradings.grade(grading.id) is not None
    assert store.gradings.grade(again.id) is None
    (deed,) = (record.deed for record in store.audit.page(AuditFilter(object_id=again.id)).items)
    assert (deed.actor, deed.action) == ("boss", "grading.regrade")


def test_what_is_being_graded_is_not_regraded(store: Store) -> None:
    from store.errors import Conflict

    grading = add(store)
    with pytest.raises(Conflict, match=f"grading {grading.id} is queued"):
        store.gradings.regrade(grading.submission_id)
    claimed(store, grading.id)
    with pytest.raises(Conflict, match=f"grading {grading.id} is running"):
        store.gradings.regrade(grading.submission_id)
    assert len(store.gradings.history(grading.submission_id)) == 1


def test_the_same_submission_may_come_twice(store: Store) -> None:
    assert add(store).submission_id != add(store, origin=ORIGIN).submission_id
