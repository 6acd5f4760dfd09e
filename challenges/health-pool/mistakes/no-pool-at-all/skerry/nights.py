"""Which nights there are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, jsonify
from sqlalchemy import select
from sqlalchemy.orm import Session

from skerry.database import unit
from skerry.models import Night

blueprint = Blueprint("nights", __name__, url_prefix="/nights")


def _row(night: Night) -> dict[str, Any]:
    return {
        "id": night.id,
        "date": night.date.isoformat(),
        "telescope": night.telescope,
        "free": night.hours - night.booked,
    }


def _found(session: Session, number: int) -> Night:
    return session.get(Night, number) or abort(404)


@blueprint.get("")
def list_nights():
    with unit() as session:
        rows = [_row(night) for night in session.scalars(select(Night).order_by(Night.date, Night.telescope, Night.id))]
    return jsonify(nights=rows)


@blueprint.get("/<int:number>")
def show_night(number: int):
    with unit() as session:
        night = _found(session, number)
        bookings = [{"id": of.id, "observer": of.observer, "target": of.target} for of in night.bookings]
        return jsonify(_row(night) | {"bookings": bookings})


@blueprint.get("/<int:number>/weather")
def show_weather(number: int):
    with unit() as session:
        row = _row(_found(session, number))
    return jsonify(
        date=row["date"], telescope=row["telescope"], weather=current_app.config["WEATHER"](row["date"])
    )
