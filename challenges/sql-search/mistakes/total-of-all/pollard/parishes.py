"""`/parishes`: the register in figures."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from pollard import arguments
from pollard.extensions import db
from pollard.models import Tree

bp = Blueprint("parishes", __name__)

COUNTED = func.count().label("trees")
STOUTEST = func.max(Tree.girth_cm).label("girth_cm")
SORTS = {"parish": func.lower(Tree.parish), "trees": COUNTED, "girth": STOUTEST}


@bp.get("/parishes")
def list_parishes() -> ResponseReturnValue:
    """List parishes with the number of their trees and the girth of the stoutest."""
    column = SORTS[arguments.choice("sort", SORTS, "parish")]
    if arguments.choice("direction", ("asc", "desc"), "asc") == "desc":
        column = column.desc()
    query = select(Tree.parish, COUNTED, STOUTEST).where(Tree.published).group_by(Tree.parish)
    found = db.session.execute(query.order_by(column, SORTS["parish"]))
    return {"parishes": [dict(row) for row in found.mappings()]}
