"""What happens before and after every request."""

from uuid import uuid4

from flask import Flask, Response, current_app, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coreshed.context import Visitor, current
from coreshed.errors import ApiError
from coreshed.extensions import db
from coreshed.models import Note, Person, token_digest
from coreshed.units import UNITS

MOST_CHARS = 64


def _known(token: str) -> Visitor:
    """The person with this token. Raises ApiError 401 when there is none."""
    query = select(Person).where(Person.token_digest == token_digest(token)).options(joinedload(Person.company))
    person = db.session.scalar(query)
    if person is None:
        raise ApiError(401, "unauthorized", "Nobody has this token.")
    return Visitor(person.id, person.name, person.company_id, person.company.name)


def begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    current.request_id = given if 0 < len(given) <= MOST_CHARS else uuid4().hex
    if request.authorization is not None and request.authorization.token:
        current.visitor = _known(request.authorization.token)
    if "unit" in request.args:
        unit = request.args["unit"]
        if unit not in UNITS:
            raise ApiError(400, "invalid_unit", f"Units are {' and '.join(UNITS)}.")
        current.unit = unit


def finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = current.request_id
    if response.status_code >= 400:
        return response
    for core_id, action in current.trail:
        db.session.add(
            Note(core_id=core_id, person_id=current.visitor.id, action=action, request_id=current.request_id)
        )
    db.session.commit()
    current.trail.clear()
    return response


def end(_error: BaseException | None) -> None:
    """However the request ended."""
    if current.table is not None:
        current_app.extensions["light_tables"].give_back(current.table)
        current.table = None


def register(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(finish)
    app.teardown_request(end)
