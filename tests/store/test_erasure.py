"""Erasing a candidate: nothing of them is left in any table but the audit trail, and of others everything."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from runner.assessments.rubric import RUBRIC
from store.errors import Conflict, NotFound
from store.invited import NewInvitation
from store.records import AuditFilter, DraftChange, IdempotencyKey, NewToken, Origin, Role, SourceKind
from store.reviewed import Explanation, NoteKind, Place, Side
from store.store import Store
from store.tables import AuditRow, Base, GradingRow
from tests.store.conftest import Clock
from tests.store.examples import CHANGE, make_grade
from tests.store.test_invitations import AREAS, ASSESSMENT, SLUGS

POINTS = {criterion.name: 2 for criterion in RUBRIC}


def somebody(store: Store, clock: Clock, *, reference: str | None = None, graded: bool = True) -> str:
    """A candidate of whom there is something in every table that has something of candidates."""
    store.webhooks.collect()
    new = NewToken(
        "Ada",
        Role.CANDIDATE,
        SLUGS,
        reference,
        clock.now + timedelta(days=1),
        {"late-fees": "house=1"},
        NewInvitation("backend", ASSESSMENT, AREAS, 90),
    )
    me = store.partner.send(new, uuid.uuid4().hex * 2, "https://ats.example/people/1", actor="ats")[0].token_id
    store.invitations.begin(me)
    store.explanations.save(me, "late-fees", Explanation("a"))
    store.drafts.save(me, "late-fees", DraftChange("app.py", "x", 0))
    store.reviews.add(me, "rita", POINTS, "")
    store.reviews.note(me, "rita", NoteKind.NOTE, "x")
    store.shares.add(me, 7, with_name=True, author="rita")
    origin = Origin("late-fees", "sha256:c", SourceKind.ARCHIVE, me)
    grading = store.submissions.add(CHANGE, origin, key=IdempotencyKey("a" * 64, "b" * 64))[1]
    place = Place("app.py", Side.AFTER, 1)
    store.comments.add(store.gradings.get(grading.id).submission_id, place, f"x {me}", author="rita")
    if graded:
        claim = store.claims.take(grading.id, "w")
        assert claim is not None
        assert store.claims.record_grade(claim, make_grade(claim))
    store.webhooks.collect()
    return me


def mentions(store: Store, token_id: str) -> dict[str, int]:
    """In how many rows of each table the candidate, or a grading of theirs, is named; the trail is left out."""
    found: dict[str, int] = {}
    with store.engine.connect() as connection:
        gradings = [row.id for row in connection.execute(select(GradingRow.id))]
        for table in Base.metadata.sorted_tables:
            if table is AuditRow.__table__:
                continue
            rows = [" ".join(map(str, row)) for row in connection.execute(select(table))]
            count = sum(token_id in row or any(each in row for each in gradings) for row in rows)
            found |= {table.name: count} if count else {}
    return found


def test_nothing_is_left_of_one_and_everything_of_the_other(store: Store, clock: Clock) -> None:
    grace = somebody(store, clock)
    before = mentions(store, grace)
    ada = somebody(store, clock)
    assert set(mentions(store, ada)) >= {
        *("tokens", "invitations", "explanations", "drafts", "reviews", "notes", "shares", "submissions", "variants"),
        *("idempotency_keys", "gradings", "grading_tests", "grading_events", "webhook_deliveries", "partner_tests"),
    }
    assert store.erasure.erase(ada, "she asked", actor="rita") == 1
    assert mentions(store, grace) == before
    with store.engine.connect() as connection:
        rows = [
            str(row)
            for table in Base.metadata.sorted_tables
            if table is not AuditRow.__table__
            for row in connection.execute(select(table))
        ]
    assert not any(ada in row for row in rows)
    (deed,) = store.audit.page(AuditFilter(action="candidate.erase")).items
    assert (deed.deed.actor, deed.deed.object_id) == ("rita", ada)
    assert deed.deed.detail == {"submissions": 1, "reason": "she asked"}
    with pytest.raises(NotFound):
        store.erasure.erase(ada, "again", actor="rita")


def test_variants_of_a_person_stay_as_long_as_they_have_another_link(store: Store, clock: Clock) -> None:
    one, two = (somebody(store, clock, reference="A-1") for _ in range(2))
    store.erasure.erase(one, "x", actor="rita")
    assert store.variants.of("candidate A-1", "late-fees") == "house=1"
    store.erasure.erase(two, "x", actor="rita")
    assert store.variants.of("candidate A-1", "late-fees") is None


def test_nobody_is_erased_while_something_is_being_graded(store: Store, clock: Clock) -> None:
    ada = somebody(store, clock, graded=False)
    with pytest.raises(Conflict, match="being graded"):
        store.erasure.erase(ada, "x", actor="rita")
    assert store.invitations.of(ada) is not None
    assert store.audit.page(AuditFilter(action="candidate.erase")).items == ()


def test_only_candidates_are_erased(store: Store) -> None:
    admin = store.tokens.create(NewToken("x", Role.ADMIN)).record.id
    with pytest.raises(NotFound):
        store.erasure.erase(admin, "x", actor="rita")
    assert store.tokens.get(admin).name == "x"


def test_whose_link_ended_long_ago_is_due(store: Store, clock: Clock) -> None:
    expired, waiting = somebody(store, clock), somebody(store, clock, graded=False)
    revoked = somebody(store, clock)
    forever = store.tokens.create(NewToken("x", Role.CANDIDATE, SLUGS)).record.id
    admin = store.tokens.create(NewToken("x", Role.ADMIN, expires_at=clock.now + timedelta(days=1))).record.id
    store.tokens.revoke(revoked)
    assert store.erasure.due(clock.now) == []
    clock.advance(1)
    assert store.erasure.due(clock.now) == [revoked]
    clock.advance(86400)
    assert set(store.erasure.due(clock.now)) == {expired, revoked}
    assert len(store.erasure.due(clock.now, limit=1)) == 1
    assert {waiting, forever, admin}.isdisjoint(store.erasure.due(clock.now))
