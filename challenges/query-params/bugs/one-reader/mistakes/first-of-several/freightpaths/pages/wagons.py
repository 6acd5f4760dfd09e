"""`/wagons`: wagons for hire."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from freightpaths.extensions import db
from freightpaths.models import Wagon
from freightpaths.reading import Query

bp = Blueprint("wagons", __name__)


@bp.get("/wagons")
def list_wagons() -> ResponseReturnValue:
    asked = Query()
    kind, day = asked.text("type"), asked.day("free_on")
    payload, axles = asked.decimal("payload", 3, 1), asked.whole("axles", 2, 12)
    heated = asked.flag("heated")
    asked.check()

    query = select(Wagon).order_by(Wagon.id)
    if kind is not None:
        query = query.where(Wagon.type == kind)
    if day is not None:
        query = query.where(Wagon.free_from <= day)
    if payload is not None:
        query = query.where(Wagon.payload_kg >= payload * 100)
    if axles is not None:
        query = query.where(Wagon.axles == axles)
    if heated is not None:
        query = query.where(Wagon.heated.is_(heated))
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
