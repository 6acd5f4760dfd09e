"""Orders, and the board that hangs over the desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from meridian import carrier
from meridian.extensions import db
from meridian.models import Order

blueprint = Blueprint("orders", __name__)


def order_or_404(number: int) -> Order:
    order = db.session.scalar(select(Order).where(Order.number == number))
    if order is None:
        abort(404)
    return order


def shown(order: Order, **more: Any) -> dict[str, Any]:
    """An order as the desk sees it."""
    label = order.label
    return {
        "number": order.number,
        "customer": order.customer,
        "grams": order.grams,
        "label": label and {"number": label.number, "service": label.service, "price_cents": label.price_cents},
        **more,
    }


@blueprint.get("/orders")
def list_orders():
    found = db.session.scalars(select(Order).order_by(Order.number))
    return jsonify(
        orders=[{"number": order.number, "customer": order.customer, "grams": order.grams} for order in found]
    )


@blueprint.get("/orders/<int:number>")
def show_order(number: int):
    order = order_or_404(number)
    tracking = carrier.tracking(order.label.number) if order.label else None
    return jsonify(shown(order, tracking=tracking))


@blueprint.get("/board")
def board():
    found = db.session.scalars(select(Order).options(selectinload(Order.labels)).order_by(Order.number))
    return jsonify(
        orders=[
            {
                "number": order.number,
                "label": order.label.number,
                "tracking": carrier.tracking(order.label.number),
            }
            for order in found
            if order.label
        ]
    )
