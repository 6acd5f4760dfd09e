"""`/carts`: what a florist has put aside while walking through the hall."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from bloomhall import payload
from bloomhall.extensions import db
from bloomhall.models import Lot
from bloomhall.vault import unlocked

bp = Blueprint("carts", __name__, url_prefix="/carts")


def among(state: dict[str, Any], number: str) -> dict[str, Any]:
    """The cart with this number: `florist`, and `bunches` by lot; aborts with 404 where there is none."""
    return state["carts"].get(number) or abort(404, "there is no such cart")


def wanted(cart: dict[str, Any]) -> list[tuple[Lot, int]]:
    """Lots and bunches, in the order of the lots' numbers."""
    return [(db.session.get_one(Lot, lot), cart["bunches"][str(lot)]) for lot in sorted(map(int, cart["bunches"]))]


def shown(number: str, cart: dict[str, Any]) -> dict[str, Any]:
    """A cart as JSON."""
    lines = [
        {"lot": lot.id, "name": lot.name, "bunches": bunches, "cents": bunches * lot.cents}
        for lot, bunches in wanted(cart)
    ]
    return {"cart": number, "florist": cart["florist"], "lines": lines, "cents": sum(line["cents"] for line in lines)}


@bp.post("")
def create() -> ResponseReturnValue:
    number = secrets.token_hex(8)
    cart = {"florist": payload.field("florist", str), "bunches": {}}
    with unlocked() as state:
        state["carts"][number] = cart
    return shown(number, cart), 201


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    with unlocked() as state:
        return shown(number, among(state, number))


@bp.post("/<number>/lines")
def add(number: str) -> ResponseReturnValue:
    """Put more bunches of a lot into the cart."""
    with unlocked() as state:
        cart = among(state, number)
        lot = db.session.get(Lot, payload.field("lot", int)) or abort(404, "there is no such lot")
        there = cart["bunches"].get(str(lot.id), 0)
        cart["bunches"][str(lot.id)] = there + payload.bunches()
        return shown(number, cart)


@bp.delete("/<number>/lines/<int:lot_id>")
def take_out(number: str, lot_id: int) -> ResponseReturnValue:
    """Take all bunches of a lot out of the cart."""
    with unlocked() as state:
        cart = among(state, number)
        if cart["bunches"].pop(str(lot_id), None) is None:
            abort(404, "the cart has nothing of this lot")
        return shown(number, cart)
