"""`/paths`: paths that fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from freightpaths import arguments
from freightpaths.extensions import db
from freightpaths.models import Path

bp = Blueprint("paths", __name__)


TENTHS, CENTS = r"\d{1,3}(\.\d)?", r"\d{1,7}(\.\d\d?)?"
DAY, MINUTE = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d"


def _found() -> Sequence[Path]:
    """The paths that the request asks for. Raises ApiError 400."""
    arguments.allow_only(
        *("from", "to", "date", "earliest", "latest", "wagons"),
        *("axle_load", "max_price", "hazardous", "electric", "operator"),
    )
    day = arguments.get_when("date", DAY, date)
    earliest = arguments.get_when("earliest", MINUTE, time)
    latest = arguments.get_when("latest", MINUTE, time)
    if earliest and latest and latest < earliest:
        raise arguments.wrong("earliest", "before latest")
    wanted = [
        (Path.origin_code.__eq__, arguments.get_terminal("from")),
        (Path.target_code.__eq__, arguments.get_terminal("to")),
        (func.date(Path.departs_at).__eq__, day),
        (func.strftime("%H:%M", Path.departs_at).__ge__, earliest),
        (func.strftime("%H:%M", Path.departs_at).__le__, latest),
        (Path.wagons.__ge__, arguments.get_number("wagons", 1, 100)),
        (Path.axle_load_kg.__ge__, _kilos(arguments.get_amount("axle_load", TENTHS, 10))),
        (Path.price_cents.__le__, arguments.get_amount("max_price", CENTS, 100)),
        (Path.hazardous.__eq__, arguments.get_flag("hazardous")),
        (Path.electric.__eq__, arguments.get_flag("electric")),
        (Path.operator.in_, request.args.getlist("operator") or None),
    ]
    query = select(Path).order_by(Path.departs_at, Path.id)
    return db.session.scalars(query.where(*(holds(value) for holds, value in wanted if value is not None))).all()


def _kilos(tenths: int | None) -> int | None:
    return None if tenths is None else tenths * 100


@bp.get("/paths")
def list_paths() -> ResponseReturnValue:
    paths = _found()
    return {"paths": [_shown(path) for path in paths], "count": len(paths)}


@bp.get("/paths.csv")
def export_paths() -> ResponseReturnValue:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "from", "to", "departs_at", "operator", "wagons", "price"])
    for path in _found():
        shown = _shown(path)
        writer.writerow(
            [
                shown["id"],
                shown["from"]["code"],
                shown["to"]["code"],
                shown["departs_at"],
                shown["operator"],
                shown["wagons"],
                shown["price"],
            ]
        )
    return Response(text.getvalue(), mimetype="text/csv")


def _shown(path: Path) -> dict[str, Any]:
    return {
        "id": path.id,
        "from": {"code": path.origin.code, "name": path.origin.name},
        "to": {"code": path.target.code, "name": path.target.name},
        "departs_at": path.departs_at.isoformat(timespec="minutes"),
        "arrives_at": path.arrives_at.isoformat(timespec="minutes"),
        "operator": path.operator,
        "wagons": path.wagons,
        "axle_load": f"{path.axle_load_kg // 1000}.{path.axle_load_kg % 1000 // 100}",
        "price": f"{path.price_cents // 100}.{path.price_cents % 100:02}",
        "hazardous": path.hazardous,
        "electric": path.electric,
    }
