"""`/founders`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from belfry.extensions import db

bp = Blueprint("founders", __name__)


@bp.get("/founders")
def list_founders() -> ResponseReturnValue:
    """List the founders whose names start with what was typed."""
    statement = "SELECT DISTINCT founder FROM bells WHERE published = 1"
    if typed := request.args.get("starts"):
        statement += " AND founder LIKE '%s%%'" % typed
    statement += " ORDER BY founder COLLATE NOCASE LIMIT " + (request.args.get("limit") or "10")
    return {"founders": list(db.session.scalars(text(statement)))}
