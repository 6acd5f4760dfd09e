"""`/pickups`: what was fetched, one by one, and corrections by the office."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from milkround import payloads
from milkround.database import db
from milkround.entries import check_quota, enter, pickup_or_404
from milkround.errors import ApiError
from milkround.shapes import pickup_shape

bp = Blueprint("pickups", __name__, url_prefix="/pickups")


@bp.post("")
def create_pickup() -> ResponseReturnValue:
    """One pickup, as the office enters it from a docket on paper."""
    body = payloads.json_object()
    reading, driver = payloads.reading(body), payloads.driver("invalid_reading", body)
    try:
        # The queries in there flush, so it may be any of them that the database objects at.
        pickup = enter(reading, driver)
        db.session.commit()
    except IntegrityError:
        raise ApiError(409, "conflict", "The docket, or that farm's run, has been entered already.") from None
    return pickup_shape(pickup), 201, {"Location": url_for("pickups.show_pickup", docket=pickup.docket)}


@bp.get("/<docket>")
def show_pickup(docket: str) -> ResponseReturnValue:
    return pickup_shape(pickup_or_404(docket))


@bp.patch("/<docket>")
def correct_pickup(docket: str) -> ResponseReturnValue:
    """The office corrects what a driver noted, or adds a note."""
    seen, changes = payloads.correction(payloads.json_object())
    pickup = pickup_or_404(docket)
    if pickup.revision != seen:
        raise ApiError(409, "outdated", f"{docket} is at revision {pickup.revision}.")
    for field, value in changes.items():
        setattr(pickup, field, value)
        flag_modified(pickup, field)  # the same value again is a change, too
    try:
        check_quota(pickup.farm, pickup.day)
        db.session.commit()
    except StaleDataError:
        raise ApiError(409, "outdated", f"{docket} has just been changed.") from None
    return pickup_shape(pickup)
