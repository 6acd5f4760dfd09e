"""`/species`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from pollard import byhand
from pollard.extensions import db

bp = Blueprint("species", __name__)


@bp.get("/species")
def list_species() -> ResponseReturnValue:
    """List the species whose names start with what was typed."""
    statement = "SELECT DISTINCT species FROM trees WHERE published = 1"
    if typed := request.args.get("starts"):
        statement += " AND species LIKE " + byhand.pattern(typed, behind="%")
    statement += " ORDER BY species COLLATE NOCASE LIMIT %d" % byhand.whole(request.args, "limit", 10, 50)
    return {"species": list(db.session.scalars(text(statement)))}
