"""The clerks at the counter."""

from __future__ import annotations

import hashlib

from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gangway.errors import ApiError
from gangway.models import Clerk, db

bp = Blueprint("counter", __name__)


def digest(badge: str) -> str:
    return hashlib.sha256(badge.encode()).hexdigest()


def clerk() -> Clerk:
    """The clerk whose session it is. Raises ApiError 401 if there is none."""
    found = db.session.get(Clerk, session.get("clerk", 0))
    if found is None:
        raise ApiError(401, "no_clerk", "Log in with your badge.")
    return found


@bp.post("/login")
def login() -> ResponseReturnValue:
    body = request.get_json(silent=True)
    badge = body.get("badge") if isinstance(body, dict) else None
    found = db.session.scalar(select(Clerk).where(Clerk.badge_digest == digest(str(badge))))
    if found is None:
        raise ApiError(403, "unknown_badge", "Nobody has this badge.")
    session.clear()
    session["clerk"] = found.id
    return {"clerk": found.name}


@bp.get("/me")
def me() -> ResponseReturnValue:
    return {"clerk": clerk().name}
