"""The second factor: six digits that an authenticator app makes from a secret and the time (TOTP, RFC 6238).

To check a code the secret must be at hand, so it is not hashed but encrypted, with a key that is not in the database,
and together with whose it is: copied into another account's row it is worth nothing. A code counts once (RFC 6238,
5.2). Ten codes to be kept on paper stand in for a phone that is lost, each once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from runner.errors import PlatformFault
from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict
from store.records import SYSTEM, Deed, NewFactor, UserRecord
from store.sessions import end_sessions_of
from store.tables import RecoveryCodeRow, UserRow
from store.users import Users

#: What encrypts is the first; each opens what it encrypted.
Keys = tuple[bytes, ...]
ISSUER = "Mendbox"
STEP_S = 30
#: Steps by which a phone's clock may be off, to either side; RFC 6238, 5.2, recommends one.
_OFF_BY = 1
RECOVERY_CODES = 10
#: Characters of base32, of five bits each: what has 112 bits may be stored by a plain digest (ASVS 5.0, 6.5.2).
_RECOVERY_CHARACTERS = 24
_CODE = re.compile(r"\d{6}", re.ASCII)
_RECOVERY = re.compile(r"[a-z2-7]{24}")


class FactorUnreadable(PlatformFault):
    """A second factor that was encrypted with another key than today's."""


class Factors:
    """At most one second factor for each account.

    `keys`: the platform's secret key, which the database does not have, and those that it had before. What was
    encrypted with one of those is encrypted anew when its user signs in.
    """

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users

    def begin(self, user: UserRecord, keys: Keys) -> NewFactor:
        """Make a secret for the user, in the place of one that was not confirmed. It counts once `confirm` says so.

        Raises Conflict when the account has a second factor, or was closed.
        """
        secret = pyotp.random_base32()
        sealed = _sealed(secret, user.id, keys)
        with self._database.writing() as connection:
            changed = connection.execute(
                update(UserRow)
                .where(UserRow.id == user.id, UserRow.disabled_at.is_(None), UserRow.second_factor_since.is_(None))
                .values(second_factor=sealed, second_factor_step=None)
            ).rowcount
            if not changed:
                raise Conflict("the account has a second factor already", hint="remove that one first")
            write_deed(connection, Deed(user.id, "user.factor_begin", "user", user.id), self._database)
        return NewFactor(secret, pyotp.TOTP(secret).provisioning_uri(name=user.account, issuer_name=ISSUER))

    def confirm(self, user: UserRecord, code: str, keys: Keys) -> tuple[UserRecord, tuple[str, ...]] | None:
        """Have the second factor count from now on, as its user has shown a code of it, and end the user's sessions.

        The user as they are now, and their recovery codes, which are stored nowhere; None for a code that is not right,
        or where nothing waits for one. Raises FactorUnreadable.
        """
        row = self._row(user.id)
        now = self._database.now()
        if row is None or row.second_factor is None or row.second_factor_since is not None:
            return None
        step = _step_of(_unsealed(row.second_factor, user.id, keys), code, now)
        if step is None:
            return None
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        with self._database.writing() as connection:
            changed = connection.execute(
                update(UserRow)
                .where(*_same(row), UserRow.disabled_at.is_(None), UserRow.second_factor_since.is_(None))
                .values(second_factor_step=step, second_factor_since=now)
            ).rowcount
            if not changed:
                return None
            _forget_codes(connection, user.id)
            rows = [{"code_sha256": _digest(code), "user_id": user.id} for code in codes]
            connection.execute(insert(RecoveryCodeRow), rows)
            ended = end_sessions_of(connection, user.id, now)
            deed = Deed(user.id, "user.factor", "user", user.id, {"sessions_ended": ended})
            write_deed(connection, deed, self._database)
        return self._users.named(user.account), codes

    def check(self, user: UserRecord, code: str, keys: Keys) -> bool:
        """Whether this is a code of the user's second factor, or a recovery code, that was not used yet; now it is.

        Raises FactorUnreadable.
        """
        text = code.strip().lower().replace("-", "").replace(" ", "")
        if _RECOVERY.fullmatch(text):
            return self._use_recovery_code(user, text)
        row = self._row(user.id)
        if row is None or row.second_factor is None or row.second_factor_since is None:
            return False
        secret = _unsealed(row.second_factor, user.id, keys)
        step = _step_of(secret, text, self._database.now())
        if step is None:
            return False
        with self._database.writing() as connection:
            # Of several who send it at the same time one gets in.
            return bool(
                connection.execute(
                    update(UserRow)
                    .where(*_same(row), UserRow.second_factor_step < step)
                    .values(second_factor_step=step, second_factor=_sealed(secret, user.id, keys))
                ).rowcount
            )

    def remove(self, account: str, *, actor: str = SYSTEM) -> UserRecord:
        """Take the account's second factor away, confirmed or not, and end its sessions. No change where none is.

        Raises NotFound.
        """
        record = self._users.named(account)
        now = self._database.now()
        with self._database.writing() as connection:
            changed = connection.execute(
                update(UserRow)
                .where(UserRow.id == record.id, UserRow.second_factor.is_not(None))
                .values(second_factor=None, second_factor_step=None, second_factor_since=None)
            ).rowcount
            if changed:
                _forget_codes(connection, record.id)
                ended = end_sessions_of(connection, record.id, now)
                deed = Deed(actor, "user.factor_remove", "user", record.id, {"sessions_ended": ended})
                write_deed(connection, deed, self._database)
        return self._users.named(account)

    def _row(self, user_id: str) -> Row[str, str | None, datetime | None] | None:
        query = select(UserRow.id, UserRow.second_factor, UserRow.second_factor_since).where(UserRow.id == user_id)
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none()

    def _use_recovery_code(self, user: UserRecord, text: str) -> bool:
        mine = RecoveryCodeRow.user_id == user.id
        with self._database.writing() as connection:
            used = connection.execute(
                delete(RecoveryCodeRow).where(mine, RecoveryCodeRow.code_sha256 == _digest(text))
            ).rowcount
            if used:
                left = connection.execute(select(func.count()).select_from(RecoveryCodeRow).where(mine)).scalar_one()
                deed = Deed(user.id, "user.recovery_code", "user", user.id, {"left": left})
                write_deed(connection, deed, self._database)
        return bool(used)


