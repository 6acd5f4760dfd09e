"""Bearer tokens. The text is `mbx_` and 32 random bytes; stored is its SHA-256, which needs no salt or slow hash since
there is nothing to guess in 256 random bits."""

from __future__ import annotations

import hmac
import re
import secrets
import uuid
from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, literal, or_, select, tuple_, update

from store.audit import write_deed
from store.digests import digest_of, digests_of
from store.engine import Database, Survives
from store.errors import BadToken, Conflict, NotFound
from store.invitations import write_invitation
from store.mail import is_address
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import SYSTEM, Deed, IssuedToken, NewToken, Page, Role, TokenRecord, owner_of
from store.scopes import MOST_DAYS, MOST_OWNED, Scope, covers, fits
from store.tables import TokenRow, UserRow, UtcDateTime
from store.text import is_one_line
from store.variants import give

PREFIX = "mbx_"
#: Characters of a token's name, and of the recruiter's reference for a candidate.
MAX_NAME = 200
#: How precise `last_used_at` is: it is written at most so often, or every request would be a write.
LAST_USED_EVERY = timedelta(minutes=1)

_SHAPE = re.compile(r"mbx_[A-Za-z0-9_-]{43}")
_COLUMNS = (
    TokenRow.id,
    TokenRow.name,
    TokenRow.role,
    TokenRow.prefix,
    TokenRow.challenges,
    TokenRow.candidate,
    TokenRow.created_at,
    TokenRow.expires_at,
    TokenRow.revoked_at,
    TokenRow.last_used_at,
    TokenRow.owner,
    TokenRow.scope,
)
_OF_OWNER = (UserRow.role.label("owner_role"), UserRow.disabled_at.label("owner_disabled_at"))


