"""What laboratories found in a core."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coreshed.access import open_core, visible
from coreshed.context import current, visitor
from coreshed.extensions import db
from coreshed.models import Core
from coreshed.units import depth

bp = Blueprint("assays", __name__)


def _found_by(lab: Any, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"lab": lab.name, "element": each["element"], "ppm": each["ppm"], "depth": depth(each["depth_mm"])}
        for each in found
    ]


@bp.get("/cores/<int:core_id>/assays")
def show_assays(core_id: int) -> ResponseReturnValue:
    """All laboratories' results, and the other holes of the field. Laboratories are slow: all are asked at once."""
    core = open_core(core_id, "asked for assays")
    labs = current_app.config["LABS"]
    # The threads of the pool have no request: what they need is worked out before.
    hole, said = core.hole, {"request_id": current.request_id, "company": visitor().company}
    with ThreadPoolExecutor(len(labs)) as pool:
        found = list(pool.map(lambda lab: lab.assays(hole, **said), labs))
    query = select(Core).where(Core.field == core.field, Core.id != core.id).order_by(Core.hole)
    return {
        "hole": core.hole,
        "bottom": depth(core.bottom_mm),
        "for": visitor().name,
        "assays": [assay for lab, assays in zip(labs, found, strict=True) for assay in _found_by(lab, assays)],
        "neighbours": [other.hole for other in db.session.scalars(query) if other.id in visible()],
    }
