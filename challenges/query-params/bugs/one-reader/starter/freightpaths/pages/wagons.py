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
    query = select(Wagon).order_by(Wagon.id)
    if kind := asked.text("type"):
        query = query.where(Wagon.type == kind)
    if day := asked.day("free_on"):
        query = query.where(Wagon.free_from <= day)
    if payload := asked.scaled("payload", 1000):
        query = query.where(Wagon.payload_kg >= payload)
    if asked.given("axles"):
        query = query.where(Wagon.axles == int(asked.text("axles")))
    if asked.flag("heated"):
        query = query.where(Wagon.heated)
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
