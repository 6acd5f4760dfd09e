"""`/carts`: what a florist has put aside while walking through the hall."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from bloomhall import payload
from bloomhall.extensions import db
from bloomhall.models import Lot

bp = Blueprint("carts", __name__, url_prefix="/carts")


@dataclass
class Cart:
    """Whose it is, and how many bunches of which lot are in it."""

    florist: str
    bunches: dict[int, int] = field(default_factory=dict)


_carts: dict[str, Cart] = {}


def find(number: str) -> Cart:
    """The cart with this number; aborts with 404 where there is none."""
    return _carts.get(number) or abort(404, "there is no such cart")


def close(number: str) -> None:
    """Forget a cart that was ordered."""
    _carts.pop(number, None)


def shown(number: str, cart: Cart) -> dict[str, Any]:
    """A cart as JSON; its lines are in the order of the lots' numbers."""
    lines = []
    for lot_id, bunches in sorted(cart.bunches.items()):
        lot = db.session.get_one(Lot, lot_id)
        lines.append({"lot": lot_id, "name": lot.name, "bunches": bunches, "cents": bunches * lot.cents})
    total = sum(line["cents"] for line in lines)
    return {"cart": number, "florist": cart.florist, "lines": lines, "cents": total}


@bp.post("")
def create() -> ResponseReturnValue:
    number = secrets.token_hex(8)
    _carts[number] = cart = Cart(payload.field("florist", str))
    return shown(number, cart), 201


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    return shown(number, find(number))


@bp.post("/<number>/lines")
def add(number: str) -> ResponseReturnValue:
    """Put more bunches of a lot into the cart."""
    cart = find(number)
    lot = db.session.get(Lot, payload.field("lot", int)) or abort(404, "there is no such lot")
    cart.bunches[lot.id] = cart.bunches.get(lot.id, 0) + payload.bunches()
    return shown(number, cart)


@bp.delete("/<number>/lines/<int:lot_id>")
def take_out(number: str, lot_id: int) -> ResponseReturnValue:
    """Take all bunches of a lot out of the cart."""
    cart = find(number)
    if cart.bunches.pop(lot_id, None) is None:
        abort(404, "the cart has nothing of this lot")
    return shown(number, cart)
