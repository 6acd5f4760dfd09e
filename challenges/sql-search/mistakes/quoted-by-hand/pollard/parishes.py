"""`/parishes`: the register in figures."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from pollard import byhand
from pollard.extensions import db

bp = Blueprint("parishes", __name__)

FIGURES = """
    SELECT parish, count(*) AS trees, max(girth_cm) AS girth FROM trees
    WHERE published = 1 GROUP BY parish
"""
COLUMNS = {"parish": "parish", "trees": "trees", "girth": "girth"}


def _order(*given: str | None) -> str:
    return " ".join(each for each in given if each)


@bp.get("/parishes")
def list_parishes() -> ResponseReturnValue:
    """List parishes with the number of their trees and the girth of the stoutest."""
    sort = _order(byhand.column(request.args, COLUMNS, "parish"), "COLLATE NOCASE", byhand.direction(request.args))
    found = db.session.execute(text(FIGURES + "ORDER BY " + sort + ", parish COLLATE NOCASE"))
    return {
        "parishes": [{"parish": row.parish, "trees": row.trees, "girth_cm": row.girth} for row in found],
    }
