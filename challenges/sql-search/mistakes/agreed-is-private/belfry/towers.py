"""`/towers`: the register in figures."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from belfry import arguments
from belfry.extensions import db
from belfry.models import Bell

bp = Blueprint("towers", __name__)

COUNTED = func.count().label("bells")
LARGEST = func.max(Bell.diameter_mm).label("diameter_mm")
SORTS = {"tower": func.lower(Bell.tower), "bells": COUNTED, "diameter": LARGEST}


@bp.get("/towers")
def list_towers() -> ResponseReturnValue:
    """List towers with the number of their bells and the diameter of the largest."""
    column = SORTS[arguments.choice("sort", SORTS, "tower")]
    if arguments.choice("direction", ("asc", "desc"), "asc") == "desc":
        column = column.desc()
    query = select(Bell.tower, COUNTED, LARGEST).where(Bell.published).group_by(Bell.tower)
    found = db.session.execute(query.order_by(column, SORTS["tower"]))
    return {"towers": [dict(row) for row in found.mappings()]}
