"""Deleting all that is kept of a candidate, for good. The audit trail stays: ids, and reasons that people gave there.

On PostgreSQL the role of API and workers may delete nothing. A function that belongs to the tables' owner does it for
one candidate at a time and writes the deed itself, so that nobody who has taken over a part deletes without a trace.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, text

from store.assessment_tables import (
    ExplanationRow,
    InvitationRow,
    LineCommentRow,
    NoteRow,
    PartnerTestRow,
    ReviewRow,
    ShareRow,
)
from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict, NotFound
from store.records import Deed, Role, owner_of
from store.states import FINAL
from store.tables import (
    Base,
    DraftRow,
    GradingEventRow,
    GradingRow,
    GradingTestRow,
    IdempotencyKeyRow,
    SubmissionRow,
    TokenRow,
    VariantRow,
)
from store.webhook_tables import DeliveryRow

ACTION = "candidate.erase"
_CALL = text("SELECT mendbox_erase(:token_id, :actor, :reason)")
_NONE, _BUSY = -1, -2


class Erasure:
    """Erases candidates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase(self, token_id: str, reason: str, *, actor: str) -> int:
        """Delete a candidate's link, what they sent and wrote, their grades, and what was thought of them.

        How many submissions it were. Raises NotFound where there is no such candidate, Conflict while something of
        theirs is being graded.
        """
        with self._database.writing() as connection:
            if self._database.is_sqlite:
                found = self._delete(connection, token_id)
            else:
                values = {"token_id": token_id, "actor": actor, "reason": reason}
                found = connection.execute(_CALL, values).scalar_one()
            if found == _NONE:
                raise NotFound("candidate", token_id)
            if found == _BUSY:
                raise Conflict("something that they sent is being graded", hint="try again when it is graded")
            if self._database.is_sqlite:
                deed = Deed(actor, ACTION, "token", token_id, {"submissions": found, "reason": reason})
                write_deed(connection, deed, self._database)
        return int(found)

    def due(self, ended_before: datetime, *, limit: int = 100) -> list[str]:
        """The tokens of candidates whose link ended before then, and nothing of whom is being graded."""
        query = (
            select(TokenRow.id)
            .where(
                TokenRow.role == Role.CANDIDATE,
                func.coalesce(TokenRow.revoked_at, TokenRow.expires_at) < ended_before,
                ~select(GradingRow.id)
                .join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
                .where(SubmissionRow.token_id == TokenRow.id, GradingRow.state.not_in(FINAL))
                .exists(),
            )
            .order_by(TokenRow.created_at)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def _delete(self, connection: Connection, token_id: str) -> int:
        person = select(TokenRow.candidate).where(TokenRow.id == token_id, TokenRow.role == Role.CANDIDATE)
        found = connection.execute(person).one_or_none()
        if found is None:
            return _NONE
        sent = select(SubmissionRow.id).where(SubmissionRow.token_id == token_id)
        gradings = select(GradingRow.id).where(GradingRow.submission_id.in_(sent))
        if connection.execute(gradings.where(GradingRow.state.not_in(FINAL)).limit(1)).one_or_none() is not None:
            return _BUSY
        for table in (GradingTestRow, GradingEventRow):
            connection.execute(delete(table).where(table.grading_id.in_(gradings)))
        connection.execute(delete(GradingRow).where(GradingRow.submission_id.in_(sent)))
        connection.execute(delete(LineCommentRow).where(LineCommentRow.submission_id.in_(sent)))
        connection.execute(delete(IdempotencyKeyRow).where(IdempotencyKeyRow.token_id == token_id))
        count = connection.execute(delete(SubmissionRow).where(SubmissionRow.token_id == token_id)).rowcount
        mine: tuple[type[Base], ...] = (
            *(DraftRow, ExplanationRow, ReviewRow, NoteRow, ShareRow, PartnerTestRow, InvitationRow, DeliveryRow),
        )
        for each in mine:
            connection.execute(delete(each).where(each.__table__.c.token_id == token_id))
        others = select(TokenRow.id).where(TokenRow.candidate == found.candidate, TokenRow.id != token_id)
        if not found.candidate or connection.execute(others.limit(1)).one_or_none() is None:
            connection.execute(delete(VariantRow).where(VariantRow.owner == owner_of(token_id, found.candidate)))
        connection.execute(delete(TokenRow).where(TokenRow.id == token_id))
        return count
