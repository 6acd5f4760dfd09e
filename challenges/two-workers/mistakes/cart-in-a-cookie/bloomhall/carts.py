"""`/carts`: what a florist has put aside while walking through the hall."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort, session
from flask.typing import ResponseReturnValue

from bloomhall import payload
from bloomhall.extensions import db
from bloomhall.models import Lot

bp = Blueprint("carts", __name__, url_prefix="/carts")


def find(number: str) -> dict[str, Any]:
    """The cart with this number, out of the visitor's session; aborts with 404 where there is none."""
    mine: dict[str, Any] = session.get("carts", {})
    return mine.get(number) or abort(404, "there is no such cart")


def keep(number: str, cart: dict[str, Any]) -> None:
    """Sign the cart into the cookie that goes back with the answer."""
    session["carts"] = {**session.get("carts", {}), number: cart}


def close(number: str) -> None:
    """Forget a cart that was ordered."""
    session["carts"] = {other: cart for other, cart in session["carts"].items() if other != number}


def shown(number: str, cart: dict[str, Any]) -> dict[str, Any]:
    """A cart as JSON; its lines are in the order of the lots' numbers."""
    lots = [db.session.get_one(Lot, lot_id) for lot_id in sorted(int(text) for text in cart["bunches"])]
    counts = [cart["bunches"][str(lot.id)] for lot in lots]
    lines = [
        {"lot": lot.id, "name": lot.name, "bunches": count, "cents": count * lot.cents}
        for lot, count in zip(lots, counts, strict=True)
    ]
    return {"cart": number, "florist": cart["florist"], "lines": lines, "cents": sum(line["cents"] for line in lines)}


@bp.post("")
def create() -> ResponseReturnValue:
    number = secrets.token_hex(8)
    keep(number, {"florist": payload.field("florist", str), "bunches": {}})
    return shown(number, find(number)), 201


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    return shown(number, find(number))


@bp.post("/<number>/lines")
def add(number: str) -> ResponseReturnValue:
    """Put more bunches of a lot into the cart."""
    cart = find(number)
    lot = db.session.get(Lot, payload.field("lot", int)) or abort(404, "there is no such lot")
    bunches = cart["bunches"].get(str(lot.id), 0) + payload.bunches()
    keep(number, {**cart, "bunches": {**cart["bunches"], str(lot.id): bunches}})
    return shown(number, find(number))


@bp.delete("/<number>/lines/<int:lot_id>")
def take_out(number: str, lot_id: int) -> ResponseReturnValue:
    """Take all bunches of a lot out of the cart."""
    cart = find(number)
    if str(lot_id) not in cart["bunches"]:
        abort(404, "the cart has nothing of this lot")
    keep(number, {**cart, "bunches": {lot: count for lot, count in cart["bunches"].items() if lot != str(lot_id)}})
    return shown(number, find(number))
