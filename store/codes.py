"""Codes by which people choose a password themselves: the first one, or another for one that they forgot.

Whoever runs the platform makes a code and hands it over, or it is mailed to the account's address; nobody but the
account's own user ever knows the password. A code is 256 random bits, works once and for a day; stored is its SHA-256,
as of a token's text.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update

from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict
from store.passwords import Passwords
from store.records import SYSTEM, Deed, PasswordCode, UserRecord
from store.sessions import end_sessions_of
from store.tables import PasswordCodeRow, UserRow
from store.users import ACCOUNT, Users

LIFE = timedelta(hours=24)
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


class Codes:
    """At most one for each account."""

    def __init__(self, database: Database, users: Users, passwords: Passwords) -> None:
        self._database = database
        self._users = users
        self._passwords = passwords

    def issue(self, account: str, *, actor: str = SYSTEM, by: str = "hand") -> PasswordCode:
        """Make a code for an open account; one that it had is of no more use. Raises NotFound, Conflict.

        `by`: how it gets to the account's user, for the audit trail.
        """
        code = self._made(account)
        self._keep(code, actor, by)
        return code

    def issue_by(self, hand_over: Callable[[PasswordCode], bool], account: str, *, actor: str, by: str) -> bool:
        """The same for one that `hand_over` brings to the user: where it could not, nothing has changed.

        So whoever asks for a code that does not arrive takes no other from the account. Raises NotFound, Conflict.
        """
        code = self._made(account)
        if not hand_over(code):
            return False
        self._keep(code, actor, by)
        return True

    def _made(self, account: str) -> PasswordCode:
        record = self._users.named(account)
        if record.disabled_at is not None:
            raise Conflict(f"the account {record.account} is closed", hint="open it first: mendbox user enable NAME")
        return PasswordCode(record, self._database.now() + LIFE, secrets.token_urlsafe(32))

    def _keep(self, code: PasswordCode, actor: str, by: str) -> None:
        now = self._database.now()
        with self._database.writing() as connection:
            connection.execute(
                delete(PasswordCodeRow).where(
                    (PasswordCodeRow.user_id == code.user.id) | (PasswordCodeRow.expires_at <= now)
                )
            )
            connection.execute(
                insert(PasswordCodeRow).values(
                    user_id=code.user.id, code_sha256=_digest(code.text), created_at=now, expires_at=code.expires_at
                )
            )
            write_deed(connection, Deed(actor, "user.code", "user", code.user.id, {"by": by}), self._database)

    def owner(self, account: str, text: str) -> UserRecord | None:
        """Whose good code this is; None unless it is one of this account, and the account is open."""
        account = account.strip().lower()
        if not ACCOUNT.fullmatch(account) or not _SHAPE.fullmatch(text):
            return None
        query = (
            select(UserRow.id)
            .join(PasswordCodeRow, PasswordCodeRow.user_id == UserRow.id)
            .where(UserRow.account == account, UserRow.disabled_at.is_(None), *self._good(text))
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else self._users.named(account)

    def _good(self, text: str) -> tuple[ColumnElement[bool], ...]:
        return PasswordCodeRow.code_sha256 == _digest(text), PasswordCodeRow.expires_at > self._database.now()

    def use(self, account: str, text: str, password: str) -> UserRecord | None:
        """Give the account this password, end its sessions, and the code with them; None for a code that is none of it.

        Raises BadPassword for a password that may be none; the code is still good then.
        """
        owner = self.owner(account, text)
        if owner is None:
            return None
        user_id, account = owner.id, owner.account
        self._passwords.check_new(password, account)
        hashed = self._passwords.hash(password)
        now = self._database.now()
        with self._database.writing() as connection:
            # Of several who send it at the same time one gets in.
            if not connection.execute(
                delete(PasswordCodeRow).where(PasswordCodeRow.user_id == user_id, *self._good(text))
            ).rowcount:
                return None
            changed = connection.execute(
                update(UserRow)
                .where(UserRow.id == user_id, UserRow.disabled_at.is_(None))
                .values(password_hash=hashed, password_changed_at=now, has_password=True)
            ).rowcount
            if not changed:
                return None
            ended = end_sessions_of(connection, user_id, now)
            deed = Deed(user_id, "user.password", "user", user_id, {"by": "code", "sessions_ended": ended})
            write_deed(connection, deed, self._database)
        return self._users.named(account)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
