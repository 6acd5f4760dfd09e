"""Orders: made of a cart, shown by their number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import delete

from bloomhall import carts
from bloomhall.extensions import db
from bloomhall.models import Cart, CartLine, Order, OrderLine
from bloomhall.slips import next_slip
from bloomhall.times import today

bp = Blueprint("orders", __name__)


def find(number: int) -> Order:
    """The order with this number; aborts with 404 where there is none."""
    return db.session.get(Order, number) or abort(404, "there is no such order")


def shown(order: Order) -> dict[str, Any]:
    """An order as JSON."""
    lines = [
        {"lot": line.lot_id, "name": line.lot.name, "bunches": line.bunches, "cents": line.cents}
        for line in order.lines
    ]
    return {
        "order": order.id,
        "florist": order.florist,
        "day": order.day.isoformat(),
        "slip": order.slip,
        "lines": lines,
        "cents": sum(line["cents"] for line in lines),
    }


@bp.post("/carts/<number>/order")
def place(number: str) -> ResponseReturnValue:
    """Make an order of a cart. The cart is gone afterwards."""
    cart = carts.claim(number)
    lines = carts.lines_of(cart)
    if not lines:
        abort(409, "the cart is empty")
    day = today()
    order = Order(florist=cart.florist, day=day)
    for line in lines:
        order.lines.append(OrderLine(lot_id=line.lot_id, bunches=line.bunches, cents=line.bunches * line.lot.cents))
    db.session.execute(delete(CartLine).where(CartLine.cart_id == number))
    db.session.execute(delete(Cart).where(Cart.id == number))
    # From here on nobody else can order this cart.
    db.session.commit()
    order.slip = next_slip(day)
    db.session.add(order)
    db.session.commit()
    return shown(order), 201


@bp.get("/orders/<int:number>")
def show(number: int) -> ResponseReturnValue:
    return shown(find(number))
