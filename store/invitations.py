"""Who was sent which assessment, when they began and were done, and for how long the platform kept them waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, literal, or_, select, tuple_, update

from runner.assessments.clock import Wait, without
from runner.assessments.model import Assessment
from runner.packages.manifest import Area
from store.assessment_tables import InvitationRow
from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict, NotFound
from store.invited import InvitationRecord, NewInvitation
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import Deed, GradingReason, Page
from store.states import GradingState
from store.tables import GradingRow, SubmissionRow, UtcDateTime

#: Longer than any assessment: what one person may be given beside at once.
MOST_EXTRA_MINUTES = 1440
#: In all: a year, since what is given to somebody whose time is over counts from then on.
_MOST_IN_ALL = 366 * 1440
#: Invitations that are looked at when those who have not begun are reminded.
MOST_WAITING = 2000
_COLUMNS = (
    InvitationRow.token_id,
    InvitationRow.source,
    InvitationRow.assessment,
    InvitationRow.areas,
    InvitationRow.minutes,
    InvitationRow.extra_minutes,
    InvitationRow.opens_at,
    InvitationRow.closes_at,
    InvitationRow.began_at,
    InvitationRow.email,
    InvitationRow.done_at,
    InvitationRow.breaks,
)


def write_invitation(connection: Connection, token_id: str, new: NewInvitation, now: datetime) -> None:
    """Write the invitation of a token that is made, within the caller's transaction."""
    connection.execute(
        insert(InvitationRow).values(
            token_id=token_id,
            source=new.source,
            assessment=new.assessment.model_dump(mode="json"),
            areas={slug: area.value for slug, area in new.areas.items()},
            minutes=new.minutes,
            extra_minutes=new.extra_minutes,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            created_at=now,
            email=new.email,
        )
    )


