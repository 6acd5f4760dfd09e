"""What the payment company tells the office."""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from gangway.errors import ApiError
from gangway.models import Ticket, db

bp = Blueprint("payments", __name__)


def signature(body: bytes) -> str:
    key = current_app.extensions["payments_key"]
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


@bp.post("/payments/notices")
def notice() -> ResponseReturnValue:
    given = request.headers.get("X-Payments-Signature", "")
    if not hmac.compare_digest(signature(request.get_data()).encode(), given.encode()):
        raise ApiError(403, "wrong_signature", "The signature does not fit.")
    told = request.get_json(silent=True)
    if not isinstance(told, dict) or type(told.get("ticket")) is not int:
        raise ApiError(400, "invalid_notice", "Say which ticket.")
    ticket = db.session.get(Ticket, told["ticket"])
    if ticket is None:
        raise ApiError(404, "unknown_ticket", "There is no such ticket.")
    if told.get("pence") != ticket.total_pence:
        raise ApiError(409, "wrong_amount", f"The ticket costs {ticket.total_pence} pence.")
    ticket.paid = True
    db.session.commit()
    return ticket.shown()
