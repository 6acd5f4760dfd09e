"""What candidates sent."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, literal, select, tuple_
from sqlalchemy.orm import aliased

from runner.submissions.model import Submission
from store.audit import write_deed
from store.content import decode, encode
from store.engine import Database
from store.errors import NotFound
from store.gradings import GRADING_COLUMNS, NewGrading, grading_record, new_seed, write_new_grading
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import (
    SYSTEM,
    Deed,
    GradingRecord,
    Origin,
    Page,
    SubmissionFilter,
    SubmissionRecord,
    SubmissionSummary,
)
from store.tables import GradingRow, SubmissionRow, UtcDateTime, table_of

_INSERT = insert(table_of(SubmissionRow))

#: In the order of SubmissionRecord's fields.
_COLUMNS = (
    SubmissionRow.id,
    SubmissionRow.challenge,
    SubmissionRow.challenge_digest,
    SubmissionRow.submission_digest,
    SubmissionRow.token_id,
    SubmissionRow.source,
    SubmissionRow.submitted_at,
)


class Submissions:
    """Submissions and their content."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, submission: Submission, origin: Origin) -> tuple[SubmissionRecord, GradingRecord]:
        """Store a submission and its first grading, queued, in one transaction. Both are on the disk on return."""
        record = SubmissionRecord(
            id=uuid.uuid4().hex,
            challenge=origin.challenge,
            challenge_digest=origin.challenge_digest,
            submission_digest=submission.digest,
            token_id=origin.token_id,
            source=origin.source,
            submitted_at=self._database.now(),
        )
        content = encode(submission)
        actor = origin.token_id or SYSTEM
        with self._database.writing() as connection:
            connection.execute(
                _INSERT,
                {
                    "id": record.id,
                    "challenge": record.challenge,
                    "challenge_digest": record.challenge_digest,
                    "submission_digest": record.submission_digest,
                    "token_id": record.token_id,
                    "source": record.source,
                    "submitted_at": record.submitted_at,
                    "content": content,
                },
            )
            grading = write_new_grading(connection, NewGrading(record.id, new_seed()), record.submitted_at)
            detail = {"challenge": record.challenge, "digest": record.submission_digest, "grading": grading.id}
            write_deed(connection, Deed(actor, "submission.add", "submission", record.id, detail), self._database)
        return record, grading

    def get(self, id: str) -> SubmissionRecord:  # noqa: A002
        """The submission. Raises NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(SubmissionRow.id == id)).one_or_none()
        if row is None:
            raise NotFound("submission", id)
        return SubmissionRecord(*row)

    def content(self, id: str) -> Submission:  # noqa: A002
        """The changed files. Raises NotFound, or ContentDamaged when they are not what was stored."""
        query = select(SubmissionRow.content, SubmissionRow.submission_digest).where(SubmissionRow.id == id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("submission", id)
        return decode(row.content, row.submission_digest)

    def page(
        self, wanted: SubmissionFilter | None = None, *, after: str | None = None, limit: int = 50
    ) -> Page[SubmissionSummary]:
        """Submissions with their latest grading, newest first. Raises BadCursor for an `after` that is none."""
        check_limit(limit)
        query = _listing(wanted or SubmissionFilter()).limit(limit + 1)
        if after is not None:
            submitted_at, last_id = decode_cursor(after, (datetime, str))
            query = query.where(
                tuple_(SubmissionRow.submitted_at, SubmissionRow.id)
                < tuple_(literal(submitted_at, UtcDateTime), literal(last_id))
            )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(
            SubmissionSummary(SubmissionRecord(*row[: len(_COLUMNS)]), grading_record(row[len(_COLUMNS) :]))
            for row in rows[:limit]
        )
        if len(rows) <= limit:
            return Page(items, None)
        last = items[-1].submission
        return Page(items, encode_cursor(last.submitted_at, last.id))


def _listing(wanted: SubmissionFilter) -> Select[*tuple[Any, ...]]:
    other = aliased(GradingRow)
    latest = select(func.max(other.attempt)).where(other.submission_id == SubmissionRow.id).scalar_subquery()
    query = (
        select(*_COLUMNS, *GRADING_COLUMNS)
        .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
        .where(GradingRow.attempt == latest)
        .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id.desc())
    )
    for column, value in (
        (SubmissionRow.challenge, wanted.challenge),
        (SubmissionRow.token_id, wanted.token_id),
        (GradingRow.state, wanted.state),
        (GradingRow.verdict, wanted.verdict),
    ):
        if value is not None:
            query = query.where(column == value)
    return query
