"""`/paths`: paths that fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, select

from freightpaths.extensions import db
from freightpaths.models import Path, Terminal
from freightpaths.parameters import day, decimal, flag, pattern, read_query, some_text, whole

bp = Blueprint("paths", __name__)


def _terminal(code: str) -> str:
    if db.session.get(Terminal, code) is None:
        raise ValueError("no such terminal")
    return code


READERS = {
    "from": _terminal,
    "to": _terminal,
    "date": day,
    "earliest": pattern("%H:%M"),
    "latest": pattern("%H:%M"),
    "wagons": whole(1, 100),
    "axle_load": decimal("999.9", 1),
    "max_price": decimal("9999999.99", 2),
    "hazardous": flag,
    "electric": flag,
}
CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "from": lambda code: Path.origin_code == code,
    "to": lambda code: Path.target_code == code,
    "date": lambda day: func.date(Path.departs_at) == day.isoformat(),
    "earliest": lambda at: func.time(Path.departs_at) >= at.time().isoformat(),
    "latest": lambda at: func.time(Path.departs_at) <= at.time().isoformat(),
    "wagons": lambda count: Path.wagons >= count,
    "axle_load": lambda tenths: Path.axle_load_kg >= tenths * 100,
    "max_price": lambda cents: Path.price_cents <= cents,
    "hazardous": lambda wanted: Path.hazardous == wanted,
    "electric": lambda wanted: Path.electric == wanted,
    "operator": lambda operators: Path.operator.in_(operators),
}


def _found() -> Sequence[Path]:
    """The paths that the request asks for. Raises ApiError 400."""
    values = read_query(READERS, {"operator": some_text})
    conditions = [CONDITIONS[name](value) for name, value in values.items()]
    return db.session.scalars(select(Path).where(*conditions).order_by(Path.departs_at, Path.id)).all()


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
