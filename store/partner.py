"""Invitations that another system asked for: the same request made twice is one invitation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from store.assessment_tables import InvitationRow, PartnerTestRow
from store.engine import Database
from store.errors import KeyUsed
from store.records import IssuedToken, NewToken
from store.tables import TokenRow
from store.tokens import Tokens


@dataclass(frozen=True, slots=True)
class PartnerTest:
    """An invitation of the candidate with this token. `told_at`: when the mail server took their link; None for never.

    `application_url`: the page about the candidate in the system that asked. `is_opened`: whether somebody has used the
    link, or begun.
    """

    token_id: str
    application_url: str | None
    created_at: datetime
    told_at: datetime | None
    is_opened: bool


class PartnerTests:
    """Such invitations, by what was asked for and by the candidate's token."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    def send(
        self, new: NewToken, key_sha256: str, application_url: str | None, *, actor: str
    ) -> tuple[PartnerTest, IssuedToken | None]:
        """Invite somebody, or find the invitation that the same request has made before: then no token comes back.

        One that was never begun and can't be any more makes room for another. Raises BadToken.
        """
        try:
            with self._database.writing() as connection:
                # Else one that waits for another's row would take it for one that can't be used any more.
                self._database.one_at_a_time(connection, "partner", key_sha256)
                found = _made_with(connection, key_sha256, self._database.now())
                if found is not None:
                    return found, None
                return self._add(connection, new, key_sha256, application_url, actor)
        except KeyUsed:
            with self._database.reading() as connection:
                found = _made_with(connection, key_sha256, self._database.now())
            if found is None:
                raise
            return found, None

    def _add(
        self, connection: Connection, new: NewToken, key_sha256: str, application_url: str | None, actor: str
    ) -> tuple[PartnerTest, IssuedToken]:
        connection.execute(
            update(PartnerTestRow).where(PartnerTestRow.key_sha256 == key_sha256).values(key_sha256=None)
        )
        issued = self._tokens.write(connection, new, actor=actor)
        made = PartnerTest(issued.record.id, application_url, issued.record.created_at, None, False)
        values = {
            "token_id": made.token_id,
            "key_sha256": key_sha256,
            "application_url": application_url,
            "created_at": made.created_at,
        }
        try:
            connection.execute(insert(PartnerTestRow).values(**values))
        except IntegrityError as error:
            raise KeyUsed("this was asked for twice at once") from error
        return made, issued

    def told(self, token_id: str) -> None:
        """The mail server has taken the link. That it was asked to is in the audit trail already."""
        with self._database.writing() as connection:
            connection.execute(
                update(PartnerTestRow).where(PartnerTestRow.token_id == token_id).values(told_at=self._database.now())
            )

    def of(self, token_id: str) -> PartnerTest | None:
        """The candidate's, whatever has become of it; None where no other system asked for it."""
        with self._database.reading() as connection:
            row = connection.execute(_query().where(PartnerTestRow.token_id == token_id)).one_or_none()
        return None if row is None else _record(row)


def _query() -> Select[*tuple[Any, ...]]:
    query = select(
        PartnerTestRow.token_id,
        PartnerTestRow.application_url,
        PartnerTestRow.created_at,
        PartnerTestRow.told_at,
        or_(TokenRow.last_used_at.is_not(None), InvitationRow.began_at.is_not(None)).label("is_opened"),
    )
    return query.join(TokenRow, TokenRow.id == PartnerTestRow.token_id).join(
        InvitationRow, InvitationRow.token_id == PartnerTestRow.token_id
    )


def _made_with(connection: Connection, key_sha256: str, now: datetime) -> PartnerTest | None:
    """What the request made, if its candidate has begun or still can."""
    query = _query().where(
        PartnerTestRow.key_sha256 == key_sha256,
        or_(
            InvitationRow.began_at.is_not(None),
            TokenRow.revoked_at.is_(None)
            & or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now)
            & or_(InvitationRow.closes_at.is_(None), InvitationRow.closes_at > now),
        ),
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _record(row)


def _record(row: Row[*tuple[Any, ...]]) -> PartnerTest:
    return PartnerTest(row.token_id, row.application_url, row.created_at, row.told_at, bool(row.is_opened))
