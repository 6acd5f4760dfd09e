"""What families owe, for them and for the office."""

from __future__ import annotations

import csv
from pathlib import Path

from flask import Blueprint, abort, current_app, g, jsonify, request
from sqlalchemy import select

from lanes.models import Booking, db
from lanes.people import signed_in

blueprint = Blueprint("bills", __name__, url_prefix="/bills")

#: For the second child of a family and each further one.
LESS = 0.15


def owed_cents(bookings: list[Booking]) -> int:
    """What the bookings of one family cost together. The dearest one has the full price."""
    total = 0.0
    for place, booking in enumerate(sorted(bookings, key=lambda booking: -booking.course.price_cents)):
        price = booking.course.price_cents / 100
        total += price if place == 0 else price * (1 - LESS)
    return int(total * 100)


@blueprint.get("")
@signed_in
def mine():
    bookings = list(db.session.scalars(select(Booking).where(Booking.family_id == g.family.id, ~Booking.paid)))
    return jsonify(owed_cents=owed_cents(bookings), bookings=[booking.id for booking in bookings])


@blueprint.post("/<int:family>/paid")
@signed_in
def paid(family: int):
    """The office has had a family's money."""
    if not g.family.is_staff:
        abort(403)
    for booking in db.session.scalars(select(Booking).where(Booking.family_id == family)):
        booking.paid = True
    db.session.commit()
    return "", 204


@blueprint.get("/export")
@signed_in
def export():
    """A file that the office has made in the evening, by its name: `2026-11.csv`."""
    if not g.family.is_staff:
        abort(403)
    name = request.args.get("month", "") + ".csv"
    file = open(Path(current_app.config["CSV_FOLDER"]) / name, newline="")
    rows = list(csv.DictReader(file))
    if not rows:
        abort(404)
    return jsonify(rows=rows)
