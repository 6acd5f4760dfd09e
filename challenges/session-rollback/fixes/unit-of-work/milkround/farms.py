"""`/farms`: the members of the co-operative."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from milkround import payloads
from milkround.database import db
from milkround.entries import Book
from milkround.errors import ApiError
from milkround.models import Farm, Pickup
from milkround.shapes import farm_shape, pickup_shape

bp = Blueprint("farms", __name__, url_prefix="/farms")


@bp.get("")
def list_farms() -> ResponseReturnValue:
    """All farms by code."""
    with db.work() as session:
        return {"farms": [farm_shape(farm) for farm in session.scalars(select(Farm).order_by(Farm.code))]}


@bp.post("")
def create_farm() -> ResponseReturnValue:
    columns = payloads.new_farm(payloads.json_object())
    with db.work(taken=ApiError(409, "farm_exists", f"There is a farm {columns['code']!r} already.")) as session:
        session.add(Farm(**columns))
    return columns, 201, {"Location": url_for("farms.show_farm", code=columns["code"])}


@bp.get("/<code>")
def show_farm(code: str) -> ResponseReturnValue:
    with db.work() as session:
        return farm_shape(Book(session).farm(code))


@bp.patch("/<code>")
def change_farm(code: str) -> ResponseReturnValue:
    """Change the fields that were sent, and no others."""
    with db.work() as session:
        farm = Book(session).farm(code)
        for field, value in payloads.json_object().items():
            if field not in payloads.FARM_FIELDS:
                raise ApiError(400, "invalid_farm", f"{field} can't be changed.")
            setattr(farm, field, payloads.FARM_FIELDS[field](value))
        return farm_shape(farm)


@bp.get("/<code>/pickups")
def list_pickups(code: str) -> ResponseReturnValue:
    """All that was fetched from a farm, by day and run, and how much that is."""
    with db.work() as session:
        farm = Book(session).farm(code)
        query = (
            select(Pickup)
            .where(Pickup.farm_id == farm.id)
            .options(joinedload(Pickup.farm))
            .order_by(Pickup.day, Pickup.run)
        )
        listed = [pickup_shape(pickup) for pickup in session.scalars(query)]
        return {"farm": farm.code, "litres": sum(each["litres"] for each in listed), "pickups": listed}
