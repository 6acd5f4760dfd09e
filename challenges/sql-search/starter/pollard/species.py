"""`/species`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from pollard.extensions import db

bp = Blueprint("species", __name__)


@bp.get("/species")
def list_species() -> ResponseReturnValue:
    """List the species whose names start with what was typed."""
    statement = "SELECT DISTINCT species FROM trees WHERE published = 1"
    if typed := request.args.get("starts"):
        statement += " AND species LIKE '%s%%'" % typed
    statement += " ORDER BY species COLLATE NOCASE LIMIT " + (request.args.get("limit") or "10")
    return {"species": list(db.session.scalars(text(statement)))}
