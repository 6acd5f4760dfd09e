"""`/wagons`: wagons for hire."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from freightpaths.extensions import db
from freightpaths.models import Wagon

bp = Blueprint("wagons", __name__)


@bp.get("/wagons")
def list_wagons() -> ResponseReturnValue:
    query = select(Wagon).order_by(Wagon.id)
    if kind := request.args.get("type"):
        query = query.where(Wagon.type == kind)
    if day := request.args.get("free_on", type=date.fromisoformat):
        query = query.where(Wagon.free_from <= day)
    if payload := request.args.get("payload"):
        query = query.where(Wagon.payload_kg >= round(float(payload) * 1000))
    if axles := request.args.get("axles"):
        query = query.where(Wagon.axles == int(axles))
    if request.args.get("heated"):
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