class Invitations:
    """Invitations by the id of the token that opens them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, token_id: str) -> InvitationRecord | None:
        """The token's invitation; None for a token that is of no assessment."""
        return self.some({token_id}).get(token_id)

    def some(self, token_ids: Set[str]) -> dict[str, InvitationRecord]:
        """The invitations that these tokens open, by token: one query however many."""
        if not token_ids:
            return {}
        with self._database.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).where(InvitationRow.token_id.in_(sorted(token_ids)))).all()
        return {row.token_id: _record(row) for row in rows}

    def page(self, source: str, *, after: str | None = None, limit: int = 50) -> Page[InvitationRecord]:
        """Those of one assessment, the last invited first. Raises BadCursor for an `after` that is none."""
        check_limit(limit)
        query = (
            select(*_COLUMNS, InvitationRow.created_at)
            .where(InvitationRow.source == source)
            .order_by(InvitationRow.created_at.desc(), InvitationRow.token_id.desc())
            .limit(limit + 1)
        )
        if after is not None:
            created_at, last_id = decode_cursor(after, (datetime, str))
            query = query.where(
                tuple_(InvitationRow.created_at, InvitationRow.token_id)
                < tuple_(literal(created_at, UtcDateTime), literal(last_id))
            )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(_record(row) for row in rows[:limit])
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(items, None if last is None else encode_cursor(last.created_at, last.token_id))

    def waiting(self, source: str) -> list[InvitationRecord]:
        """Those of one assessment that have an address, are not begun, and can still be: `MOST_WAITING` at most.

        The earliest come first. Whether their link is still good is not looked at.
        """
        is_open = or_(InvitationRow.closes_at.is_(None), InvitationRow.closes_at > self._database.now())
        query = (
            select(*_COLUMNS)
            .where(InvitationRow.source == source, InvitationRow.began_at.is_(None), is_open)
            .where(InvitationRow.email.is_not(None))
            .order_by(InvitationRow.created_at, InvitationRow.token_id)
            .limit(MOST_WAITING)
        )
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def begin(self, token_id: str) -> InvitationRecord:
        """The candidate begins: from now on their time runs. Whoever has begun goes on.

        Raises NotFound, or Conflict before it opens or after it has closed.
        """
        now = self._database.now()
        found = self._found(token_id)
        if found.opens_at is not None and now < found.opens_at:
            raise Conflict(f"it opens at {found.opens_at:%Y-%m-%d %H:%M} UTC", hint="come again then")
        if found.closes_at is not None and now > found.closes_at and found.began_at is None:
            raise Conflict(
                f"it could be begun until {found.closes_at:%Y-%m-%d %H:%M} UTC", hint="ask whoever invited you"
            )
        with self._database.writing() as connection:
            changed = connection.execute(
                update(InvitationRow)
                .where(InvitationRow.token_id == token_id, InvitationRow.began_at.is_(None))
                .values(began_at=now)
            ).rowcount
            if changed:
                # Nobody begins without having said so.
                deed = Deed(token_id, "invitation.begin", "token", token_id, {"agreed": True})
                write_deed(connection, deed, self._database)
        return self._found(token_id)

    def allow(self, token_id: str, extra_minutes: int, reason: str, *, actor: str) -> InvitationRecord:
        """Have one candidate have so many minutes more than the assessment says, in all.

        Raises NotFound, and ValueError for another number.
        """
        if not 0 <= extra_minutes <= _MOST_IN_ALL:
            raise ValueError(f"extra minutes are 0 to {_MOST_IN_ALL}, not {extra_minutes}")
        before = self._found(token_id)
        with self._database.writing() as connection:
            connection.execute(
                update(InvitationRow).where(InvitationRow.token_id == token_id).values(extra_minutes=extra_minutes)
            )
            detail = {"extra_minutes": extra_minutes, "before": before.extra_minutes, "reason": reason}
            write_deed(connection, Deed(actor, "invitation.allow", "token", token_id, detail), self._database)
        return self._found(token_id)

    def finish(self, token_id: str) -> InvitationRecord:
        """The candidate is done: nothing more is taken, and their time stands still. Whoever is done stays so.

        Raises NotFound, or Conflict before they began.
        """
        if self._found(token_id).began_at is None:
            raise Conflict("it is not begun", hint="begin it first")
        with self._database.writing() as connection:
            changed = connection.execute(
                update(InvitationRow)
                .where(InvitationRow.token_id == token_id, InvitationRow.done_at.is_(None))
                .values(done_at=self._database.now())
            ).rowcount
            if changed:
                write_deed(connection, Deed(token_id, "invitation.finish", "token", token_id), self._database)
        return self._found(token_id)

    def reopen(self, token_id: str, reason: str, *, actor: str) -> InvitationRecord:
        """Have a candidate go on who was done, with the time that they had left.

        Raises NotFound, or Conflict where they are not done.
        """
        found, now = self._found(token_id), self._database.now()
        if found.done_at is None:
            raise Conflict("they have not said that they are done", hint="they can go on")
        breaks = [[each.since.isoformat(), (each.until or now).isoformat()] for each in found.breaks]
        with self._database.writing() as connection:
            changed = connection.execute(
                update(InvitationRow)
                .where(InvitationRow.token_id == token_id, InvitationRow.done_at == found.done_at)
                .values(done_at=None, breaks=[*breaks, [found.done_at.isoformat(), now.isoformat()]])
            ).rowcount
            if changed:
                # Somebody else may have done it at the same moment.
                detail = {"done_at": found.done_at.isoformat(timespec="seconds"), "reason": reason}
                write_deed(connection, Deed(actor, "invitation.reopen", "token", token_id, detail), self._database)
        return self._found(token_id)

    def waits(self, token_ids: Set[str]) -> Mapping[str, tuple[Wait, ...]]:
        """When the platform kept these candidates waiting, by token.

        While what they sent was in the queue and nothing else of theirs was being graded; and as long as the platform
        failed at one. What others asked for, as grading again, keeps nobody waiting.
        """
        if not token_ids:
            return {}
        query = (
            select(
                SubmissionRow.token_id,
                GradingRow.state,
                GradingRow.queued_at,
                GradingRow.started_at,
                GradingRow.finished_at,
            )
            .join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
            .where(SubmissionRow.token_id.in_(sorted(token_ids)), GradingRow.reason == GradingReason.SUBMISSION)
        )
        queued: dict[str, list[Wait]] = defaultdict(list)
        busy: dict[str, list[Wait]] = defaultdict(list)
        failed: dict[str, list[Wait]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(query):
                if row.state is GradingState.ERROR:
                    failed[row.token_id].append(Wait(row.queued_at, row.finished_at))
                    continue
                waits_still = row.state is GradingState.QUEUED
                queued[row.token_id].append(Wait(row.queued_at, None if waits_still else row.started_at))
                if not waits_still:
                    busy[row.token_id].append(Wait(row.started_at, row.finished_at))
        return {each: (*without(queued[each], busy[each]), *failed[each]) for each in {*queued, *failed}}

    def _found(self, token_id: str) -> InvitationRecord:
        record = self.of(token_id)
        if record is None:
            raise NotFound("invitation", token_id)
        return record


def _record(row: Row[*tuple[Any, ...]]) -> InvitationRecord:
    return InvitationRecord(
        token_id=row.token_id,
        source=row.source,
        assessment=Assessment.model_validate(row.assessment),
        areas={slug: Area(area) for slug, area in row.areas.items()},
        minutes=row.minutes,
        extra_minutes=row.extra_minutes,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        began_at=row.began_at,
        email=row.email,
        done_at=row.done_at,
        breaks=tuple(Wait(*map(datetime.fromisoformat, pair)) for pair in row.breaks or ()),
    )
