"""What a request is about: who asks, in which unit, under which id, and what it has done."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast
from uuid import uuid4

import flask
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from coreshed.errors import ApiError
from coreshed.extensions import db
from coreshed.models import Core, Person, Share, token_digest
from coreshed.units import UNITS

MOST_CHARS = 64


@dataclass(frozen=True)
class Visitor:
    """The person whose token was sent."""

    id: int
    name: str
    company_id: int
    company: str


class Request(flask.Request):
    """Flask makes one for each request, so nothing of it can be another one's."""

    @cached_property
    def id(self) -> str:
        given = self.headers.get("X-Request-Id", "")
        return given if 0 < len(given) <= MOST_CHARS else uuid4().hex

    @cached_property
    def unit(self) -> str:
        unit = self.args.get("unit", "m")
        if unit not in UNITS:
            raise ApiError(400, "invalid_unit", f"Units are {' and '.join(UNITS)}.")
        return unit

    @cached_property
    def sender(self) -> Visitor | None:
        """Whose token was sent, if any. Raises ApiError 401 for a token that nobody has."""
        token = self.authorization.token if self.authorization is not None else None
        if not token:
            return None
        query = select(Person).where(Person.token_digest == token_digest(token)).options(joinedload(Person.company))
        person = db.session.scalar(query)
        if person is None:
            raise ApiError(401, "unauthorized", "Nobody has this token.")
        return Visitor(person.id, person.name, person.company_id, person.company.name)

    @property
    def visitor(self) -> Visitor:
        """Who asks. Raises ApiError 401 when nobody has said so."""
        if self.sender is None:
            raise ApiError(401, "unauthorized", "Send the token of a person.")
        return self.sender

    @cached_property
    def visible(self) -> frozenset[int]:
        """The ids of the cores that the visitor's company may see: its own, and those shared with it."""
        company_id = self.visitor.company_id
        query = (
            select(Core.id)
            .outerjoin(Share, (Share.core_id == Core.id) & (Share.company_id == company_id))
            .where(or_(Core.company_id == company_id, Share.core_id.is_not(None)))
        )
        return frozenset(db.session.scalars(query))

    @cached_property
    def trail(self) -> list[tuple[int, str]]:
        """What will be written down if the request succeeds: cores, and what was done with them."""
        return []


def this_request() -> Request:
    return cast(Request, flask.request)
