"""Tickets, sold by clerks."""

from __future__ import annotations

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from gangway import boarding
from gangway.counter import clerk
from gangway.errors import ApiError
from gangway.models import Ticket, db
from gangway.sailings import find_sailing, seats_left

bp = Blueprint("tickets", __name__)


@bp.post("/tickets")
def sell() -> ResponseReturnValue:
    clerk()
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    number, passengers, name = body.get("sailing"), body.get("passengers"), body.get("name")
    if type(number) is not int:
        raise ApiError(400, "invalid_sailing", "Say which sailing.")
    if not isinstance(name, str) or not name.strip():
        raise ApiError(400, "invalid_name", "Say who travels.")
    max_party = current_app.config["MAX_PARTY"]
    if type(passengers) is not int or not 1 <= passengers <= max_party:
        raise ApiError(400, "invalid_party", f"A ticket is for 1 to {max_party} passengers.")
    sailing = find_sailing(number)
    if passengers > seats_left(sailing):
        raise ApiError(409, "full", "There are not so many seats left.")
    ticket = Ticket(
        sailing_id=sailing.id,
        passengers=passengers,
        name=name.strip(),
        total_pence=passengers * sailing.price_pence + current_app.config["FEE_PENCE"],
    )
    db.session.add(ticket)
    db.session.commit()
    return {**ticket.shown(), "code": boarding.code_of(ticket)}, 201
