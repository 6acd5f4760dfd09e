"""Sessions of people who signed in. A session's id is 256 random bits; stored is its SHA-256, as of a token's text.

They are rows and not entries in Redis: what ends them (a new password, a closed account) is written in the same
transaction, and a Redis that forgets signs nobody out or in.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, select, update

from store.audit import write_deed
from store.engine import Database, Survives
from store.opened import Arrival, BegunBy, ListedSession, OpenSession, SessionRecord
from store.records import ANONYMOUS, Deed, UserRecord
from store.tables import SessionRow, UserRow

#: How precise the time of the last use is: it is written at most so often, or every request would be a write.
LAST_SEEN_EVERY = timedelta(minutes=1)
#: Sessions that are over are deleted this long after, by whoever signs in next.
_KEPT = timedelta(days=30)
#: Sessions that one user may have at a time, unless it is said.
MOST_FOR_ONE = 10
#: A session's name among its user's others: so many digits of its digest.
_NAMED_BY = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


class Sessions:
    """Who is signed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self,
        user: UserRecord,
        lifetime: timedelta,
        *,
        instead_of: str | None = None,
        arrival: Arrival = Arrival(),  # noqa: B008  frozen
        most: int = MOST_FOR_ONE,
    ) -> OpenSession | None:
        """Open a session for a user who has shown just now who they are; its id is in the answer and nowhere else.

        `instead_of`: the id of a session that the same browser had, which ends. `most`: with more sessions than so many
        those that were not used for longest end. None when the account was closed or got
        another password since `user` was read.
        """
        text = secrets.token_urlsafe(32)
        now = self._database.now()
        since = arrival.since or now
        record = SessionRecord(digest_of(text), user.id, since, since + lifetime, arrival.by)
        with self._database.writing() as connection:
            unchanged = connection.execute(
                update(UserRow)
                .where(
                    UserRow.id == user.id,
                    UserRow.disabled_at.is_(None),
                    UserRow.password_changed_at == user.password_changed_at,
                )
                .values(last_sign_in_at=now)
            ).rowcount
            if not unchanged:
                return None
            if instead_of is not None:
                _end(connection, SessionRow.id_sha256 == digest_of(instead_of), now)
            connection.execute(delete(SessionRow).where(SessionRow.expires_at < now - _KEPT))
            beyond = _open_ones(user.id, now).order_by(SessionRow.last_seen_at.desc()).offset(most - 1)
            too_many = [row.id_sha256 for row in connection.execute(beyond)]
            _end(connection, SessionRow.id_sha256.in_(too_many), now)
            connection.execute(
                insert(SessionRow).values(
                    id_sha256=record.digest,
                    user_id=user.id,
                    created_at=since,
                    last_seen_at=now,
                    expires_at=record.expires_at,
                    begun_by=arrival.by,
                )
            )
            detail = {"address": arrival.address, "by": arrival.by}
            deed = Deed(user.id, "session.begin", "user", user.id, detail)
            write_deed(connection, deed, self._database)
        return OpenSession(record, text)

    def refused(self, user_id: str, address: str, *, lacking: str = "") -> None:
        """Write down that somebody failed to sign in. What they typed is not kept: it may be a password.

        `lacking`: what was missing or wrong where the password was right.
        """
        detail = {"address": address, **({"lacking": lacking} if lacking else {})}
        with self._database.writing() as connection:
            deed = Deed(ANONYMOUS, "session.refuse", "user", user_id, detail)
            write_deed(connection, deed, self._database)

    def find(self, text: str, idle: timedelta, *, is_use: bool = True) -> tuple[UserRecord, SessionRecord] | None:
        """The session with this id and whose it is; None for one that is unknown or over.

        Notes that it was used, unless what asks is no use of it.
        """
        if not _SHAPE.fullmatch(text):
            return None
        now = self._database.now()
        query = (
            select(
                SessionRow.id_sha256,
                SessionRow.last_seen_at,
                SessionRow.created_at.label("began_at"),
                SessionRow.expires_at,
                SessionRow.begun_by,
                UserRow.id,
                UserRow.account,
                UserRow.role,
                UserRow.created_at,
                UserRow.disabled_at,
                UserRow.password_changed_at,
                UserRow.last_sign_in_at,
                UserRow.second_factor_since,
                UserRow.has_password,
            )
            .join(UserRow, UserRow.id == SessionRow.user_id)
            .where(SessionRow.id_sha256 == digest_of(text), *_good(now, idle))
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if is_use and row.last_seen_at <= now - LAST_SEEN_EVERY:
            self._note_use(row.id_sha256, now)
        session = SessionRecord(row.id_sha256, row.id, row.began_at, row.expires_at, BegunBy(row.begun_by))
        return UserRecord(*tuple(row)[5:]), session

    def holds(self, digest: str, idle: timedelta) -> bool:
        """Whether the session with this digest is still good. Asking is no use of it."""
        query = (
            select(SessionRow.id_sha256)
            .join(UserRow, UserRow.id == SessionRow.user_id)
            .where(SessionRow.id_sha256 == digest, *_good(self._database.now(), idle))
        )
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none() is not None

    def of(self, user_id: str, current: str, idle: timedelta) -> tuple[ListedSession, ...]:
        """A user's sessions that are good, the last used first. `current`: the digest of the one that asks."""
        now = self._database.now()
        query = _open_ones(user_id, now).where(SessionRow.last_seen_at > now - idle)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(SessionRow.last_seen_at.desc(), SessionRow.id_sha256)).all()
        return tuple(
            ListedSession(
                row.id_sha256[:_NAMED_BY], row.created_at, row.last_seen_at, row.expires_at, row.id_sha256 == current
            )
            for row in rows
        )

    def end_others(self, user_id: str, current: str, named: str | None = None) -> int:
        """End all of a user's sessions but the one with the digest `current`, or only the one that is `named`.

        How many that were. The current one can be named, too.
        """
        now = self._database.now()
        which = SessionRow.id_sha256 != current
        if named is not None:
            which = func.substr(SessionRow.id_sha256, 1, _NAMED_BY) == named
        with self._database.writing() as connection:
            ended = _end(connection, and_(SessionRow.user_id == user_id, which), now)
            deed = Deed(user_id, "session.end_others", "user", user_id, {"sessions_ended": ended})
            write_deed(connection, deed, self._database)
        return ended

    def end(self, digest: str, user_id: str) -> None:
        """Sign out."""
        now = self._database.now()
        with self._database.writing() as connection:
            if _end(connection, SessionRow.id_sha256 == digest, now):
                write_deed(connection, Deed(user_id, "session.end", "user", user_id), self._database)

    def _note_use(self, digest: str, now: datetime) -> None:
        with self._database.writing(Survives.OUR_CRASH) as connection:
            connection.execute(
                update(SessionRow)
                .where(SessionRow.id_sha256 == digest, SessionRow.last_seen_at < now)
                .values(last_seen_at=now)
            )


def digest_of(text: str) -> str:
    """What is stored of a session's id."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def end_sessions_of(connection: Connection, user_id: str, now: datetime) -> int:
    """End all of a user's sessions within the caller's transaction; how many there were."""
    return _end(connection, SessionRow.user_id == user_id, now)


def _open_ones(user_id: str, now: datetime) -> Select[str, datetime, datetime, datetime]:
    return select(SessionRow.id_sha256, SessionRow.created_at, SessionRow.last_seen_at, SessionRow.expires_at).where(
        SessionRow.user_id == user_id, SessionRow.ended_at.is_(None), SessionRow.expires_at > now
    )


def _end(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
    return connection.execute(
        update(SessionRow).where(which, SessionRow.ended_at.is_(None)).values(ended_at=now)
    ).rowcount


def _good(now: datetime, idle: timedelta) -> tuple[ColumnElement[bool], ...]:
    return (
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > now,
        SessionRow.last_seen_at > now - idle,
        UserRow.disabled_at.is_(None),
    )
