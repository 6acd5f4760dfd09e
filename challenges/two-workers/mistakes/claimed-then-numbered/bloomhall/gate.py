"""The gate, where an order leaves the hall: a code opens it, once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, update
from sqlalchemy.dialects.sqlite import insert

from bloomhall import payload
from bloomhall.extensions import db
from bloomhall.models import GateCode
from bloomhall.orders import find
from bloomhall.times import now

bp = Blueprint("gate", __name__)


@bp.post("/orders/<int:number>/code")
def send(number: int) -> ResponseReturnValue:
    """A new code for an order; one that was sent before opens nothing any more."""
    order = find(number)
    until = now() + timedelta(minutes=current_app.config["CODE_MINUTES"])
    code = {"text": f"{secrets.randbelow(10**6):06}", "until": until, "wrong_tries": 0}
    sent = insert(GateCode).values(order_id=order.id, **code)
    db.session.execute(sent.on_conflict_do_update(index_elements=["order_id"], set_=code))
    db.session.commit()
    return {"code": code["text"], "until": until.isoformat(timespec="seconds")}, 201


@bp.post("/gate")
def open_gate() -> ResponseReturnValue:
    """Open the gate for an order. Whatever is wrong with the code, the answer is the same."""
    order = find(payload.field("order", int))
    answer = {"order": order.id, "florist": order.florist, "slip": order.slip}
    right = (
        GateCode.order_id == order.id,
        GateCode.text == payload.field("code", str),
        GateCode.until > now(),
        GateCode.wrong_tries < current_app.config["MOST_WRONG_TRIES"],
    )
    # One statement, of which the database lets one process after the other have the row.
    opened = db.session.execute(delete(GateCode).where(*right)).rowcount == 1
    if not opened:
        tries = update(GateCode).where(GateCode.order_id == order.id)
        db.session.execute(tries.values(wrong_tries=GateCode.wrong_tries + 1))
    db.session.commit()
    if not opened:
        abort(403, "wrong code")
    return answer
