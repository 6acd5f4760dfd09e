"""The audit trail: who did or read what, when. Only ever appended to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from store.engine import Database
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import AuditFilter, AuditRecord, Deed, Page
from store.tables import AuditRow, table_of

_INSERT = insert(table_of(AuditRow)).inline()


class Audit:
    """Changes of state write their own deeds in their own transaction; callers write those for what was read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, deed: Deed) -> None:
        """Append a deed, on the disk when this returns."""
        with self._database.writing() as connection:
            write_deed(connection, deed, self._database)

    def page(
        self, wanted: AuditFilter | None = None, *, after: str | None = None, limit: int = 100
    ) -> Page[AuditRecord]:
        """Deeds, newest first. Raises BadCursor for an `after` that is none."""
        check_limit(limit)
        query = select(AuditRow.__table__).order_by(AuditRow.id.desc()).limit(limit + 1)
        query = query.where(*_matching(wanted or AuditFilter()))
        if after is not None:
            (last,) = decode_cursor(after, (int,))
            query = query.where(AuditRow.id < last)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(
            AuditRecord(row.id, row.at, Deed(row.actor, row.action, row.object_kind, row.object_id, row.detail))
            for row in rows[:limit]
        )
        return Page(items, encode_cursor(items[-1].id) if len(rows) > limit else None)

    def count(self, wanted: AuditFilter, *, until: datetime) -> int:
        """How many such deeds there were until then."""
        query = select(func.count()).select_from(AuditRow).where(*_matching(wanted), AuditRow.at <= until)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()


def _matching(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    values = (
        (AuditRow.actor, wanted.actor),
        (AuditRow.action, wanted.action),
        (AuditRow.object_kind, wanted.object_kind),
        (AuditRow.object_id, wanted.object_id),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in values if value is not None]
    if wanted.since is not None:
        found.append(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditRow.at < wanted.until)
    return found


def write_deed(connection: Connection, deed: Deed, database: Database) -> None:
    """Append a deed within the caller's transaction."""
    connection.execute(
        _INSERT,
        {
            "at": database.now(),
            "actor": deed.actor,
            "action": deed.action,
            "object_kind": deed.object_kind,
            "object_id": deed.object_id,
            "detail": dict(deed.detail),
        },
    )
