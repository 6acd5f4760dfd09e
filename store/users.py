"""People who sign in with a name and a password: assessors and admins. Candidates have tokens."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Set
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.audit import write_deed
from store.engine import Database, Survives
from store.errors import BadUser, Conflict, NotFound
from store.passwords import Passwords
from store.records import SYSTEM, Deed, Role, UserRecord
from store.sessions import end_sessions_of
from store.tables import PasswordCodeRow, UserRow
from store.tokens import end_tokens_of

#: An account's name as it is stored: an address of mail fits.
ACCOUNT = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,98}[a-z0-9])?")
_COLUMNS = (
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


class Users:
    """Accounts. A password is in nothing that leaves this class."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    def add(self, account: str, role: Role, password: str | None, *, actor: str = SYSTEM) -> UserRecord:
        """Make an account. Without a password nobody signs in before its user chose one, by a code (`store.codes`).

        Raises BadUser, BadPassword, or Conflict when the name is taken.
        """
        account = account.strip().lower()
        if not ACCOUNT.fullmatch(account):
            raise BadUser(
                "an account's name has 1 to 100 letters, digits and . _ @ + -, and begins and ends with one of the "
                "first two",
                hint="an address of mail will do",
            )
        if role is Role.CANDIDATE:
            raise BadUser("candidates have no accounts", hint="make a token: mendbox token create NAME")
        if password is not None:
            self._passwords.check_new(password, account)
        hashed = self._passwords.hash(secrets.token_urlsafe(32) if password is None else password)
        now = self._database.now()
        record = UserRecord(uuid.uuid4().hex, account, role, now, None, now, None, None, password is not None)
        with self._database.writing() as connection:
            _insert(connection, record, hashed)
            deed = Deed(actor, "user.add", "user", record.id, {"account": account, "role": role})
            write_deed(connection, deed, self._database)
        return record

    def list(self) -> tuple[UserRecord, ...]:
        """All accounts by name, disabled ones too."""
        with self._database.reading() as connection:
            return tuple(_record(row) for row in connection.execute(select(*_COLUMNS).order_by(UserRow.account)))

    def named(self, account: str) -> UserRecord:
        """The account of this name. Raises NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(UserRow.account == account.strip().lower())).one_or_none()
        if row is None:
            raise NotFound("account", account)
        return _record(row)

    def names(self, ids: Set[str]) -> dict[str, str]:
        """What the accounts with these ids are called, closed ones too: one query however many."""
        if not ids:
            return {}
        query = select(UserRow.id, UserRow.account).where(UserRow.id.in_(sorted(ids)))
        with self._database.reading() as connection:
            return {row.id: row.account for row in connection.execute(query)}

    def disable(self, account: str, *, actor: str = SYSTEM) -> UserRecord:
        """Close the account, and end its sessions and its own tokens for good.

        One that is closed already keeps its time. Raises NotFound.
        """
        record = self.named(account)
        now = self._database.now()
        with self._database.writing() as connection:
            changed = connection.execute(
                update(UserRow).where(UserRow.id == record.id, UserRow.disabled_at.is_(None)).values(disabled_at=now)
            ).rowcount
            if changed:
                _drop_code(connection, record.id)
                ended = end_sessions_of(connection, record.id, now)
                tokens = end_tokens_of(connection, record.id, now)
                detail = {"sessions_ended": ended, "tokens_ended": tokens}
                deed = Deed(actor, "user.disable", "user", record.id, detail)
                write_deed(connection, deed, self._database)
        return self.named(account)

    def enable(self, account: str, *, actor: str = SYSTEM) -> UserRecord:
        """Open an account that was closed; its password is as it was. No change to an open one. Raises NotFound."""
        record = self.named(account)
        with self._database.writing() as connection:
            changed = connection.execute(
                update(UserRow)
                .where(UserRow.id == record.id, UserRow.disabled_at.is_not(None))
                .values(disabled_at=None)
            ).rowcount
            if changed:
                write_deed(connection, Deed(actor, "user.enable", "user", record.id), self._database)
        return self.named(account)

    def set_password(
        self, account: str, password: str, *, actor: str = SYSTEM, known: UserRecord | None = None
    ) -> UserRecord:
        """Give the account another password and end its sessions; a code for it ends, too. A closed one stays closed.

        `known`: the user as they were when they showed the password before; Conflict if it was changed, or the account
        closed, since then. Raises NotFound, BadPassword.
        """
        record = self.named(account)
        self._passwords.check_new(password, record.account)
        hashed = self._passwords.hash(password)
        now = self._database.now()
        with self._database.writing() as connection:
            changed = connection.execute(
                update(UserRow)
                .where(UserRow.id == record.id, *_unchanged(known))
                .values(password_hash=hashed, password_changed_at=now, has_password=True)
            ).rowcount
            if not changed:
                raise Conflict("the account was changed meanwhile", hint="sign in again")
            _drop_code(connection, record.id)
            ended = end_sessions_of(connection, record.id, now)
            deed = Deed(actor, "user.password", "user", record.id, {"sessions_ended": ended})
            write_deed(connection, deed, self._database)
        return self.named(account)

    def authenticate(self, account: str, password: str) -> tuple[UserRecord | None, str]:
        """The open account with this name and password, or None; and the id of the account that was meant, or "".

        It computes one hash whether the account is there or not, is closed or open.
        """
        query = select(*_COLUMNS, UserRow.password_hash).where(UserRow.account == account.strip().lower())
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none() if ACCOUNT.fullmatch(account.strip().lower()) else None
        hashed = None if row is None or row.disabled_at is not None else row.password_hash
        if not self._passwords.matches(hashed, password) or row is None:
            return None, "" if row is None else row.id
        if self._passwords.is_outdated(row.password_hash):
            self._hash_again(row.id, row.password_hash, password)
        return _record(row), row.id

    def _hash_again(self, id: str, old: str, password: str) -> None:  # noqa: A002
        hashed = self._passwords.hash(password)
        with self._database.writing(Survives.ANY_CRASH) as connection:
            # Only over the hash that was checked: the password may have been changed meanwhile.
            connection.execute(
                update(UserRow).where(UserRow.id == id, UserRow.password_hash == old).values(password_hash=hashed)
            )


def _unchanged(known: UserRecord | None) -> tuple[ColumnElement[bool], ...]:
    if known is None:
        return ()
    return (UserRow.disabled_at.is_(None), UserRow.password_changed_at == known.password_changed_at)


def _drop_code(connection: Connection, user_id: str) -> None:
    connection.execute(delete(PasswordCodeRow).where(PasswordCodeRow.user_id == user_id))


def _insert(connection: Connection, record: UserRecord, hashed: str) -> None:
    values = {
        "id": record.id,
        "account": record.account,
        "role": record.role,
        "password_hash": hashed,
        "has_password": record.has_password,
        "created_at": record.created_at,
        "password_changed_at": record.password_changed_at,
    }
    try:
        connection.execute(insert(UserRow).values(**values))
    except IntegrityError as error:
        raise Conflict(f"there is an account {record.account}", hint="choose another name") from error


def _record(row: Row[*tuple[Any, ...]]) -> UserRecord:
    return UserRecord(
        id=row.id,
        account=row.account,
        role=row.role,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        password_changed_at=row.password_changed_at,
        last_sign_in_at=row.last_sign_in_at,
        second_factor_since=row.second_factor_since,
        has_password=row.has_password,
    )
