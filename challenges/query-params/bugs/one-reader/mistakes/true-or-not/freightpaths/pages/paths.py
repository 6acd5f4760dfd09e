"""`/paths`: paths that fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from freightpaths.extensions import db
from freightpaths.models import Path, Terminal
from freightpaths.reading import Query

bp = Blueprint("paths", __name__)


def _found() -> Sequence[Path]:
    """The paths that the request asks for. Raises ApiError 400."""
    asked = Query()
    origin, target = asked.text("from"), asked.text("to")
    for name, code in (("from", origin), ("to", target)):
        if code is not None and db.session.get(Terminal, code) is None:
            asked.refuse(name)
    day = asked.day("date")
    earliest, latest = asked.time("earliest"), asked.time("latest")
    if earliest is not None and latest is not None and earliest > latest:
        asked.refuse("earliest", "latest")
    wagons = asked.whole("wagons", 1, 100)
    axle_load, max_price = asked.decimal("axle_load", 3, 1), asked.decimal("max_price", 7, 2)
    hazardous, electric = asked.flag("hazardous"), asked.flag("electric")
    operators = asked.texts("operator")
    asked.check()

    query = select(Path).order_by(Path.departs_at, Path.id)
    if origin is not None:
        query = query.where(Path.origin_code == origin)
    if target is not None:
        query = query.where(Path.target_code == target)
    if day is not None:
        query = query.where(
            Path.departs_at >= datetime.combine(day, time.min), Path.departs_at <= datetime.combine(day, time.max)
        )
    if earliest is not None:
        query = query.where(func.time(Path.departs_at) >= earliest.isoformat())
    if latest is not None:
        query = query.where(func.time(Path.departs_at) <= latest.isoformat())
    if wagons is not None:
        query = query.where(Path.wagons >= wagons)
    if axle_load is not None:
        query = query.where(Path.axle_load_kg >= axle_load * 100)
    if max_price is not None:
        query = query.where(Path.price_cents <= max_price)
    if hazardous is not None:
        query = query.where(Path.hazardous.is_(hazardous))
    if electric is not None:
        query = query.where(Path.electric.is_(electric))
    if operators:
        query = query.where(Path.operator.in_(operators))
    return db.session.scalars(query).all()


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
