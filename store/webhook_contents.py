"""What a delivery says: JSON made of the rows as they are when it is sent, so that nothing is kept twice.

    {"type": "grading.finished", "timestamp": "…", "data": {"candidate": {"id": …, "reference": …}, …}}

Ids and figures: no name, no address, no reason, nothing of what was sent or of hidden tests. Whoever wants more asks
the API, which knows who asks. Rows that it is made of do not change, so each attempt says the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import NoResultFound

from store.assessment_tables import InvitationRow
from store.records import Role
from store.tables import AuditRow, GradingRow, RegradeRow, SubmissionRow, TokenRow
from store.text import dump_json
from store.webhook_rules import Event

_Row = Row[*tuple[Any, ...]]


def content_of(connection: Connection, delivery: _Row) -> bytes:
    """The body of this row of `webhook_deliveries`. Raises LookupError where what it tells of can't be read."""
    try:
        return _content_of(connection, delivery)
    except (NoResultFound, KeyError, TypeError) as error:
        raise LookupError(f"nothing can be said of {delivery.event} {delivery.object_id}") from error


def _content_of(connection: Connection, delivery: _Row) -> bytes:
    event = Event(delivery.event)
    data: dict[str, Any] = {}
    if event is Event.CANDIDATE_ERASED:
        data = {"candidate": {"id": delivery.object_id}}
    elif event is Event.REGRADE_APPLIED:
        data = _regrade(connection, delivery)
    elif event is not Event.TEST:
        data = {"candidate": _candidate(connection, delivery.token_id), **_data(connection, event, delivery)}
    body = {"type": event.value, "timestamp": _moment(delivery.happened_at), "data": data}
    return dump_json(body).encode()


def _data(connection: Connection, event: Event, delivery: _Row) -> dict[str, Any]:
    if event in (Event.GRADING_FINISHED, Event.GRADING_FAILED):
        return _grading(connection, delivery.object_id)
    if event is Event.SUBMISSION_RECEIVED:
        sent = select(SubmissionRow.id, SubmissionRow.challenge).where(SubmissionRow.id == delivery.object_id)
        return _submission(connection.execute(sent).one())
    if event is Event.DECISION_RECORDED:
        query = select(AuditRow.detail).where(AuditRow.id == delivery.deed_id)
        detail: dict[str, Any] = connection.execute(query).scalar_one()
        return {"decision": detail["decision"]}
    if event is Event.INVITATION_CREATED:
        invited = select(TokenRow.challenges, TokenRow.expires_at).where(TokenRow.id == delivery.object_id)
        row = connection.execute(invited).one()
        return {"challenges": row.challenges, "expires_at": _moment(row.expires_at)}
    return {}


def _regrade(connection: Connection, delivery: _Row) -> dict[str, Any]:
    """Whose grades are others now is asked for: they may be thousands."""
    query = select(RegradeRow.challenge, RegradeRow.source).where(RegradeRow.id == delivery.object_id)
    row = connection.execute(query).one()
    url = f"/api/v1/regrades/{delivery.object_id}"
    return {"regrade": delivery.object_id, "challenge": row.challenge, "assessment": row.source, "url": url}


def _candidate(connection: Connection, token_id: str | None) -> dict[str, Any] | None:
    """Who it is, as the recruiter knows them; None for what no candidate sent."""
    query = (
        select(TokenRow.candidate, InvitationRow.source)
        .outerjoin(InvitationRow, InvitationRow.token_id == TokenRow.id)
        .where(TokenRow.id == token_id, TokenRow.role == Role.CANDIDATE)
    )
    row = None if token_id is None else connection.execute(query).one_or_none()
    return None if row is None else {"id": token_id, "reference": row.candidate, "assessment": row.source}


def _submission(row: _Row) -> dict[str, Any]:
    return {"submission": row.id, "challenge": row.challenge, "url": f"/api/v1/submissions/{row.id}"}


def _grading(connection: Connection, grading_id: str) -> dict[str, Any]:
    query = (
        select(
            SubmissionRow.id,
            SubmissionRow.challenge,
            GradingRow.id.label("grading"),
            GradingRow.attempt,
            GradingRow.reason,
            GradingRow.score,
            GradingRow.verdict,
            GradingRow.outcome,
            GradingRow.grade,
        )
        .join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
        .where(GradingRow.id == grading_id)
    )
    row = connection.execute(query).one()
    said = {**_submission(row), "grading": row.grading, "attempt": row.attempt, "reason": row.reason}
    if row.grade is None:
        return said
    return said | {
        "score": row.score,
        "verdict": row.verdict,
        "outcome": row.outcome,
        "requirements": [
            {name: each[name] for name in ("id", "title", "points", "earned", "status")}
            for each in row.grade["requirements"]
        ],
        "receipt": {name: row.grade["receipt"][name] for name in ("challenge_digest", "submission_digest", "image")},
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
