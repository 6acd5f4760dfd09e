"""`/towers`: the register in figures."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from belfry import byhand
from belfry.extensions import db

bp = Blueprint("towers", __name__)

FIGURES = """
    SELECT tower, count(*) AS bells, max(diameter_mm) AS diameter FROM bells
    WHERE published = 1 GROUP BY tower
"""
COLUMNS = {"tower": "tower", "bells": "bells", "diameter": "diameter"}


def _order(*given: str | None) -> str:
    return " ".join(each for each in given if each)


@bp.get("/towers")
def list_towers() -> ResponseReturnValue:
    """List towers with the number of their bells and the diameter of the largest."""
    sort = _order(byhand.column(request.args, COLUMNS, "tower"), "COLLATE NOCASE", byhand.direction(request.args))
    found = db.session.execute(text(FIGURES + "ORDER BY " + sort + ", tower COLLATE NOCASE"))
    return {
        "towers": [{"tower": row.tower, "bells": row.bells, "diameter_mm": row.diameter} for row in found],
    }
