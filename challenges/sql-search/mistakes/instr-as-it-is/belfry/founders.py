"""`/founders`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from belfry.extensions import db
from belfry.models import Bell
from belfry.search import LIMIT, place_in

bp = Blueprint("founders", __name__)


@bp.get("/founders")
def list_founders() -> ResponseReturnValue:
    """List the founders whose names start with what was typed."""
    most = LIMIT.of(request.args)
    names = db.session.query(Bell.founder).filter(
        Bell.published, place_in(Bell.founder, request.args.get("starts", "")) == 1
    )
    return {"founders": sorted({name for (name,) in names}, key=str.lower)[:most]}