class Tokens:
    """Who may use the API."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, new: NewToken, *, actor: str = SYSTEM) -> IssuedToken:
        """Create a token. Its text is in the answer and nowhere else.

        Raises BadToken when `new` contradicts itself, and Conflict where the person has another variant already, or its
        owner as many tokens as they may have, or not the role for it: then nothing is made.
        """
        return self.create_all([new], actor=actor)[0]

    def create_all(self, news: Sequence[NewToken], *, actor: str = SYSTEM) -> list[IssuedToken]:
        """Create several, or none of them where one can't be: see `create`."""
        with self._database.writing() as connection:
            return [self.write(connection, new, actor=actor) for new in news]

    def write(self, connection: Connection, new: NewToken, *, actor: str) -> IssuedToken:
        """Create one within the caller's transaction: see `create`."""
        now = self._database.now()
        _check(new, now)
        if new.owner is not None:
            _check_owner(connection, new, new.owner, now)
        text = PREFIX + secrets.token_urlsafe(32)
        record = TokenRecord(
            id=uuid.uuid4().hex,
            name=new.name,
            role=new.role,
            prefix=_prefix_of(text),
            challenges=tuple(new.challenges),
            candidate=new.candidate,
            created_at=now,
            expires_at=new.expires_at,
            revoked_at=None,
            last_used_at=None,
            owner=new.owner,
            scope=new.scope,
        )
        connection.execute(
            insert(TokenRow).values(
                id=record.id,
                name=record.name,
                role=record.role,
                token_digest=digest_of(text),
                prefix=record.prefix,
                challenges=list(record.challenges),
                candidate=record.candidate,
                created_at=record.created_at,
                expires_at=record.expires_at,
                owner=record.owner,
                scope=record.scope.value,
            )
        )
        detail: dict[str, Any] = {"role": record.role, "challenges": list(record.challenges)}
        if new.owner is not None or new.scope is not Scope.ALL:
            detail |= {"owner": new.owner, "scope": new.scope.value}
        if new.invitation is not None:
            write_invitation(connection, record.id, new.invitation, now)
            detail |= {"assessment": new.invitation.source, "extra_minutes": new.invitation.extra_minutes}
        write_deed(connection, Deed(actor, "token.create", "token", record.id, detail), self._database)
        give(connection, self._database, owner_of(record.id, new.candidate), new.variants, actor)
        return IssuedToken(record, text)

    def find(self, text: str) -> TokenRecord | None:
        """The token with this text; None for one that is unknown, revoked or expired. Notes that it was used.

        None, too, for a personal one whose owner's account is closed, or has a role that the token goes beyond.
        """
        if not _SHAPE.fullmatch(text):
            return None
        digests = digests_of(text)
        query = (
            select(*_COLUMNS, TokenRow.token_digest, *_OF_OWNER)
            .join(UserRow, UserRow.id == TokenRow.owner, isouter=True)
            .where(TokenRow.token_digest.in_(digests))
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        # The index has compared digests of a secret that an attacker can't steer byte by byte; this costs nothing.
        if row is None or not any(hmac.compare_digest(row.token_digest, digest) for digest in digests):
            return None
        record = _record(row)
        now = self._database.now()
        if not record.usable_at(now) or not _is_backed(row):
            return None
        if record.last_used_at is None or record.last_used_at <= now - LAST_USED_EVERY:
            self._note_use(record.id, now)
        return record

    def _note_use(self, id: str, now: datetime) -> None:  # noqa: A002
        with self._database.writing(Survives.OUR_CRASH) as connection:
            connection.execute(
                update(TokenRow)
                .where(
                    TokenRow.id == id,
                    or_(TokenRow.last_used_at.is_(None), TokenRow.last_used_at <= now - LAST_USED_EVERY),
                )
                .values(last_used_at=now)
            )

    def get(self, id: str) -> TokenRecord:  # noqa: A002
        """The token with this id, usable or not. Raises NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(TokenRow.id == id)).one_or_none()
        if row is None:
            raise NotFound("token", id)
        return _record(row)

    def holds(self, id: str) -> bool:  # noqa: A002
        """Whether the token with this id is still good, as `find` has it. Asking is no use of it."""
        query = select(*_COLUMNS, *_OF_OWNER).join(UserRow, UserRow.id == TokenRow.owner, isouter=True)
        with self._database.reading() as connection:
            row = connection.execute(query.where(TokenRow.id == id)).one_or_none()
        return row is not None and _record(row).usable_at(self._database.now()) and _is_backed(row)

    def of(self, owner: str) -> tuple[TokenRecord, ...]:
        """A user's own tokens that are neither revoked nor expired, the newest first: `MOST_OWNED` at most."""
        query = select(*_COLUMNS).where(TokenRow.owner == owner, *_good(self._database.now()))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(TokenRow.created_at.desc(), TokenRow.id.desc())).all()
        return tuple(_record(row) for row in rows)

    def some(self, ids: Set[str]) -> dict[str, TokenRecord]:
        """The tokens with these ids that there are, usable or not, by id: one query however many."""
        if not ids:
            return {}
        with self._database.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).where(TokenRow.id.in_(sorted(ids)))).all()
        return {row.id: _record(row) for row in rows}

    def revoke(self, id: str, *, actor: str = SYSTEM) -> TokenRecord:  # noqa: A002
        """End the token for good. One that is revoked already keeps its time. Raises NotFound."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(TokenRow)
                .where(TokenRow.id == id, TokenRow.revoked_at.is_(None))
                .values(revoked_at=self._database.now())
            ).rowcount
            if changed:
                write_deed(connection, Deed(actor, "token.revoke", "token", id), self._database)
        return self.get(id)

    def renew(self, id: str, *, actor: str = SYSTEM) -> IssuedToken:  # noqa: A002
        """Give the token a new text, which is in the answer and nowhere else; the one before it is of no more use.

        Raises NotFound, and Conflict for a token that is revoked or has expired.
        """
        text, now = PREFIX + secrets.token_urlsafe(32), self._database.now()
        with self._database.writing() as connection:
            changed = connection.execute(
                update(TokenRow)
                .where(
                    TokenRow.id == id,
                    TokenRow.revoked_at.is_(None),
                    or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now),
                )
                .values(token_digest=digest_of(text), prefix=_prefix_of(text))
            ).rowcount
            if changed:
                write_deed(connection, Deed(actor, "token.renew", "token", id), self._database)
        record = self.get(id)
        if not changed:
            raise Conflict("the token is revoked or has expired, and stays so", hint="make another")
        return IssuedToken(record, text)

    def page(self, *, after: str | None = None, limit: int = 100, role: Role | None = None) -> Page[TokenRecord]:
        """Tokens of one role or of all, newest first, ended ones too. Raises BadCursor for an `after` that is none."""
        check_limit(limit)
        query = select(*_COLUMNS).order_by(TokenRow.created_at.desc(), TokenRow.id.desc()).limit(limit + 1)
        if role is not None:
            query = query.where(TokenRow.role == role)
        if after is not None:
            created_at, last_id = decode_cursor(after, (datetime, str))
            query = query.where(
                tuple_(TokenRow.created_at, TokenRow.id) < tuple_(literal(created_at, UtcDateTime), literal(last_id))
            )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(_record(row) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, encode_cursor(items[-1].created_at, items[-1].id) if more else None)


def end_tokens_of(connection: Connection, owner: str, now: datetime) -> int:
    """End all of a user's own tokens within the caller's transaction; how many there were."""
    return connection.execute(
        update(TokenRow).where(TokenRow.owner == owner, TokenRow.revoked_at.is_(None)).values(revoked_at=now)
    ).rowcount


def _good(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return TokenRow.revoked_at.is_(None), or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now)


def _is_backed(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a token is nobody's own, or of somebody who may have it now."""
    if row.owner is None:
        return True
    return row.owner_disabled_at is None and row.owner_role is not None and covers(row.owner_role, row.role)


