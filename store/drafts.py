"""What candidates work at in the browser and have not sent yet: file by file, each with a number that grows."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.audit import write_deed
from store.engine import Database
from store.errors import DraftMoved
from store.records import Deed, DraftChange, DraftFile
from store.tables import DraftRow, table_of

#: The first save is a deed, and the first after a pause as long as this: an editor saves with every pause in typing.
PAUSE = timedelta(minutes=10)
_INSERT = insert(table_of(DraftRow))


class _SavedMeanwhile(Exception):
    """Another request was first."""


class Drafts:
    """Files by a candidate's token, challenge and path."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, token_id: str, challenge: str) -> dict[str, DraftFile]:
        """Every file that was ever saved, by path."""
        query = select(DraftRow.path, DraftRow.text, DraftRow.revision).where(*_of(token_id, challenge))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(DraftRow.path)).all()
        return {row.path: DraftFile(row.text, row.revision) for row in rows}

    def changed_at(self, token_id: str) -> dict[str, datetime]:
        """When the candidate last changed a draft that has something in it, by challenge: one query for all."""
        query = (
            select(DraftRow.challenge, func.max(DraftRow.changed_at))
            .where(DraftRow.token_id == token_id)
            .group_by(DraftRow.challenge)
            .having(func.count(DraftRow.text) > 0)
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def save(self, token_id: str, challenge: str, change: DraftChange) -> int:
        """Store a file; its new revision. What it has already is not stored again: an answer may have been lost.

        Raises DraftMoved, and stores nothing, where it was saved since the revision that the change was made from.
        """
        try:
            with self._database.writing() as connection:
                return self._save(connection, token_id, challenge, change)
        except _SavedMeanwhile:
            found = self.of(token_id, challenge).get(change.path)
            raise DraftMoved(change.path, found.revision if found is not None else 0) from None

    def _save(self, connection: Connection, token_id: str, challenge: str, change: DraftChange) -> int:
        whose = _of(token_id, challenge)
        mine = (*whose, DraftRow.path == change.path)
        kept = connection.execute(select(DraftRow.text, DraftRow.revision).where(*mine)).one_or_none()
        if (kept.text if kept is not None else None) == change.text:
            return kept.revision if kept is not None else 0
        if (kept.revision if kept is not None else 0) != change.seen:
            raise _SavedMeanwhile
        last = connection.execute(select(func.max(DraftRow.changed_at)).where(*whose)).scalar_one()
        now, revision = self._database.now(), change.seen + 1
        values = {"revision": revision, "changed_at": now, "text": change.text}
        if kept is None:
            try:
                connection.execute(
                    _INSERT, {"token_id": token_id, "challenge": challenge, "path": change.path} | values
                )
            except IntegrityError as error:
                raise _SavedMeanwhile from error
        else:
            updated = update(DraftRow).where(*mine, DraftRow.revision == change.seen).values(values)
            if connection.execute(updated).rowcount != 1:
                raise _SavedMeanwhile
        if last is None or now - last >= PAUSE:
            write_deed(connection, Deed(token_id, "draft.save", "challenge", challenge, {}), self._database)
        return revision


def _of(token_id: str, challenge: str) -> tuple[ColumnElement[bool], ...]:
    return DraftRow.token_id == token_id, DraftRow.challenge == challenge
