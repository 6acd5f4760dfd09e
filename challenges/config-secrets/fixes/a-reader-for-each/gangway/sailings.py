"""What the office sells."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select

from gangway.errors import ApiError
from gangway.models import Sailing, Ticket, db, now

bp = Blueprint("sailings", __name__)


def sold_here(sailing: Sailing) -> bool:
    return sailing.pier in current_app.config["PIERS"]


def find_sailing(number: int) -> Sailing:
    """A sailing from one of the office's piers. Raises ApiError 404."""
    sailing = db.session.get(Sailing, number)
    if sailing is None or not sold_here(sailing):
        raise ApiError(404, "unknown_sailing", f"No sailing {number} is sold here.")
    return sailing


def seats_left(sailing: Sailing) -> int:
    """Seats that are neither paid nor held."""
    held_since = now() - timedelta(minutes=current_app.config["HOLD_MINUTES"])
    taken = select(func.coalesce(func.sum(Ticket.passengers), 0)).where(
        Ticket.sailing_id == sailing.id, or_(Ticket.paid, Ticket.sold_at > held_since)
    )
    return sailing.seats - db.session.scalars(taken).one()


@bp.get("/about")
def about() -> ResponseReturnValue:
    return {
        "piers": current_app.config["PIERS"],
        "max_party": current_app.config["MAX_PARTY"],
        "hold_minutes": current_app.config["HOLD_MINUTES"],
        "fee_pence": current_app.config["FEE_PENCE"],
    }


@bp.get("/sailings")
def list_sailings() -> ResponseReturnValue:
    sailings = db.session.scalars(select(Sailing).order_by(Sailing.leaves, Sailing.id))
    return {
        "sailings": [
            {
                "id": sailing.id,
                "pier": sailing.pier,
                "leaves": sailing.leaves,
                "price_pence": sailing.price_pence,
                "seats_left": seats_left(sailing),
            }
            for sailing in sailings
            if sold_here(sailing)
        ]
    }
