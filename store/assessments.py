"""Assessments that recruiters composed. Those of files are beside them: see `runner.assessments.loader`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, literal, select, tuple_, update

from runner.assessments.model import Assessment
from store.assessment_tables import AssessmentRow
from store.audit import write_deed
from store.engine import Database
from store.errors import NotFound
from store.invited import AssessmentRecord
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import Deed, Page
from store.tables import UtcDateTime

_COLUMNS = (
    AssessmentRow.id,
    AssessmentRow.assessment,
    AssessmentRow.author,
    AssessmentRow.created_at,
    AssessmentRow.archived_at,
)


class Assessments:
    """Composed assessments. They are made and archived, and never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, assessment: Assessment, *, author: str) -> AssessmentRecord:
        """Store one."""
        record = AssessmentRecord(uuid.uuid4().hex, assessment, author, self._database.now(), None)
        with self._database.writing() as connection:
            connection.execute(
                insert(AssessmentRow).values(
                    id=record.id,
                    assessment=assessment.model_dump(mode="json"),
                    author=author,
                    created_at=record.created_at,
                )
            )
            detail = {"title": assessment.title, "challenges": [each.slug for each in assessment.challenges]}
            write_deed(connection, Deed(author, "assessment.add", "assessment", record.id, detail), self._database)
        return record

    def get(self, id: str) -> AssessmentRecord:  # noqa: A002
        """The assessment, archived or not. Raises NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(AssessmentRow.id == id)).one_or_none()
        if row is None:
            raise NotFound("assessment", id)
        return _record(row)

    def page(self, *, after: str | None = None, limit: int = 50, archived: bool = False) -> Page[AssessmentRecord]:
        """Those that are not archived, or those that are, newest first. Raises BadCursor for a wrong `after`."""
        check_limit(limit)
        query = (
            select(*_COLUMNS)
            .where(AssessmentRow.archived_at.is_not(None) if archived else AssessmentRow.archived_at.is_(None))
            .order_by(AssessmentRow.created_at.desc(), AssessmentRow.id.desc())
            .limit(limit + 1)
        )
        if after is not None:
            created_at, last_id = decode_cursor(after, (datetime, str))
            query = query.where(
                tuple_(AssessmentRow.created_at, AssessmentRow.id)
                < tuple_(literal(created_at, UtcDateTime), literal(last_id))
            )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(_record(row) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, encode_cursor(items[-1].created_at, items[-1].id) if more else None)

    def archive(self, id: str, *, actor: str) -> AssessmentRecord:  # noqa: A002
        """Nobody is invited to it any more; whoever was goes on. Raises NotFound."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(AssessmentRow)
                .where(AssessmentRow.id == id, AssessmentRow.archived_at.is_(None))
                .values(archived_at=self._database.now())
            ).rowcount
            if changed:
                write_deed(connection, Deed(actor, "assessment.archive", "assessment", id), self._database)
        return self.get(id)


def _record(row: Row[*tuple[Any, ...]]) -> AssessmentRecord:
    return AssessmentRecord(
        id=row.id,
        assessment=Assessment.model_validate(row.assessment),
        author=row.author,
        created_at=row.created_at,
        archived_at=row.archived_at,
    )
