"""Reports of candidates that somebody outside the team may read by a link, until it expires or is ended.

A link's text has the form of a token and is kept as one: as a digest alone. It opens nothing but its report.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, exists, insert, select, update

from store.assessment_tables import ShareRow
from store.audit import write_deed
from store.digests import digest_of, digests_of
from store.engine import Database
from store.errors import NotFound
from store.records import Deed
from store.tables import UserRow
from store.tokens import PREFIX

#: Days for which a report may be shared.
MOST_DAYS = 90
_COLUMNS = (
    ShareRow.id,
    ShareRow.token_id,
    ShareRow.author,
    ShareRow.with_name,
    ShareRow.created_at,
    ShareRow.expires_at,
    ShareRow.ended_at,
)


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """A shared report of the candidate with this token, without its text. `with_name`: whether it names them."""

    id: str
    token_id: str
    author: str
    with_name: bool
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def usable_at(self, now: datetime) -> bool:
        """Neither ended nor expired."""
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class OpenShare:
    """One just made. `text` is shown once and stored nowhere."""

    record: ShareRecord
    text: str = field(repr=False)


class Shares:
    """Shared reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, token_id: str, days: int, *, with_name: bool, author: str) -> OpenShare:
        """Share a candidate's report for 1 to `MOST_DAYS` days. Raises ValueError for another number."""
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"a report is shared for 1 to {MOST_DAYS} days, not {days}")
        now = self._database.now()
        text = PREFIX + secrets.token_urlsafe(32)
        record = ShareRecord(uuid.uuid4().hex, token_id, author, with_name, now, now + timedelta(days=days), None)
        with self._database.writing() as connection:
            connection.execute(
                insert(ShareRow).values(
                    id=record.id,
                    token_id=token_id,
                    digest=digest_of(text),
                    author=author,
                    with_name=with_name,
                    created_at=now,
                    expires_at=record.expires_at,
                )
            )
            detail = {"share": record.id, "days": days, "with_name": with_name}
            write_deed(connection, Deed(author, "share.add", "token", token_id, detail), self._database)
        return OpenShare(record, text)

    def find(self, text: str) -> ShareRecord | None:
        """The one with this text; None for one that is unknown, ended or expired, or whose author has been shut out."""
        left = exists().where(UserRow.id == ShareRow.author, UserRow.disabled_at.is_not(None)).correlate(ShareRow)
        query = select(*_COLUMNS).where(ShareRow.digest.in_(digests_of(text)), ~left)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        found = None if row is None else _record(row)
        return found if found is not None and found.usable_at(self._database.now()) else None

    def of(self, token_id: str) -> list[ShareRecord]:
        """All that were made of a candidate, the last first."""
        query = select(*_COLUMNS).where(ShareRow.token_id == token_id).order_by(ShareRow.created_at.desc(), ShareRow.id)
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def end(self, token_id: str, id: str, *, actor: str) -> None:  # noqa: A002
        """Nobody reads it any more. One that is ended keeps its time.

        Raises NotFound where there is none, or it is of another candidate.
        """
        mine = (ShareRow.id == id, ShareRow.token_id == token_id)
        with self._database.writing() as connection:
            changed = connection.execute(
                update(ShareRow).where(*mine, ShareRow.ended_at.is_(None)).values(ended_at=self._database.now())
            ).rowcount
            if changed:
                detail = {"share": id}
                write_deed(connection, Deed(actor, "share.end", "token", token_id, detail), self._database)
            elif connection.execute(select(ShareRow.id).where(*mine)).one_or_none() is None:
                raise NotFound("shared report", id)


def _record(row: Row[*tuple[Any, ...]]) -> ShareRecord:
    return ShareRecord(*row)
