"""What others are told by webhooks: found in the audit trail, which is the outbox, and delivered at least once.

A deed is written in the transaction of what it tells of, so nothing is told that did not happen and nothing that
happened is forgotten. Each deed has one delivery, whoever finds it and how often. Of several that deliver, one has a
delivery at a time: taking it moves `due_at` on and counts the attempt, both only as they were, and what is not heard of
until then is another's.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from store.audit import write_deed
from store.engine import Database, Survives
from store.errors import Conflict, NotFound
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import SYSTEM, Deed, Page
from store.tables import AuditRow, GradingRow, SubmissionRow, TokenRow
from store.webhook_contents import content_of
from store.webhook_rules import EVENTS, STALE, After, Answer, DeliveryState, Event, after, event_of
from store.webhook_tables import DeliveryRow, WebhookCursorRow

#: A deed's number is given out before its transaction ends, so a lower one may show up after a higher. No transaction
#: takes so long: what is older is complete. Younger deeds are told at once, and looked at again.
SETTLED = timedelta(seconds=60)
#: How long an attempt may take at most; then another may try.
LEASE = timedelta(seconds=60)
#: How long it is known what was told.
KEPT = timedelta(days=30)
#: Deeds that are looked through at once.
_AT_ONCE = 500
#: So many deeds later the cursor is moved on though none of them is told.
_SPAN = 100
_CURSOR = 1
_CHANCES = 10_000
_NOTHING_TO_SAY = "what it tells of is not there any more"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something to be told, and how far that is.

    `object_id`: of the grading, submission or token that it is about; `submission_id`: of a grading, which one's.
    """

    id: str
    event: Event
    object_id: str
    token_id: str | None
    happened_at: datetime
    created_at: datetime
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    tried_at: datetime | None
    status: int | None
    fault: str | None
    submission_id: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A delivery that is the holder's to try. `number`: from 1."""

    id: str
    number: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _News:
    """A deed that is told."""

    id: int
    at: datetime
    event: Event
    object_id: str


