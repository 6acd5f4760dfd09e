"""Who is asking, for which document, and whether they may.

The gateway in front of this app signs people in; it says who they are, and nobody else can.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, g, request
from sqlalchemy import select

from vellum.desks import DESKS
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import User

#: The gateway removes what clients send under this name.
HEADER = "X-Vellum-User"

View = Callable[..., Any]


def register(app: Flask) -> None:
    """Have every request of `app` know whose it is, and for which document."""
    app.before_request(identify)
    app.before_request(open_document)


def identify() -> None:
    """Find the user whom the gateway names. Raises ApiError 401 when there is none."""
    g.user = db.session.scalar(select(User).where(User.login == request.headers.get(HEADER, "")))
    if g.user is None:
        raise ApiError(401, "unauthorized", "Sign in at the gateway.")
    g.desk = DESKS[g.user.role](g.user)


def open_document() -> None:
    """Turn the `document` of an address into `g.document`. Raises ApiError 404 when it is not on the desk."""
    if not request.view_args or "document" not in request.view_args:
        return
    number = request.view_args.pop("document")
    g.document = g.desk.document(number)
    if g.document is None:
        raise ApiError(404, "document_not_found", f"There is no document {number}.")


def for_roles(*roles: str) -> Callable[[View], View]:
    """Decorator: a view for these roles. The others get ApiError 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.user.role not in roles:
                raise ApiError(403, "forbidden", f"A {g.user.role} can't do this.")
            return view(*args, **kwargs)

        return guarded

    return decorate
