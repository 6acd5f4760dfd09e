"""`/wagons`: wagons for hire."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from freightpaths import arguments
from freightpaths.extensions import db
from freightpaths.models import Wagon

bp = Blueprint("wagons", __name__)


@bp.get("/wagons")
def list_wagons() -> ResponseReturnValue:
    arguments.allow_only("type", "free_on", "payload", "axles", "heated")
    day = arguments.get_when("free_on", r"\d{4}-\d\d-\d\d", date)
    payload = arguments.get_amount("payload", r"\d{1,3}(\.\d)?", 10)
    axles = arguments.get_number("axles", 2, 12)
    heated = arguments.get_flag("heated")
    query = select(Wagon).order_by(Wagon.id)
    if kind := request.args.get("type"):
        query = query.where(Wagon.type == kind)
    if day:
        query = query.where(Wagon.free_from <= date.fromisoformat(day))
    if payload is not None:
        query = query.where(Wagon.payload_kg >= payload * 100)
    if axles:
        query = query.where(Wagon.axles == axles)
    if heated is not None:
        query = query.where(Wagon.heated == heated)
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
