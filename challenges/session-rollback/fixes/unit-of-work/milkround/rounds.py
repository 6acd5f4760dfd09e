"""`/rounds`: a driver's morning or evening as a whole, and `/refusals`: the rounds that were not taken."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from milkround import payloads
from milkround.database import db
from milkround.entries import Book, conflict
from milkround.errors import ApiError
from milkround.models import Refusal
from milkround.shapes import refusal_shape

bp = Blueprint("rounds", __name__)


def store(whole: payloads.Round) -> None:
    """All stops, or none. Raises ApiError."""
    with db.work(taken=conflict()) as session:
        book = Book(session)
        for stop in whole.stops:
            book.enter(payloads.stop(whole, stop), whole.driver)


@bp.post("/rounds")
def upload_round() -> ResponseReturnValue:
    """All stops of a round, or none; the office is told of the latter in a piece of work of its own."""
    whole = payloads.whole_round(payloads.json_object())
    try:
        store(whole)
    except ApiError as refused:
        with db.work() as session:
            session.add(Refusal(driver=whole.driver, day=whole.day, run=whole.run, code=refused.code))
        raise
    return {"stored": len(whole.stops)}, 201


@bp.get("/refusals")
def list_refusals() -> ResponseReturnValue:
    """In the order in which they happened."""
    with db.work() as session:
        return {"refusals": [refusal_shape(refusal) for refusal in session.scalars(select(Refusal).order_by(Refusal.id))]}
