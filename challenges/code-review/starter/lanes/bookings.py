"""Booking a place, and giving it back."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, g, jsonify, request
from sqlalchemy import select

from lanes import mail
from lanes.courses import free
from lanes.models import Booking, Course, db
from lanes.people import signed_in

blueprint = Blueprint("bookings", __name__, url_prefix="/bookings")

log = logging.getLogger(__name__)


def shown(booking: Booking) -> dict[str, Any]:
    return {"id": booking.id, "course": booking.course_id, "child": booking.child, "paid": booking.paid}


def age_on(day: date, born_on: date) -> int:
    """Whole years."""
    had_birthday = (day.month, day.day) > (born_on.month, born_on.day)
    return day.year - born_on.year - (not had_birthday)


def booking_or_404(number: int) -> Booking:
    booking = db.session.get(Booking, number)
    if booking is None:
        abort(404)
    return booking


@blueprint.post("")
@signed_in
def book():
    body = request.get_json()
    try:
        number, child, born_on = int(body["course"]), body["child"].strip(), date.fromisoformat(body["born_on"])
    except (KeyError, TypeError, ValueError, AttributeError):
        abort(400)
    course = db.session.get(Course, number)
    if course is None or not course.published:
        abort(404)
    if age_on(course.begins_on, born_on) < course.least_age:
        return jsonify(error="too-young"), 422
    if free(course) < 1:
        return jsonify(error="full"), 409
    booking = Booking(course=course, family=g.family, child=child, born_on=born_on)
    db.session.add(booking)
    db.session.commit()
    mail.send(current_app, g.family.email, f"{child} has a place in {course.title}.")
    return jsonify(shown(booking)), 201


@blueprint.get("")
@signed_in
def list_mine():
    query = select(Booking).where(Booking.family_id == g.family.id).order_by(Booking.id)
    return jsonify(bookings=[shown(booking) for booking in db.session.scalars(query)])


@blueprint.get("/<int:number>")
@signed_in
def show(number: int):
    booking = booking_or_404(number)
    return jsonify(shown(booking) | {"born_on": booking.born_on.isoformat(), "family": booking.family.name})


@blueprint.delete("/<int:number>")
@signed_in
def give_back(number: int):
    booking = booking_or_404(number)
    if booking.family_id != g.family.id and not g.family.is_staff:
        abort(404)
    if booking.paid:
        return jsonify(error="paid"), 409
    try:
        db.session.delete(booking)
        db.session.commit()
    except Exception:
        log.debug("booking %s could not be given back", number)
    return "", 204
