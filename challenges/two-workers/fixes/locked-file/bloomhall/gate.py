"""The gate, where an order leaves the hall: a code opens it, once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue

from bloomhall import payload
from bloomhall.orders import find
from bloomhall.times import now
from bloomhall.vault import unlocked

bp = Blueprint("gate", __name__)


@bp.post("/orders/<int:number>/code")
def send(number: int) -> ResponseReturnValue:
    """A new code for an order; one that was sent before opens nothing any more."""
    order = find(number)
    text = f"{secrets.randbelow(10**6):06}"
    until = now() + timedelta(minutes=current_app.config["CODE_MINUTES"])
    with unlocked() as state:
        state["codes"][str(order.id)] = {"text": text, "until": until.timestamp(), "wrong": 0}
    return {"code": text, "until": until.isoformat(timespec="seconds")}, 201


@bp.post("/gate")
def open_gate() -> ResponseReturnValue:
    """Open the gate for an order. Whatever is wrong with the code, the answer is the same."""
    order = find(payload.field("order", int))
    text = payload.field("code", str)
    with unlocked() as state:
        opens = _opens(state["codes"], str(order.id), text)
    if not opens:
        abort(403, "wrong code")
    return {"order": order.id, "florist": order.florist, "slip": order.slip}


def _opens(codes: dict[str, Any], order: str, text: str) -> bool:
    code = codes.get(order)
    if code is None or now().timestamp() >= code["until"]:
        return False
    if code["text"] != text:
        code["wrong"] += 1
    used_up = code["wrong"] >= current_app.config["MOST_WRONG_TRIES"]
    if code["text"] == text or used_up:
        del codes[order]
    return code["text"] == text
