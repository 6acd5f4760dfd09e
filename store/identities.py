"""Whom an OpenID provider means: which of its subjects is which user of ours.

A subject is linked once and for good, by issuer and subject alone. The first time a mail address decides, which the
provider must have verified: addresses are given to others when people leave, subjects are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.audit import write_deed
from store.engine import Database
from store.errors import BadUser, Conflict, NotFound
from store.records import SYSTEM, Deed, Role, UserRecord
from store.sessions import end_sessions_of
from store.tables import UserIdentityRow, UserRow
from store.tokens import end_tokens_of
from store.users import ACCOUNT, Users

#: Bytes of a subject: OpenID Connect Core 1.0, 2, allows 255.
MOST_OF_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody as their provider says, which was checked. `email`: a verified address, lower case, or None.

    `role`: the one that they have here by what the provider says of them; None where it says nothing of roles.
    """

    issuer: str
    subject: str
    email: str | None = None
    role: Role | None = None


class Turned(StrEnum):
    """Why somebody whom the provider knows does not get in."""

    UNKNOWN = "no account"
    CLOSED = "account closed"
    LINKED_OTHERWISE = "account linked to another subject"


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """`user_id`: of the account that was meant, or empty."""

    reason: Turned
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A link of a user to a subject of a provider."""

    issuer: str
    subject: str
    linked_at: datetime


class Identities:
    """Links between users and subjects of providers."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users

    def arrive(self, proven: Proven, create: Role | None = None) -> UserRecord | TurnedAway:
        """The user who is meant: linked before, or now by the address, or made with the role `create` if that is given.

        Their role becomes `proven.role` where that says one.
        """
        account = self._linked(proven) or self._by_address(proven, create)
        if isinstance(account, TurnedAway):
            return account
        user = self._users.named(account)
        if user.disabled_at is not None:
            return TurnedAway(Turned.CLOSED, user.id)
        return self._with_role(user, proven)

    def of(self, user_id: str) -> tuple[Identity, ...]:
        """The links of a user, the oldest first."""
        query = (
            select(UserIdentityRow.issuer, UserIdentityRow.subject, UserIdentityRow.linked_at)
            .where(UserIdentityRow.user_id == user_id)
            .order_by(UserIdentityRow.linked_at, UserIdentityRow.issuer)
        )
        with self._database.reading() as connection:
            return tuple(Identity(row.issuer, row.subject, row.linked_at) for row in connection.execute(query))

    def unlink(self, account: str, *, actor: str = SYSTEM, by_user: bool = False) -> UserRecord:
        """Take all links of an account away and end its sessions and tokens. No change where there is none.

        `by_user`: its user wants that; Conflict where they could not sign in again, for want of a password. Raises
        NotFound.
        """
        record = self._users.named(account)
        if by_user and not record.has_password:
            raise Conflict("the account has no password yet", hint="choose one first, by a code")
        now = self._database.now()
        with self._database.writing() as connection:
            gone = connection.execute(delete(UserIdentityRow).where(UserIdentityRow.user_id == record.id)).rowcount
            if gone:
                ended = end_sessions_of(connection, record.id, now)
                tokens = end_tokens_of(connection, record.id, now)
                detail = {"links": gone, "sessions_ended": ended, "tokens_ended": tokens}
                deed = Deed(actor, "user.unlink", "user", record.id, detail)
                write_deed(connection, deed, self._database)
        return record

    def _linked(self, proven: Proven) -> str | None:
        query = (
            select(UserRow.account)
            .join(UserIdentityRow, UserIdentityRow.user_id == UserRow.id)
            .where(UserIdentityRow.issuer == proven.issuer, UserIdentityRow.subject == proven.subject)
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def _by_address(self, proven: Proven, create: Role | None) -> str | TurnedAway:
        if proven.email is None or not ACCOUNT.fullmatch(proven.email):
            return TurnedAway(Turned.UNKNOWN)
        try:
            user = self._users.named(proven.email)
        except NotFound:
            made = self._made(proven.email, create)
            if made is None:
                return TurnedAway(Turned.UNKNOWN)
            user = made
        if user.disabled_at is not None:
            return TurnedAway(Turned.CLOSED, user.id)
        try:
            self._link(user, proven)
        except Conflict:
            # Another subject of theirs; or this one, linked by a request at the same time.
            return self._linked(proven) or TurnedAway(Turned.LINKED_OTHERWISE, user.id)
        return user.account

    def _made(self, email: str, create: Role | None) -> UserRecord | None:
        if create is None:
            return None
        try:
            return self._users.add(email, create, None, actor=SYSTEM)
        except Conflict:
            return self._users.named(email)
        except BadUser:
            return None

    def _link(self, user: UserRecord, proven: Proven) -> None:
        values = {
            "issuer": proven.issuer,
            "subject": proven.subject,
            "user_id": user.id,
            "linked_at": self._database.now(),
        }
        with self._database.writing() as connection:
            try:
                connection.execute(insert(UserIdentityRow).values(**values))
            except IntegrityError as error:
                raise Conflict("the account is linked already", hint="take that link away first") from error
            self._tell(connection, "user.link", user.id, {"issuer": proven.issuer, "subject": proven.subject})

    def _with_role(self, user: UserRecord, proven: Proven) -> UserRecord:
        if proven.role is None or proven.role is user.role:
            return user
        with self._database.writing() as connection:
            connection.execute(update(UserRow).where(UserRow.id == user.id).values(role=proven.role))
            self._tell(connection, "user.role", user.id, {"before": user.role, "role": proven.role, "by": "provider"})
        return self._users.named(user.account)

    def _tell(self, connection: Connection, action: str, user_id: str, detail: dict[str, str]) -> None:
        write_deed(connection, Deed(user_id, action, "user", user_id, detail), self._database)
