"""Pictures of a core, taken on one of the light tables."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from coreshed.access import open_core
from coreshed.context import this_request
from coreshed.errors import ApiError
from coreshed.models import Core
from coreshed.units import depth

bp = Blueprint("scans", __name__)


def _part(core: Core) -> tuple[int, int]:
    """The part of the core that the body names. Raises ApiError 400 when it names none."""
    body = this_request().get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    top_mm, bottom_mm = body.get("top_mm"), body.get("bottom_mm")
    if type(top_mm) is not int or type(bottom_mm) is not int or not 0 <= top_mm < bottom_mm <= core.bottom_mm:
        raise ApiError(400, "invalid_part", f"The core reaches from 0 to {core.bottom_mm} mm.")
    return top_mm, bottom_mm


@bp.post("/cores/<int:core_id>/scans")
def scan_core(core_id: int) -> ResponseReturnValue:
    """Put a part of the core on a table and take its picture. The table is free again afterwards."""
    core = open_core(core_id, "scanned")
    top_mm, bottom_mm = _part(core)
    scanner, unit = current_app.config["SCANNER"], this_request().unit
    with current_app.extensions["light_tables"].one() as table:
        try:
            picture = scanner.scan(core.hole, top_mm, bottom_mm, table=table, request_id=this_request().id)
        except OSError:
            raise ApiError(502, "scanner_failed", "The camera has failed.") from None
    return {"picture": picture, "table": table, "top": depth(top_mm, unit), "bottom": depth(bottom_mm, unit)}, 201
