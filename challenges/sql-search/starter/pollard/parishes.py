"""`/parishes`: the register in figures."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from pollard.extensions import db

bp = Blueprint("parishes", __name__)

FIGURES = """
    SELECT parish, count(*) AS trees, max(girth_cm) AS girth FROM trees
    WHERE published = 1 GROUP BY parish
"""


def _order(*given: str | None) -> str:
    return " ".join(each for each in given if each)


@bp.get("/parishes")
def list_parishes() -> ResponseReturnValue:
    """List parishes with the number of their trees and the girth of the stoutest."""
    sort = _order(request.args.get("sort") or "parish", "COLLATE NOCASE", request.args.get("direction"))
    found = db.session.execute(text(FIGURES + "ORDER BY " + sort + ", parish COLLATE NOCASE"))
    return {
        "parishes": [{"parish": row.parish, "trees": row.trees, "girth_cm": row.girth} for row in found],
    }
