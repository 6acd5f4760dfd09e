"""`/rounds`: a driver's morning or evening as a whole, and `/refusals`: the rounds that were not taken."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from milkround import payloads
from milkround.database import db
from milkround.entries import enter
from milkround.errors import ApiError
from milkround.models import Refusal
from milkround.shapes import refusal_shape

bp = Blueprint("rounds", __name__)


def keep_refusal(of: payloads.Round, code: str) -> None:
    """Let the office know that a round was not taken, and keep nothing else of it."""
    db.session.rollback()
    db.session.add(Refusal(driver=of.driver, day=of.day, run=of.run, code=code))
    db.session.commit()


@bp.post("/rounds")
def upload_round() -> ResponseReturnValue:
    """All stops of a round, or none."""
    whole = payloads.whole_round(payloads.json_object())
    try:
        for stop in whole.stops:
            enter(payloads.stop(whole, stop), whole.driver)
        db.session.commit()
    except IntegrityError:
        keep_refusal(whole, "conflict")
        raise ApiError(409, "conflict", "A docket, or a farm's run, has been entered already.") from None
    except ApiError as error:
        keep_refusal(whole, error.code)
        raise
    return {"stored": len(whole.stops)}, 201


@bp.get("/refusals")
def list_refusals() -> ResponseReturnValue:
    """In the order in which they happened."""
    return {"refusals": [refusal_shape(refusal) for refusal in db.session.scalars(select(Refusal).order_by(Refusal.id))]}
