"""`/species`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from pollard import search, sql
from pollard.extensions import db

bp = Blueprint("species", __name__)


@bp.get("/species")
def list_species() -> ResponseReturnValue:
    """List the species whose names start with what was typed."""
    begins = sql.literally(request.args.get("starts", "")) + "%"
    most = search.up_to(50, request.args, "limit", 10)
    return {"species": list(db.session.scalars(text(sql.SPECIES), {"begins": begins, "most": most}))}
