"""`/founders`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from belfry import arguments
from belfry.extensions import db
from belfry.models import Bell

bp = Blueprint("founders", __name__)


@bp.get("/founders")
def list_founders() -> ResponseReturnValue:
    """List the founders whose names start with what was typed."""
    query = select(Bell.founder).distinct().where(Bell.published).order_by(Bell.founder.collate("NOCASE"))
    if typed := request.args.get("starts"):
        query = query.where(Bell.founder.istartswith(typed, autoescape=True))
    return {"founders": list(db.session.scalars(query.limit(arguments.number("limit", 10, 50))))}
