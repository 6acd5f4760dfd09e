"""Booking an hour, and giving it back."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, request
from sqlalchemy import func, select

from skerry import trail
from skerry.database import session
from skerry.models import Booking, Night

blueprint = Blueprint("bookings", __name__)


def _wanted() -> dict[str, str]:
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400)
    wanted = {name: body.get(name) for name in ("observer", "target")}
    if not all(isinstance(text, str) and text.strip() for text in wanted.values()):
        abort(400)
    return wanted


@blueprint.post("/nights/<int:number>/bookings")
def book(number: int):
    # Whoever is here has the night to themselves, so that no hour is given twice.
    night = session().scalar(select(Night).where(Night.id == number).with_for_update())
    if night is None:
        abort(404)
    wanted = _wanted()
    taken = session().scalar(select(func.count()).where(Booking.night_id == number))
    if taken >= night.hours:
        trail.note(number, wanted["observer"], "full")
        session().commit()
        return jsonify(error="full"), 409
    booking = Booking(night_id=number, **wanted)
    session().add(booking)
    trail.note(number, wanted["observer"], "booked")
    session().commit()
    return jsonify(id=booking.id, **wanted), 201


@blueprint.delete("/bookings/<int:number>")
def give_back(number: int):
    booking = session().get(Booking, number)
    if booking is None:
        abort(404)
    session().delete(booking)
    session().commit()
    return "", 204
