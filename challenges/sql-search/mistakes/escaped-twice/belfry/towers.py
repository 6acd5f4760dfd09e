"""`/towers`: the register in figures."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from belfry import search, sql
from belfry.bells import rows

bp = Blueprint("towers", __name__)


@bp.get("/towers")
def list_towers() -> ResponseReturnValue:
    """List towers with the number of their bells and the diameter of the largest."""
    return {"towers": rows(sql.TOWERS[search.order(request.args, sql.TOWERS_BY, "tower")])}
