"""Booking an hour, and giving it back."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skerry import trail
from skerry.database import unit
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


def _is_full(session: Session, number: int) -> bool:
    """Whoever is here has the night to themselves until the end of the unit, so that no hour is given twice."""
    night = session.scalar(select(Night).where(Night.id == number).with_for_update()) or abort(404)
    return session.scalar(select(func.count()).where(Booking.night_id == number)) >= night.hours


@blueprint.post("/nights/<int:number>/bookings")
def book(number: int):
    answer = None
    with unit() as session:
        full = _is_full(session, number)
        wanted = _wanted()
        if not full:
            booking = Booking(night_id=number, **wanted)
            session.add(booking)
            session.flush()
            answer = {"id": booking.id, **wanted}
    with unit() as session:
        trail.note(session, number, wanted["observer"], "full" if full else "booked")
    return (jsonify(error="full"), 409) if full else (jsonify(answer), 201)


@blueprint.delete("/bookings/<int:number>")
def give_back(number: int):
    with unit() as session:
        session.delete(session.get(Booking, number) or abort(404))
    return "", 204
