"""What laboratories found in a core."""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coreshed.access import open_core
from coreshed.context import Request, this_request
from coreshed.extensions import db
from coreshed.models import Core
from coreshed.units import depth

bp = Blueprint("assays", __name__)


def _found_by(lab: Any, hole: str, request: Request) -> list[dict[str, Any]]:
    found, unit = lab.assays(hole, request_id=request.id, company=request.visitor.company), request.unit
    return [
        {"lab": lab.name, "element": each["element"], "ppm": each["ppm"], "depth": depth(each["depth_mm"], unit)}
        for each in found
    ]


@bp.get("/cores/<int:core_id>/assays")
def show_assays(core_id: int) -> ResponseReturnValue:
    """All laboratories' results, and the other holes of the field. Laboratories are slow: all are asked at once."""
    core = open_core(core_id, "asked for assays")
    request = this_request()._get_current_object()  # type: ignore[attr-defined]
    labs = current_app.config["LABS"]
    with ThreadPoolExecutor(len(labs)) as pool:
        found = list(pool.map(_found_by, labs, repeat(core.hole), repeat(request)))
    query = select(Core).where(Core.field == core.field, Core.id != core.id).order_by(Core.hole)
    return {
        "hole": core.hole,
        "bottom": depth(core.bottom_mm, request.unit),
        "for": request.visitor.name,
        "assays": [assay for assays in found for assay in assays],
        "neighbours": [other.hole for other in db.session.scalars(query) if other.id in request.visible],
    }