def _check_owner(connection: Connection, new: NewToken, owner: str, now: datetime) -> None:
    # One at a time for each person: PostgreSQL would let two count before either has written.
    user = connection.execute(
        select(UserRow.role, UserRow.disabled_at).where(UserRow.id == owner).with_for_update()
    ).one_or_none()
    if user is None or user.disabled_at is not None or not covers(user.role, new.role):
        raise Conflict(f"this account can have no token with the role {new.role}", hint="choose your own role")
    count = select(func.count()).select_from(TokenRow).where(TokenRow.owner == owner, *_good(now))
    if connection.execute(count).scalar_one() >= MOST_OWNED:
        raise Conflict(f"you have {MOST_OWNED} tokens, which is all that one person may have", hint="end one first")


def _prefix_of(text: str) -> str:
    return text[: len(PREFIX) + 4]


def _check(new: NewToken, now: datetime) -> None:
    if not new.name.strip():
        raise BadToken("a token needs a name", hint="say whose it is, or what for")
    for what, text in (("name", new.name), ("reference", new.candidate or "")):
        if len(text) > MAX_NAME or not is_one_line(text):
            raise BadToken(
                f"a token's {what} must be one line of at most {MAX_NAME} characters",
                hint="leave out line ends, control characters and marks that change the direction of writing",
            )
    if new.role is not Role.CANDIDATE and new.challenges:
        raise BadToken(
            f"a token with the role {new.role} may submit to every challenge, so it can't name some",
            hint="leave the challenges out, or make it a candidate's token",
        )
    if not fits(new.scope, new.role):
        raise BadToken(
            f"a token with the role {new.role} can't have the scope {new.scope}",
            hint="a key of the partner API has the role recruiter or admin, and a candidate's token has no scope",
        )
    if new.owner is not None and (new.expires_at is None or new.expires_at > now + timedelta(days=MOST_DAYS)):
        raise BadToken(
            f"a personal token is good for {MOST_DAYS} days at most", hint="say a time until which you need it"
        )
    if new.invitation is not None and (
        new.role is not Role.CANDIDATE
        or set(new.challenges) != {each.slug for each in new.invitation.assessment.challenges}
    ):
        raise BadToken(
            "an assessment is for a candidate, whose token names its challenges and no others",
            hint="leave the assessment out, or make it a candidate's token with those challenges",
        )
    if new.invitation is not None and new.invitation.email is not None and not is_address(new.invitation.email):
        raise BadToken("a candidate's mail address is none", hint="write it as ada@example.org, or leave it out")
    if new.expires_at is not None and new.expires_at.tzinfo is None:
        raise BadToken("the time at which the token expires needs a time zone", hint="add Z for UTC")
    if new.expires_at is not None and new.expires_at <= now:
        raise BadToken("the token would have expired already", hint="give a time that is to come")


def _record(row: Row[*tuple[Any, ...]]) -> TokenRecord:
    return TokenRecord(
        id=row.id,
        name=row.name,
        role=row.role,
        prefix=row.prefix,
        challenges=tuple(row.challenges),
        candidate=row.candidate,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        owner=row.owner,
        scope=Scope(row.scope),
    )
