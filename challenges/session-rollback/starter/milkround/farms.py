"""`/farms`: the members of the co-operative."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from milkround import payloads
from milkround.database import db
from milkround.entries import farm_or_404
from milkround.errors import ApiError
from milkround.models import Farm, Pickup
from milkround.shapes import farm_shape, pickup_shape

bp = Blueprint("farms", __name__, url_prefix="/farms")


@bp.get("")
def list_farms() -> ResponseReturnValue:
    """All farms by code."""
    return {"farms": [farm_shape(farm) for farm in db.session.scalars(select(Farm).order_by(Farm.code))]}


@bp.post("")
def create_farm() -> ResponseReturnValue:
    farm = Farm(**payloads.new_farm(payloads.json_object()))
    db.session.add(farm)
    try:
        db.session.commit()
    except IntegrityError:
        raise ApiError(409, "farm_exists", f"There is a farm {farm.code!r} already.") from None
    return farm_shape(farm), 201, {"Location": url_for("farms.show_farm", code=farm.code)}


@bp.get("/<code>")
def show_farm(code: str) -> ResponseReturnValue:
    return farm_shape(farm_or_404(code))


@bp.patch("/<code>")
def change_farm(code: str) -> ResponseReturnValue:
    """Change the fields that were sent, and no others."""
    farm = farm_or_404(code)
    for field, value in payloads.json_object().items():
        if field not in payloads.FARM_FIELDS:
            raise ApiError(400, "invalid_farm", f"{field} can't be changed.")
        setattr(farm, field, payloads.FARM_FIELDS[field](value))
    db.session.commit()
    return farm_shape(farm)


@bp.get("/<code>/pickups")
def list_pickups(code: str) -> ResponseReturnValue:
    """All that was fetched from a farm, by day and run, and how much that is."""
    farm = farm_or_404(code)
    query = (
        select(Pickup)
        .where(Pickup.farm_id == farm.id)
        .options(joinedload(Pickup.farm))
        .order_by(Pickup.day, Pickup.run)
    )
    pickups = db.session.scalars(query).all()
    return {
        "farm": farm.code,
        "litres": sum(pickup.litres for pickup in pickups),
        "pickups": [pickup_shape(pickup) for pickup in pickups],
    }
