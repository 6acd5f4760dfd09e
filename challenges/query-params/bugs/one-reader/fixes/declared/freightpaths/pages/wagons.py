"""`/wagons`: wagons for hire."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from freightpaths.extensions import db
from freightpaths.models import Wagon
from freightpaths.parameters import day, decimal, flag, read_query, some_text, whole

bp = Blueprint("wagons", __name__)

READERS = {
    "type": some_text,
    "free_on": day,
    "payload": decimal("999.9", 1),
    "axles": whole(2, 12),
    "heated": flag,
}


@bp.get("/wagons")
def list_wagons() -> ResponseReturnValue:
    values = read_query(READERS)
    query = select(Wagon).order_by(Wagon.id)
    if "type" in values:
        query = query.where(Wagon.type == values["type"])
    if "free_on" in values:
        query = query.where(Wagon.free_from <= values["free_on"])
    if "payload" in values:
        query = query.where(Wagon.payload_kg >= values["payload"] * 100)
    if "axles" in values:
        query = query.where(Wagon.axles == values["axles"])
    if "heated" in values:
        query = query.where(Wagon.heated == values["heated"])
    wagons = db.session.scalars(query).all()
    return {"wagons": [_shown(wagon) for wagon in wagons], "count": len(wagons)}


def _shown(wagon: Wagon) -> dict[str, Any]:
    return {
        "id": wagon.id,
        "type": wagon.type,
        "axles": wagon.axles,
        "payload": f"{wagon.payload_kg // 1000}.{wagon.payload_kg % 1000 // 100}",
        "heated": wagon.heated,
        "free_from": wagon.free_from.isoformat(),
    }