def _same(row: Row[str, str | None, datetime | None]) -> tuple[ColumnElement[bool], ...]:
    """It is still the secret that the code was checked against."""
    return UserRow.id == row.id, UserRow.second_factor == row.second_factor


def _forget_codes(connection: Connection, user_id: str) -> None:
    connection.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step of time whose code this is, counted from 1970; None for a code that is none, or not of about now."""
    if not _CODE.fullmatch(code):
        return None
    totp = pyotp.TOTP(secret, interval=STEP_S)
    found = None
    # All are computed whichever it is: how long it takes tells nothing.
    for off in range(-_OFF_BY, _OFF_BY + 1):
        moment = now + timedelta(seconds=off * STEP_S)
        if hmac.compare_digest(totp.at(moment), code):
            found = int(moment.timestamp()) // STEP_S
    return found


def _fernet(keys: Keys) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hmac.digest(key, b"mendbox.second-factor", "sha256"))) for key in keys]
    )


def _sealed(secret: str, user_id: str, keys: Keys) -> str:
    return _fernet(keys).encrypt(f"{user_id} {secret}".encode()).decode()


def _unsealed(sealed: str, user_id: str, keys: Keys) -> str:
    try:
        owner, secret = _fernet(keys).decrypt(sealed).decode().split(" ")
    except (InvalidToken, ValueError):
        owner = secret = ""
    if not hmac.compare_digest(owner, user_id):
        raise FactorUnreadable(
            "the account's second factor was made with another secret key",
            hint="set that key as MENDBOX_SECRET_KEY_BEFORE, or have it set up anew: mendbox user reset-factor NAME",
        )
    return secret


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_CHARACTERS * 5 // 8)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _digest(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()
