"""What others are told: found in the trail, each once, by whoever looks; and nothing of who was erased."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict, NotFound
from store.records import AuditFilter, Deed, NewToken, Role
from store.regraded import NewRegrade
from store.reviewed import NoteKind
from store.states import ClaimPolicy
from store.store import Store
from store.tables import AuditRow
from store.webhook_rules import Answer, DeliveryState, Event
from store.webhook_tables import DeliveryRow, WebhookCursorRow
from store.webhooks import KEPT, LEASE, SETTLED, STALE, Attempt
from tests.store.conftest import Clock
from tests.store.examples import add, claimed, make_grade
from tests.store.test_erasure import mentions, somebody

TAKEN, AWAY = Answer(204), Answer(None, "no answer")


@pytest.fixture
def begun(store: Store) -> Store:
    """Webhooks were set up, and nothing has happened since."""
    assert not store.webhooks.collect()
    return store


def sent(store: Store) -> list[dict[str, Any]]:
    """Deliver all that is due; what was sent, in the order in which it happened."""
    while store.webhooks.collect():
        pass
    bodies = []
    for id in store.webhooks.due():  # noqa: A001
        attempt = store.webhooks.take(id)
        assert attempt is not None
        assert store.webhooks.record(attempt, TAKEN) is not None
        bodies.append(json.loads(attempt.body))
    return sorted(bodies, key=lambda body: str(body["timestamp"]))


def take(store: Store) -> Attempt:
    """The one delivery that is due."""
    (id,) = store.webhooks.due()  # noqa: A001
    attempt = store.webhooks.take(id)
    assert attempt is not None
    return attempt


def test_what_was_done_before_is_not_told(store: Store) -> None:
    add(store)
    assert sent(store) == []
    assert sent(store) == []
    add(store)
    assert [body["type"] for body in sent(store)] == ["submission.received"]


def test_a_story_is_told_in_ids_and_figures(begun: Store, clock: Clock) -> None:
    me = somebody(begun, clock, reference="A-17")
    begun.reviews.note(me, "rita", NoteKind.ADVANCE, "the reason is nobody else's")
    found = {body["type"]: body for body in sent(begun)}
    assert set(found) == {
        *("invitation.created", "assessment.begun", "submission.received", "grading.finished", "decision.recorded"),
    }
    who = {"id": me, "reference": "A-17", "assessment": "backend"}
    assert {json.dumps(body["data"]["candidate"]) for body in found.values()} == {json.dumps(who)}
    assert found["decision.recorded"]["data"] == {"candidate": who, "decision": "advance"}
    assert found["assessment.begun"]["data"] == {"candidate": who}
    invited = found["invitation.created"]["data"]
    assert invited["challenges"] == list(begun.tokens.get(me).challenges)
    assert invited["expires_at"] == (clock.now + timedelta(days=1)).isoformat()
    graded = found["grading.finished"]["data"]
    assert graded["submission"] == found["submission.received"]["data"]["submission"]
    assert graded["url"] == f"/api/v1/submissions/{graded['submission']}"
    assert (graded["challenge"], graded["score"], graded["verdict"]) == ("late-fees", 40, "partial")
    assert graded["requirements"] == [
        {"id": "R1", "title": "Totals", "points": 100, "earned": 40, "status": "partly"},
    ]
    assert set(graded["receipt"]) == {"challenge_digest", "submission_digest", "image"}
    said = json.dumps(list(found.values()))
    assert all(hidden not in said for hidden in ("test_cart", "Look.", "Ada", "reason is", "GET /cart", "assert 1"))
    assert found["grading.finished"]["timestamp"] == clock.now.isoformat()


def test_what_no_candidate_did_is_about_nobody_and_other_tokens_are_not_told(begun: Store) -> None:
    begun.tokens.create(NewToken("x", Role.ADMIN))
    begun.audit.record(Deed("x", "grade.read", "submission", "y"))
    grading = add(begun)
    claim = claimed(begun, grading.id, max_tries=1)
    begun.claims.record_error(claim, "the engine at 10.0.0.9 is away")
    failed, received = sorted(sent(begun), key=lambda body: body["type"])
    assert (failed["type"], received["type"]) == ("grading.failed", "submission.received")
    assert failed["data"]["candidate"] is None
    assert failed["data"]["grading"] == grading.id
    assert "score" not in failed["data"]
    assert "10.0.0.9" not in json.dumps(failed)


def test_a_grading_that_is_tried_again_is_no_failure(begun: Store) -> None:
    grading = add(begun)
    begun.claims.record_error(claimed(begun, grading.id), "x")
    assert begun.claims.take(grading.id, "w", ClaimPolicy()) is not None
    assert [body["type"] for body in sent(begun)] == ["submission.received"]


def test_nothing_is_kept_or_told_of_whom_was_erased_but_that(begun: Store, clock: Clock) -> None:
    grace = somebody(begun, clock)
    assert not begun.webhooks.collect()
    before = mentions(begun, grace)
    ada = somebody(begun, clock)
    assert not begun.webhooks.collect()
    hers = [each.id for each in begun.webhooks.page().items if each.token_id == ada]
    assert len(hers) == before["webhook_deliveries"] == 4
    attempt = begun.webhooks.take(hers[0])
    assert attempt is not None
    begun.erasure.erase(ada, "she asked", actor="rita")
    assert mentions(begun, grace) == before
    assert len(begun.webhooks.page().items) == 4
    assert begun.webhooks.record(attempt, TAKEN) is None
    # The same deeds are looked at again, since they are young.
    told = sent(begun)
    assert [body["data"]["candidate"]["id"] for body in told if body["type"] != "candidate.erased"] == [grace] * 4
    assert [body["data"] for body in told if body["type"] == "candidate.erased"] == [{"candidate": {"id": ada}}]


def test_a_deed_that_shows_up_after_a_later_one_is_told(begun: Store, clock: Clock) -> None:
    late = add(begun)
    add(begun)
    mine = AuditRow.object_id == late.submission_id
    with begun.engine.begin() as connection:
        (row,) = connection.execute(select(AuditRow.__table__).where(mine)).all()
        connection.execute(delete(AuditRow).where(mine))
    add(begun)
    assert len(sent(begun)) == 2
    with begun.engine.begin() as connection:
        connection.execute(insert(AuditRow).values(**row._asdict()))
    clock.advance(SETTLED.total_seconds() / 2)
    (body,) = sent(begun)
    assert body["data"]["submission"] == late.submission_id
    assert sent(begun) == []


def test_of_many_deeds_each_is_told_once_and_the_cursor_moves_past_them(begun: Store, clock: Clock) -> None:
    database = Database(begun.engine, clock)
    me = begun.tokens.create(NewToken("Ada", Role.CANDIDATE, ("late-fees",))).record.id
    with database.writing() as connection:
        for _ in range(1200):
            write_deed(connection, Deed(me, "invitation.begin", "token", me), database)
    while begun.webhooks.collect():
        pass
    clock.advance(2 * SETTLED.total_seconds())
    with database.writing() as connection:
        write_deed(connection, Deed(me, "link.open", "token", me), database)
    while begun.webhooks.collect():
        pass
    assert begun.webhooks.counts()[DeliveryState.WAITING] == 1201
    with begun.engine.connect() as connection:
        reached = connection.execute(select(WebhookCursorRow.deed_id)).scalar_one()
    assert begun.audit.page().items[0].id - reached == 1


def test_old_news_is_none(begun: Store, clock: Clock) -> None:
    add(begun)
    clock.advance(STALE.total_seconds() + 1)
    assert sent(begun) == []


@pytest.mark.parametrize("amount", [4])
def test_of_several_that_look_and_deliver_at_once_each_deed_is_told_once(
    begun: Store, clock: Clock, url: str, amount: int
) -> None:
    for _ in range(15):
        add(begun)
    start, lock = threading.Barrier(amount), threading.Lock()
    taken: list[str] = []

    def deliver() -> None:
        with Store.open(url, clock=clock) as store:
            start.wait()
            for _ in range(3):
                store.webhooks.collect()
            for id in store.webhooks.due():  # noqa: A001
                attempt = store.webhooks.take(id)
                if attempt is not None:
                    with lock:
                        taken.append(json.loads(attempt.body)["data"]["submission"])
                    store.webhooks.record(attempt, TAKEN)

    threads = [threading.Thread(target=deliver) for _ in range(amount)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [*taken, *(body["data"]["submission"] for body in sent(begun))]
    assert len(told) == len(set(told)) == 15


def test_what_one_does_not_end_is_anothers_and_no_longer_its_own(begun: Store, clock: Clock) -> None:
    begun.webhooks.test(actor="ada")
    first = take(begun)
    assert begun.webhooks.due() == []
    assert begun.webhooks.take(first.id) is None
    clock.advance(LEASE.total_seconds())
    second = take(begun)
    assert (second.id, second.number) == (first.id, 2)
    assert begun.webhooks.record(first, TAKEN) is None
    assert begun.webhooks.page().items[0].state is DeliveryState.WAITING
    assert begun.webhooks.record(second, TAKEN) is not None
    assert begun.webhooks.page().items[0].state is DeliveryState.DELIVERED


def test_what_fails_is_tried_for_a_day_and_then_given_up(begun: Store, clock: Clock) -> None:
    id = begun.webhooks.test(actor="ada")  # noqa: A001
    began = clock.now
    for number in range(1, 12):
        (item,) = begun.webhooks.page().items
        assert item.due_at is not None
        clock.now = item.due_at
        attempt = take(begun)
        assert attempt.number == number
        follows = begun.webhooks.record(attempt, AWAY)
        assert follows is not None
    assert follows.state is DeliveryState.GIVEN_UP
    assert timedelta(hours=20) < clock.now - began < timedelta(hours=31)
    (item,) = begun.webhooks.page().items
    assert (item.attempts, item.due_at, item.status, item.fault) == (11, None, None, "no answer")
    (deed,) = begun.audit.page(AuditFilter(action="webhook.give_up")).items
    assert deed.deed.object_id == id
    assert deed.deed.detail == {"event": "webhook.test", "of": id, "attempts": 11}
    clock.advance(86400 * 2)
    assert begun.webhooks.due() == []


def test_what_is_over_is_told_again_when_asked_and_what_waits_is_not(begun: Store) -> None:
    id = begun.webhooks.test(actor="ada")  # noqa: A001
    with pytest.raises(Conflict, match="waits to be sent already"):
        begun.webhooks.replay(id, actor="ada")
    first = take(begun)
    assert begun.webhooks.record(first, TAKEN) is not None
    (delivered,) = begun.audit.page(AuditFilter(action="webhook.deliver")).items
    assert delivered.deed.detail == {"event": "webhook.test", "of": id, "attempts": 1}
    begun.webhooks.replay(id, actor="ada")
    again = take(begun)
    assert (again.id, again.number, again.body) == (first.id, 1, first.body)
    with pytest.raises(NotFound):
        begun.webhooks.replay("0" * 32, actor="ada")
    (deed,) = begun.audit.page(AuditFilter(action="webhook.replay")).items
    assert (deed.deed.actor, deed.deed.object_id) == ("ada", id)


def test_what_can_not_be_said_any_more_is_given_up_and_in_nobodys_way(begun: Store, clock: Clock) -> None:
    row = {"id": "f" * 32, "event": Event.GRADING_FINISHED, "object_id": "0" * 32, "state": DeliveryState.WAITING}
    at = {"happened_at": clock.now, "created_at": clock.now, "due_at": clock.now, "attempts": 0}
    with begun.engine.begin() as connection:
        connection.execute(insert(DeliveryRow).values(**row, **at))
    assert begun.webhooks.take("f" * 32) is None
    (item,) = begun.webhooks.page().items
    assert item.state is DeliveryState.GIVEN_UP
    assert item.fault == "what it tells of is not there any more"
    assert begun.webhooks.due() == []
    assert len(begun.audit.page(AuditFilter(action="webhook.give_up")).items) == 1


def test_the_list_goes_on_where_it_stopped_and_is_forgotten_after_a_month(begun: Store, clock: Clock) -> None:
    ids = []
    for _ in range(5):
        ids.append(begun.webhooks.test(actor="ada"))
        clock.advance(1)
    first = begun.webhooks.page(limit=2)
    second = begun.webhooks.page(after=first.after, limit=2)
    last = begun.webhooks.page(after=second.after, limit=2)
    assert [each.id for part in (first, second, last) for each in part.items] == ids[::-1]
    assert last.after is None
    assert begun.webhooks.page(event="grading.finished").items == ()
    assert begun.webhooks.counts() == {
        DeliveryState.WAITING: 5,
        DeliveryState.DELIVERED: 0,
        DeliveryState.GIVEN_UP: 0,
    }
    clock.advance(KEPT.total_seconds() - 3)
    assert begun.webhooks.forget_old() == 3 - 1
    assert begun.webhooks.counts()[DeliveryState.WAITING] == 3


def test_the_figures_of_a_grade_that_comes_again_are_its_own(begun: Store) -> None:
    grading = add(begun)
    claim = claimed(begun, grading.id)
    assert begun.claims.record_grade(claim, make_grade(claim, score=40))
    again = begun.gradings.regrade(claim.submission_id)
    claim = claimed(begun, again.id)
    assert begun.claims.record_grade(claim, make_grade(claim, score=70))
    told = [body["data"] for body in sent(begun) if body["type"] == "grading.finished"]
    assert sorted((each["attempt"], each["score"], each["reason"]) for each in told) == [
        (1, 40, "submission"),
        (2, 70, "regrade"),
    ]


def test_a_regrades_grades_are_not_told_and_that_it_is_applied_is(begun: Store, clock: Clock) -> None:
    me = somebody(begun, clock)
    sent(begun)
    record = begun.regrades.begin(NewRegrade("late-fees", "sha256:c", "R1's test was wrong"), actor="rita")
    for waiting in begun.backlog.lost(queued_for_s=-1):
        claim = claimed(begun, waiting.grading_id)
        assert begun.claims.record_grade(claim, make_grade(claim))
    assert sent(begun) == []
    begun.regrades.apply(record.id, "looked at", actor="rita")
    (told,) = sent(begun)
    where = {"regrade": record.id, "challenge": "late-fees", "assessment": None, "url": f"/api/v1/regrades/{record.id}"}
    assert (told["type"], told["data"]) == ("regrade.applied", where)
    assert me not in json.dumps(told)
