"""`/pickups`: what was fetched, one by one, and corrections by the office."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from milkround import payloads
from milkround.database import db
from milkround.entries import Book, conflict
from milkround.shapes import pickup_shape

bp = Blueprint("pickups", __name__, url_prefix="/pickups")


@bp.post("")
def create_pickup() -> ResponseReturnValue:
    """One pickup, as the office enters it from a docket on paper."""
    body = payloads.json_object()
    reading, driver = payloads.reading(body), payloads.driver("invalid_reading", body)
    with db.work(taken=conflict()) as session:
        book = Book(session)
        book.enter(reading, driver)
        stored = pickup_shape(book.pickup(reading.docket))
    return stored, 201, {"Location": url_for("pickups.show_pickup", docket=reading.docket)}


@bp.get("/<docket>")
def show_pickup(docket: str) -> ResponseReturnValue:
    with db.work() as session:
        return pickup_shape(Book(session).pickup(docket))


@bp.patch("/<docket>")
def correct_pickup(docket: str) -> ResponseReturnValue:
    """The office corrects what a driver noted, or adds a note."""
    seen, changes = payloads.correction(payloads.json_object())
    with db.work() as session:
        book = Book(session)
        book.amend(docket, seen, changes)
        return pickup_shape(book.pickup(docket))
