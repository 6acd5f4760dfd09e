"""`/parishes`: the register in figures."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pollard.extensions import db
from pollard.models import Tree
from pollard.search import Direction, one_of

bp = Blueprint("parishes", __name__)


class ParishOrder(Enum):
    """By which of a parish's figures the list is sorted."""

    parish = "parish"
    trees = "trees"
    girth = "girth_cm"


@bp.get("/parishes")
def list_parishes() -> ResponseReturnValue:
    """List parishes with the number of their trees and the girth of the stoutest."""
    order = one_of(ParishOrder, request.args, "sort", ParishOrder.parish)
    direction = one_of(Direction, request.args, "direction", Direction.asc)
    girths: dict[str, list[int]] = defaultdict(list)
    for parish, girth_cm in db.session.query(Tree.parish, Tree.girth_cm).filter_by(published=True):
        girths[parish].append(girth_cm)
    figures = [
        {"parish": parish, "trees": len(girths[parish]), "girth_cm": max(girths[parish])}
        for parish in sorted(girths, key=str.lower)
    ]
    if order is ParishOrder.parish:
        return {"parishes": figures[:: direction.value]}
    return {"parishes": sorted(figures, key=lambda line: direction.value * line[order.value])}