class Webhooks:
    """Deliveries to the one target that settings name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> bool:
        """Make deliveries of what the trail has new. Whether there may be more at once.

        The first time nothing is: what was done before there were webhooks is not told.
        """
        now = self._database.now()
        with self._database.reading() as connection:
            seen = connection.execute(select(WebhookCursorRow.deed_id)).scalar_one_or_none()
            if seen is None:
                last = connection.execute(select(func.max(AuditRow.id))).scalar_one() or 0
            else:
                known = select(DeliveryRow.id).where(DeliveryRow.deed_id == AuditRow.id).exists()
                rows = connection.execute(
                    select(AuditRow.id, AuditRow.at, AuditRow.action, AuditRow.object_id, AuditRow.detail)
                    .where(AuditRow.id > seen, AuditRow.action.in_(EVENTS), ~known)
                    .order_by(AuditRow.id)
                    .limit(_AT_ONCE)
                ).all()
                settled = connection.execute(
                    select(func.max(AuditRow.id)).where(AuditRow.id > seen, AuditRow.at < now - SETTLED)
                ).scalar_one()
                found = self._about(connection, _news(rows, now - STALE))
        if seen is None:
            self._begin(last)
            return False
        upto = seen if settled is None else settled
        is_full = len(rows) == _AT_ONCE
        if is_full:
            upto = min(upto, rows[-1].id)
        if found or upto - seen >= _SPAN:
            self._keep(found, upto, now)
        return is_full and upto > seen

    def _begin(self, deed_id: int) -> None:
        with self._database.writing() as connection:
            try:
                connection.execute(insert(WebhookCursorRow).values(id=_CURSOR, deed_id=deed_id))
            except IntegrityError:
                connection.rollback()  # another has begun

    def _about(self, connection: Connection, news: Sequence[_News]) -> list[tuple[_News, str | None]]:
        """Whom each is about; without what is about somebody who was erased since."""
        gradings = {each.object_id for each in news if each.event in _OF_GRADINGS}
        submissions = {each.object_id for each in news if each.event is Event.SUBMISSION_RECEIVED}
        holders: dict[str, str | None] = {}
        if gradings:
            query = select(GradingRow.id, SubmissionRow.token_id).join(
                SubmissionRow, SubmissionRow.id == GradingRow.submission_id
            )
            holders |= _pairs(
                connection.execute(query.where(GradingRow.id.in_(sorted(gradings)), GradingRow.regrade_id.is_(None)))
            )
        if submissions:
            query = select(SubmissionRow.id, SubmissionRow.token_id)
            holders |= _pairs(connection.execute(query.where(SubmissionRow.id.in_(sorted(submissions)))))
        tokens = {each.object_id for each in news if each.event in _OF_TOKENS}
        if tokens:
            query = select(TokenRow.id, TokenRow.id).where(TokenRow.id.in_(sorted(tokens)))
            holders |= _pairs(connection.execute(query))
        of_nobody = [(each, None) for each in news if each.event in (Event.CANDIDATE_ERASED, Event.REGRADE_APPLIED)]
        return [*((each, holders[each.object_id]) for each in news if each.object_id in holders), *of_nobody]

    def _keep(self, found: Sequence[tuple[_News, str | None]], upto: int, now: datetime) -> None:
        rows = [
            _row(each.event, each.object_id, each.at, now) | {"deed_id": each.id, "token_id": token_id}
            for each, token_id in found
        ]
        with self._database.writing() as connection:
            try:
                if rows:
                    connection.execute(insert(DeliveryRow), rows)
                moved = update(WebhookCursorRow).where(WebhookCursorRow.deed_id < upto)
                connection.execute(moved.values(deed_id=upto))
            except IntegrityError:
                # Another was faster, or somebody was erased this moment: the next time there is less to do.
                connection.rollback()

    def test(self, *, actor: str) -> str:
        """Have something told that says nothing; the delivery's id."""
        now = self._database.now()
        row = _row(Event.TEST, "", now, now)
        row["object_id"] = row["id"]
        with self._database.writing() as connection:
            connection.execute(insert(DeliveryRow).values(**row))
            write_deed(connection, Deed(actor, "webhook.test", "delivery", row["id"]), self._database)
        return str(row["id"])

    def replay(self, id: str, *, actor: str) -> None:  # noqa: A002 -- the field is called `id` everywhere
        """Have a delivery that is over tried again, from the first attempt. Raises NotFound, Conflict."""
        now = self._database.now()
        with self._database.writing() as connection:
            changed = connection.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id == id, DeliveryRow.state != DeliveryState.WAITING)
                .values(state=DeliveryState.WAITING, attempts=0, due_at=now)
            ).rowcount
            if not changed:
                if connection.execute(select(DeliveryRow.id).where(DeliveryRow.id == id)).one_or_none() is None:
                    raise NotFound("delivery", id)
                raise Conflict("it waits to be sent already", hint="look at it again in a while")
            write_deed(connection, Deed(actor, "webhook.replay", "delivery", id), self._database)

    def due(self, *, limit: int = 50) -> list[str]:
        """What is to be tried now, what waited longest first."""
        query = (
            select(DeliveryRow.id)
            .where(DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.due_at <= self._database.now())
            .order_by(DeliveryRow.due_at)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def take(self, id: str) -> Attempt | None:  # noqa: A002
        """Take a delivery to try it now. None where it is another's, over, or no more."""
        now = self._database.now()
        with self._database.writing(Survives.OUR_CRASH) as connection:
            changed = connection.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id == id, DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.due_at <= now)
                .values(due_at=now + LEASE, attempts=DeliveryRow.attempts + 1, tried_at=now)
            ).rowcount
            if not changed:
                return None
            row = connection.execute(select(DeliveryRow.__table__).where(DeliveryRow.id == id)).one()
            try:
                return Attempt(id, row.attempts, content_of(connection, row))
            except LookupError:
                # It would be the first to be tried for ever.
                given_up = {"state": DeliveryState.GIVEN_UP, "due_at": None, "fault": _NOTHING_TO_SAY}
                connection.execute(update(DeliveryRow).where(DeliveryRow.id == id).values(**given_up))
                told = {"event": row.event, "of": row.object_id, "attempts": 0}
                write_deed(connection, Deed(SYSTEM, "webhook.give_up", "delivery", id, told), self._database)
                return None

    def record(self, attempt: Attempt, answer: Answer) -> After | None:
        """Keep how it went; what follows. None where it is another's meanwhile, or its candidate was erased."""
        now = self._database.now()
        follows = after(answer, attempt.number, secrets.randbelow(_CHANCES) / _CHANCES)
        values = {
            "state": follows.state,
            "due_at": None if follows.pause is None else now + follows.pause,
            "status": answer.status,
            "fault": follows.fault or None,
        }
        with self._database.writing(Survives.ANY_CRASH) as connection:
            changed = connection.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.id == attempt.id,
                    DeliveryRow.state == DeliveryState.WAITING,
                    DeliveryRow.attempts == attempt.number,
                )
                .values(**values)
            ).rowcount
            if not changed:
                return None
            if follows.state is not DeliveryState.WAITING:
                row = connection.execute(
                    select(DeliveryRow.event, DeliveryRow.object_id).where(DeliveryRow.id == attempt.id)
                ).one()
                told = {"event": row.event, "of": row.object_id, "attempts": attempt.number}
                action = "webhook.deliver" if follows.state is DeliveryState.DELIVERED else "webhook.give_up"
                write_deed(connection, Deed(SYSTEM, action, "delivery", attempt.id, told), self._database)
        return follows

    def forget_old(self) -> int:
        """Delete what was over or is older than it is kept; how many."""
        with self._database.writing() as connection:
            return connection.execute(
                delete(DeliveryRow).where(DeliveryRow.created_at < self._database.now() - KEPT)
            ).rowcount

    def page(self, *, event: str | None = None, after: str | None = None, limit: int = 50) -> Page[Delivery]:
        """Deliveries, newest first. Raises BadCursor for an `after` that is none."""
        check_limit(limit)
        query = select(DeliveryRow.__table__, GradingRow.submission_id).outerjoin(
            GradingRow, GradingRow.id == DeliveryRow.object_id
        )
        if event is not None:
            query = query.where(DeliveryRow.event == event)
        if after is not None:
            at, id = decode_cursor(after, (datetime, str))  # noqa: A001
            query = query.where(tuple_(DeliveryRow.created_at, DeliveryRow.id) < (at, id))
        query = query.order_by(DeliveryRow.created_at.desc(), DeliveryRow.id.desc()).limit(limit + 1)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(_delivery(row) for row in rows[:limit])
        return Page(items, encode_cursor(items[-1].created_at, items[-1].id) if len(rows) > limit else None)

    def counts(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state; every state is there."""
        query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        with self._database.reading() as connection:
            found = {state: int(count) for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in DeliveryState}


_OF_GRADINGS = frozenset({Event.GRADING_FINISHED, Event.GRADING_FAILED})
_OF_TOKENS = frozenset({Event.INVITATION_CREATED, Event.ASSESSMENT_BEGUN, Event.DECISION_RECORDED})


def _news(rows: Sequence[Row[*tuple[Any, ...]]], oldest: datetime) -> list[_News]:
    return [
        _News(row.id, row.at, event, row.object_id)
        for row in rows
        if row.at >= oldest and (event := event_of(row.action, row.detail)) is not None
    ]


def _pairs(rows: Any) -> Mapping[str, str | None]:
    return {id: token_id for id, token_id in rows}  # noqa: A001, C416 -- rows are no pairs to `dict`


def _row(event: Event, object_id: str, at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "event": event,
        "object_id": object_id,
        "happened_at": at,
        "created_at": now,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "due_at": now,
    }


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    values = row._asdict()
    del values["deed_id"]
    return Delivery(**values | {"event": Event(row.event)})
