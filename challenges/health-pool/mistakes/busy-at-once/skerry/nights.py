"""Which nights there are."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, jsonify
from sqlalchemy import select

from skerry.database import session
from skerry.models import Night

blueprint = Blueprint("nights", __name__, url_prefix="/nights")


def night_or_404(number: int) -> Night:
    night = session().get(Night, number)
    if night is None:
        abort(404)
    return night


@blueprint.get("")
def list_nights():
    found = session().scalars(select(Night).order_by(Night.date, Night.telescope, Night.id))
    return jsonify(
        nights=[
            {
                "id": night.id,
                "date": night.date.isoformat(),
                "telescope": night.telescope,
                "free": night.hours - night.booked,
            }
            for night in found
        ]
    )


@blueprint.get("/<int:number>")
def show_night(number: int):
    night = night_or_404(number)
    return jsonify(
        id=night.id,
        date=night.date.isoformat(),
        telescope=night.telescope,
        free=night.hours - night.booked,
        bookings=[
            {"id": booking.id, "observer": booking.observer, "target": booking.target} for booking in night.bookings
        ],
    )


@blueprint.get("/<int:number>/weather")
def show_weather(number: int):
    night = night_or_404(number)
    # The service takes its time; the connection is for others meanwhile.
    session().close()
    weather = current_app.config["WEATHER"](night.date.isoformat())
    return jsonify(date=night.date.isoformat(), telescope=night.telescope, weather=weather)
