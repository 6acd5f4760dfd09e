"""`/towers`: the register in figures."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from belfry.extensions import db
from belfry.models import Bell
from belfry.search import Direction, one_of

bp = Blueprint("towers", __name__)


class TowerOrder(Enum):
    """By which of a tower's figures the list is sorted."""

    tower = "tower"
    bells = "bells"
    diameter = "diameter_mm"


@bp.get("/towers")
def list_towers() -> ResponseReturnValue:
    """List towers with the number of their bells and the diameter of the largest."""
    order = one_of(TowerOrder, request.args, "sort", TowerOrder.tower)
    direction = one_of(Direction, request.args, "direction", Direction.asc)
    diameters: dict[str, list[int]] = defaultdict(list)
    for tower, diameter_mm in db.session.query(Bell.tower, Bell.diameter_mm).filter_by(published=True):
        diameters[tower].append(diameter_mm)
    figures = [
        {"tower": tower, "bells": len(diameters[tower]), "diameter_mm": max(diameters[tower])}
        for tower in sorted(diameters, key=str.lower)
    ]
    if order is TowerOrder.tower:
        return {"towers": figures[:: direction.value]}
    return {"towers": sorted(figures, key=lambda line: direction.value * line[order.value])}
