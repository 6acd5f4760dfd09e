"""`/founders`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from belfry import search, sql
from belfry.extensions import db

bp = Blueprint("founders", __name__)


@bp.get("/founders")
def list_founders() -> ResponseReturnValue:
    """List the founders whose names start with what was typed."""
    begins = sql.literally(request.args.get("starts", "")) + "%"
    most = search.up_to(50, request.args, "limit", 10)
    return {"founders": list(db.session.scalars(text(sql.FOUNDERS), {"begins": begins, "most": most}))}
