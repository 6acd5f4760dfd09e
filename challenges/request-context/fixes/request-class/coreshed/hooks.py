"""What happens before and after every request."""

from flask import Flask, Response

from coreshed.context import Request, this_request
from coreshed.extensions import db
from coreshed.models import Note


def begin() -> None:
    """A token that nobody has, or an unknown unit, is refused wherever it is sent. After this all is worked out."""
    request = this_request()
    _ = request.id, request.sender, request.unit


def finish(response: Response) -> Response:
    request = this_request()
    response.headers["X-Request-Id"] = request.id
    if response.status_code < 400 and request.trail:
        for core_id, action in request.trail:
            db.session.add(
                Note(core_id=core_id, person_id=request.visitor.id, action=action, request_id=request.id)
            )
        db.session.commit()
    return response


def register(app: Flask) -> None:
    app.request_class = Request
    app.before_request(begin)
    app.after_request(finish)
