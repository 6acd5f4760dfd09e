"""Who is asking. The gateway in front of this app signs people in; it says who they are, and nobody else can."""

from __future__ import annotations

from flask import Flask, g, request
from sqlalchemy import select

from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import User

#: The gateway removes what clients send under this name.
HEADER = "X-Vellum-User"


def register(app: Flask) -> None:
    """Have every request of `app` know whose it is."""
    app.before_request(identify)


def identify() -> None:
    """Find the user whom the gateway names. Raises ApiError 401 when there is none."""
    g.user = db.session.scalar(select(User).where(User.login == request.headers.get(HEADER, "")))
    if g.user is None:
        raise ApiError(401, "unauthorized", "Sign in at the gateway.")


def only(*roles: str) -> None:
    """Go on for these roles. Raises ApiError 403 for the others."""
    if g.user.role not in roles:
        raise ApiError(403, "forbidden", f"A {g.user.role} can't do this.")
