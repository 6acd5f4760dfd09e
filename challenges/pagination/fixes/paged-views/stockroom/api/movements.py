"""What goes in and out."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from stockroom import stock
from stockroom.api.parts import part_or_404
from stockroom.errors import ApiError
from stockroom.extensions import db
from stockroom.models import Movement
from stockroom.paging import paged
from stockroom.serializers import movement_json

bp = Blueprint("movements", __name__, url_prefix="/parts/<number>/movements")

KINDS = {"in": 1, "out": -1}


@bp.get("")
@paged("movements", movement_json)
def list_movements(number: str) -> Select[tuple[Movement]]:
    """What went in and out of a part's bin, newest first. `?kind=` narrows it down."""
    part = part_or_404(number)
    kind = request.args.get("kind")
    if kind is not None and kind not in KINDS:
        raise ApiError(400, "invalid_parameter", f"kind must be one of {', '.join(KINDS)}.")
    return stock.movements_of(part, kind)


@bp.post("")
def add_movement(number: str) -> ResponseReturnValue:
    """Book that some went in or out."""
    part = part_or_404(number)
    body = _json_object()
    kind, quantity, note = body.get("kind"), body.get("quantity"), body.get("note", "")
    if kind not in KINDS:
        raise ApiError(400, "invalid_movement", f"kind must be one of {', '.join(KINDS)}.")
    if type(quantity) is not int or not 1 <= quantity <= 10_000:
        raise ApiError(400, "invalid_movement", "quantity must be a whole number from 1 to 10000.")
    if not isinstance(note, str) or len(note) > 120:
        raise ApiError(400, "invalid_movement", "note must be a text of at most 120 characters.")
    if kind == "out" and quantity > part.quantity:
        raise ApiError(409, "not_enough", f"There are only {part.quantity} of {part.number}.")

    part.quantity += KINDS[kind] * quantity
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    movement = Movement(part_id=part.id, kind=kind, quantity=quantity, note=note, at=now)
    db.session.add(movement)
    db.session.commit()
    return {"movement": movement_json(movement)}, 201


def _json_object() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    return body
