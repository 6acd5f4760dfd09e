"""Who is asking. The gateway in front of this app signs people in; it says who they are, and nobody else can."""

from __future__ import annotations

from flask import Flask, g, request
from sqlalchemy import select

from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Document, User

#: The gateway removes what clients send under this name.
HEADER = "X-Vellum-User"


def register(app: Flask) -> None:
    """Have every request of `app` know whose it is."""
    app.before_request(identify)
    app.before_request(guard)


def identify() -> None:
    """Find the user whom the gateway names. Raises ApiError 401 when there is none."""
    g.user = db.session.scalar(select(User).where(User.login == request.headers.get(HEADER, "")))
    if g.user is None:
        raise ApiError(401, "unauthorized", "Sign in at the gateway.")


def guard() -> None:
    """Stop those who have nothing to do with the document of the address. Raises ApiError 404."""
    arguments = request.view_args or {}
    if "number" not in arguments:
        return
    document = db.session.get(Document, arguments["number"])
    if document is None or not may_see(document):
        raise ApiError(404, "document_not_found", f"There is no document {arguments['number']}.")


def may_see(document: Document) -> bool:
    """Whether the one who asks owns the document, is assigned to it or manages it."""
    if g.user.role == "client":
        return document.owner_id == g.user.id
    if g.user.role == "translator":
        return any(
            assignment.translator_id == g.user.id
            for assignment in document.assignments
            if assignment.state in ("open", "done")
        )
    return g.user.role == "manager"


def only(*roles: str) -> None:
    """Go on for these roles. Raises ApiError 403 for the others."""
    if g.user.role not in roles:
        raise ApiError(403, "forbidden", f"A {g.user.role} can't do this.")
