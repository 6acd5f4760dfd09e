"""Assessments, who is invited to which, and what is known of their time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from runner.assessments.clock import Clock as CandidateClock
from runner.assessments.clock import Wait
from runner.assessments.clock import clock as clock_at
from runner.assessments.model import Assessment, Chosen
from runner.packages.manifest import Area
from store.errors import AllowanceUsed, BadToken, Conflict, NotFound
from store.invited import NewInvitation
from store.records import Allowance, AuditFilter, IssuedToken, NewToken, Origin, Role, SourceKind
from store.states import ClaimPolicy, GradingState
from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import CHANGE, make_grade

ASSESSMENT = Assessment(
    format=1,
    title="Backend",
    version="1.0.0",
    summary="Two apps.",
    pass_line=60,
    attempts=2,
    challenges=(Chosen(slug="late-fees"), Chosen(slug="greeter", weight=3, minutes=20)),
)
SLUGS = ("late-fees", "greeter")
AREAS = {"late-fees": Area.CORE, "greeter": Area.PRACTICAL}
ONE_TRY = ClaimPolicy(max_tries=1)


def invited(store: Store, clock: Clock, opens_in: timedelta | None = None) -> IssuedToken:
    opens_at = None if opens_in is None else clock.now + opens_in
    invitation = NewInvitation("backend", ASSESSMENT, AREAS, 90, extra_minutes=30, opens_at=opens_at)
    new = NewToken("Ada", Role.CANDIDATE, SLUGS, invitation=invitation)
    return store.tokens.create(new, actor="rita")


def sent(store: Store, token_id: str, challenge: str = "late-fees", allowances: tuple[Allowance, ...] = ()) -> str:
    origin = Origin(challenge, "sha256:c", SourceKind.ARCHIVE, token_id)
    return store.submissions.add(CHANGE, origin, allowances=allowances)[1].id


def test_an_invitation_is_kept_as_it_was_sent(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    found = store.invitations.of(token.id)
    assert found is not None
    assert (found.assessment, found.source, found.began_at) == (ASSESSMENT, "backend", None)
    assert found.areas == AREAS
    assert found.allowed == timedelta(minutes=120)
    assert store.invitations.some({token.id, "other"}) == {token.id: found}
    assert store.invitations.of("other") is None
    assert store.invitations.some(set()) == {}
    (made,) = store.audit.page(AuditFilter(action="token.create")).items
    assert made.deed.detail["assessment"] == "backend"


def test_who_begins_has_begun_once(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    began = store.invitations.begin(token.id).began_at
    assert began == clock.now
    clock.advance(60)
    assert store.invitations.begin(token.id).began_at == began
    assert len(store.audit.page(AuditFilter(action="invitation.begin")).items) == 1
    with pytest.raises(NotFound):
        store.invitations.begin("0" * 32)


def test_nobody_begins_before_it_opens(store: Store, clock: Clock) -> None:
    token = invited(store, clock, timedelta(hours=1)).record
    with pytest.raises(Conflict, match="it opens at 2026-11-25 13:00 UTC"):
        store.invitations.begin(token.id)
    clock.advance(3600)
    assert store.invitations.begin(token.id).began_at == clock.now


def test_nobody_begins_after_it_has_closed(store: Store, clock: Clock) -> None:
    closes_at = clock.now + timedelta(hours=1)
    invitation = NewInvitation("backend", ASSESSMENT, AREAS, 90, closes_at=closes_at)
    new = NewToken("Ada", Role.CANDIDATE, SLUGS, invitation=invitation)
    early, late = (store.tokens.create(new).record.id for _ in range(2))
    clock.advance(3600)
    began = store.invitations.begin(early).began_at
    clock.advance(1)
    with pytest.raises(Conflict, match="it could be begun until 2026-11-25 13:00 UTC"):
        store.invitations.begin(late)
    assert store.invitations.begin(early).began_at == began


def test_one_person_may_have_more_time(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    assert store.invitations.allow(token.id, 45, "agreed by mail", actor="rita").allowed == timedelta(minutes=135)
    (deed,) = store.audit.page(AuditFilter(action="invitation.allow")).items
    assert deed.deed.detail == {"extra_minutes": 45, "before": 30, "reason": "agreed by mail"}
    for wrong in (-1, 366 * 1440 + 1):
        with pytest.raises(ValueError, match="extra minutes"):
            store.invitations.allow(token.id, wrong, "", actor="rita")
    with pytest.raises(NotFound):
        store.invitations.allow("0" * 32, 5, "", actor="rita")


def test_a_token_names_the_challenges_of_its_assessment(store: Store) -> None:
    invitation = NewInvitation("backend", ASSESSMENT, AREAS, 90)
    for role, slugs in ((Role.CANDIDATE, SLUGS[:1]), (Role.CANDIDATE, (*SLUGS, "more")), (Role.ADMIN, ())):
        with pytest.raises(BadToken, match="an assessment is for a candidate"):
            store.tokens.create(NewToken("x", role, slugs, invitation=invitation))
    assert store.tokens.page().items == ()


def test_the_platform_keeps_people_waiting(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    store.invitations.begin(token.id)
    assert store.invitations.waits({token.id}) == {}
    graded, failing, waiting = (sent(store, token.id) for _ in range(3))
    queued = clock.now
    clock.advance(60)
    claim = store.claims.take(graded, "w")
    assert claim is not None
    claimed_at = clock.now
    clock.advance(60)
    assert store.claims.record_grade(claim, make_grade(claim, []))
    graded_at = clock.now
    claim = store.claims.take(failing, "w", ONE_TRY)
    assert claim is not None
    clock.advance(60)
    assert store.claims.record_error(claim, "the engine is away") is GradingState.ERROR
    failed_at = clock.now
    assert sorted(
        store.invitations.waits({token.id})[token.id], key=lambda wait: (wait.until is None, wait.until or queued)
    ) == [
        Wait(queued, claimed_at),
        Wait(queued, claimed_at),
        Wait(queued, failed_at),
        # Not while another of theirs was being graded.
        Wait(graded_at, None),
    ]
    assert clock_of(store, token.id, clock).stands
    taken = store.claims.take(waiting, "w")
    assert taken is not None
    now = clock_of(store, token.id, clock)
    assert not now.stands
    assert now.waited == timedelta(minutes=3)
    # What an assessor asks for is no wait of the candidate's.
    store.gradings.regrade(store.gradings.get(graded).submission_id)
    clock.advance(600)
    assert clock_of(store, token.id, clock).waited == timedelta(minutes=3)


def clock_of(store: Store, token_id: str, time: Clock) -> CandidateClock:
    record = store.invitations.of(token_id)
    assert record is not None
    assert record.began_at is not None
    return clock_at(record.began_at, record.allowed, store.invitations.waits({token_id})[token_id], time.now)


def test_what_the_platform_failed_to_grade_is_no_attempt(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    one = (Allowance(1, clock.now - timedelta(seconds=1), spares_faults=True),)
    failing = sent(store, token.id, allowances=one)
    with pytest.raises(AllowanceUsed):
        sent(store, token.id, allowances=one)
    claim = store.claims.take(failing, "w", ONE_TRY)
    assert claim is not None
    store.claims.record_error(claim, "the engine is away")
    assert store.submissions.attempts_of(token.id) == {}
    # Whatever others are graded again.
    other = sent(store, invited(store, clock).record.id)
    first = store.claims.take(other, "w")
    assert first is not None
    assert store.claims.record_grade(first, make_grade(first, []))
    store.gradings.regrade(store.gradings.get(other).submission_id)
    assert store.submissions.attempts_of(token.id) == {}
    again = sent(store, token.id, allowances=one)
    with pytest.raises(AllowanceUsed):
        sent(store, token.id, allowances=one)
    assert store.gradings.get(again).state is GradingState.QUEUED


def test_those_of_one_assessment_are_listed(store: Store, clock: Clock) -> None:
    tokens = []
    for _ in range(3):
        tokens.append(invited(store, clock).record.id)
        clock.advance(1)
    page = store.invitations.page("backend", limit=2)
    assert [record.token_id for record in page.items] == [tokens[2], tokens[1]]
    rest = store.invitations.page("backend", limit=2, after=page.after)
    assert ([record.token_id for record in rest.items], rest.after) == ([tokens[0]], None)
    assert store.invitations.page("other").items == ()


def test_an_assessment_is_composed_and_archived(store: Store, clock: Clock) -> None:
    made = []
    for _ in range(3):
        made.append(store.assessments.add(ASSESSMENT, author="rita"))
        clock.advance(1)
    assert store.assessments.get(made[0].id) == made[0]
    page = store.assessments.page(limit=2)
    assert page.items == (made[2], made[1])
    assert store.assessments.page(limit=2, after=page.after).items == (made[0],)
    for _ in range(2):
        assert store.assessments.archive(made[1].id, actor="rita").archived_at == clock.now
    assert [record.id for record in store.assessments.page().items] == [made[2].id, made[0].id]
    assert [record.id for record in store.assessments.page(archived=True).items] == [made[1].id]
    actions = [record.deed.action for record in store.audit.page().items]
    assert sorted(actions) == ["assessment.add"] * 3 + ["assessment.archive"]
    with pytest.raises(NotFound):
        store.assessments.get("0" * 32)
    with pytest.raises(NotFound):
        store.assessments.archive("0" * 32, actor="rita")


def test_an_attempt_that_was_graded_stays_one_when_grading_it_again_fails(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    claim = store.claims.take(sent(store, token.id), "w")
    assert claim is not None
    assert store.claims.record_grade(claim, make_grade(claim, []))
    again = store.claims.take(store.gradings.regrade(claim.submission_id).id, "w", ONE_TRY)
    assert again is not None
    store.claims.record_error(again, "the engine is away")
    assert store.submissions.attempts_of(token.id) == {"late-fees": 1}


def test_those_that_wait_have_an_address_and_are_not_begun(store: Store, clock: Clock) -> None:
    def made(name: str, email: str | None, source: str = "backend") -> str:
        invitation = NewInvitation(source, ASSESSMENT, AREAS, 90, email=email)
        return store.tokens.create(NewToken(name, Role.CANDIDATE, SLUGS, invitation=invitation)).record.id

    first, second = made("Ada", "ada@example.org"), made("Grace", "grace@example.org")
    made("Lin", None)
    made("Other", "other@example.org", "frontend")
    store.invitations.begin(made("At work", "work@example.org"))
    waiting = store.invitations.waiting("backend")
    assert {record.token_id: record.email for record in waiting} == {
        first: "ada@example.org",
        second: "grace@example.org",
    }
    assert store.invitations.waiting("nothing") == []


@pytest.mark.parametrize("email", ["", "ada", "a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example"])
def test_an_address_that_is_none_is_not_kept(store: Store, email: str) -> None:
    invitation = NewInvitation("backend", ASSESSMENT, AREAS, 90, email=email)
    with pytest.raises(BadToken, match="mail address"):
        store.tokens.create(NewToken("Ada", Role.CANDIDATE, SLUGS, invitation=invitation))


def test_whoever_is_done_has_what_was_left_when_they_go_on(store: Store, clock: Clock) -> None:
    token = invited(store, clock).record
    with pytest.raises(Conflict, match="not begun"):
        store.invitations.finish(token.id)
    store.invitations.begin(token.id)
    for after in (20, 30):
        clock.now += timedelta(minutes=after)
        done_at = store.invitations.finish(token.id).done_at
        assert done_at == clock.now
        clock.now += timedelta(hours=9)
        assert store.invitations.finish(token.id).done_at == done_at
        assert store.invitations.reopen(token.id, "a mistake", actor="rita").done_at is None
        with pytest.raises(Conflict, match="not said"):
            store.invitations.reopen(token.id, "again", actor="rita")
    record = store.invitations.of(token.id)
    assert record is not None
    assert record.began_at is not None
    now = clock_at(record.began_at, record.allowed, record.breaks, clock.now)
    assert (now.allowed - now.left, now.waited) == (timedelta(minutes=50), timedelta(hours=18))
    deeds = store.audit.page(AuditFilter(object_id=token.id)).items
    assert [deed.deed.action for deed in deeds if "invitation" in deed.deed.action] == [
        *("invitation.reopen", "invitation.finish") * 2,
        "invitation.begin",
    ]
    assert deeds[0].deed.detail["reason"] == "a mistake"
    for wrong in (
        lambda: store.invitations.finish("0" * 32),
        lambda: store.invitations.reopen("0" * 32, "", actor="x"),
    ):
        with pytest.raises(NotFound):
            wrong()
