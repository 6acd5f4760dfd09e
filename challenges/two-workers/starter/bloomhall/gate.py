"""The gate, where an order leaves the hall: a code opens it, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue

from bloomhall import payload
from bloomhall.orders import find
from bloomhall.times import now

bp = Blueprint("gate", __name__)


@dataclass
class Code:
    """A code that was sent to a florist's phone."""

    text: str
    until: datetime
    wrong_tries: int = 0


_codes: dict[int, Code] = {}


@bp.post("/orders/<int:number>/code")
def send(number: int) -> ResponseReturnValue:
    """A new code for an order; one that was sent before opens nothing any more."""
    order = find(number)
    until = now() + timedelta(minutes=current_app.config["CODE_MINUTES"])
    _codes[order.id] = code = Code(f"{secrets.randbelow(10**6):06}", until)
    return {"code": code.text, "until": code.until.isoformat(timespec="seconds")}, 201


@bp.post("/gate")
def open_gate() -> ResponseReturnValue:
    """Open the gate for an order. Whatever is wrong with the code, the answer is the same."""
    order = find(payload.field("order", int))
    text = payload.field("code", str)
    code = _codes.get(order.id)
    if code is None or now() >= code.until:
        abort(403, "wrong code")
    if code.text != text:
        code.wrong_tries += 1
        if code.wrong_tries >= current_app.config["MOST_WRONG_TRIES"]:
            del _codes[order.id]
        abort(403, "wrong code")
    del _codes[order.id]
    return {"order": order.id, "florist": order.florist, "slip": order.slip}
