"""`/carts`: what a florist has put aside while walking through the hall."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bloomhall import payload
from bloomhall.extensions import db
from bloomhall.models import Cart, CartLine, Lot

bp = Blueprint("carts", __name__, url_prefix="/carts")


def claim(number: str) -> Cart:
    """The cart with this number, for this transaction alone; aborts with 404 where there is none.

    A write comes before anything is read: from here on no other process writes until this one commits.
    """
    found = db.session.execute(update(Cart).where(Cart.id == number).values(changes=Cart.changes + 1))
    if found.rowcount == 0:
        abort(404, "there is no such cart")
    return db.session.get_one(Cart, number)


def lines_of(cart: Cart) -> list[CartLine]:
    """In the order of the lots' numbers."""
    lines = select(CartLine).where(CartLine.cart_id == cart.id).order_by(CartLine.lot_id)
    return list(db.session.scalars(lines))


def shown(cart: Cart) -> dict[str, Any]:
    """A cart as JSON."""
    lines = [
        {"lot": line.lot_id, "name": line.lot.name, "bunches": line.bunches, "cents": line.bunches * line.lot.cents}
        for line in lines_of(cart)
    ]
    return {"cart": cart.id, "florist": cart.florist, "lines": lines, "cents": sum(line["cents"] for line in lines)}


@bp.post("")
def create() -> ResponseReturnValue:
    cart = Cart(id=secrets.token_hex(8), florist=payload.field("florist", str))
    db.session.add(cart)
    db.session.commit()
    return shown(cart), 201


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    return shown(db.session.get(Cart, number) or abort(404, "there is no such cart"))


@bp.post("/<number>/lines")
def add(number: str) -> ResponseReturnValue:
    """Put more bunches of a lot into the cart."""
    cart = claim(number)
    lot = db.session.get(Lot, payload.field("lot", int)) or abort(404, "there is no such lot")
    line = insert(CartLine).values(cart_id=cart.id, lot_id=lot.id, bunches=payload.bunches())
    more = CartLine.bunches + line.excluded.bunches
    db.session.execute(line.on_conflict_do_update(index_elements=["cart_id", "lot_id"], set_={"bunches": more}))
    answer = shown(cart)
    db.session.commit()
    return answer


@bp.delete("/<number>/lines/<int:lot_id>")
def take_out(number: str, lot_id: int) -> ResponseReturnValue:
    """Take all bunches of a lot out of the cart."""
    cart = claim(number)
    gone = db.session.execute(delete(CartLine).where(CartLine.cart_id == cart.id, CartLine.lot_id == lot_id))
    if gone.rowcount == 0:
        abort(404, "the cart has nothing of this lot")
    answer = shown(cart)
    db.session.commit()
    return answer
