"""`/orders`: what was ordered."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from ovenboard.db import session
from ovenboard.errors import ApiError
from ovenboard.menu import products
from ovenboard.models import Order
from ovenboard.pricing import delivery_cents, money

bp = Blueprint("orders", __name__)


@bp.post("/orders")
def create_order() -> ResponseReturnValue:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    slug, pieces, customer = body.get("product"), body.get("pieces"), body.get("customer")
    town = body.get("deliver_to")
    max_pieces = current_app.config["MAX_PIECES"]
    if not isinstance(slug, str) or slug not in products():
        raise ApiError(400, "unknown_product", f"There is no product {slug!r}.")
    if type(pieces) is not int or not 1 <= pieces <= max_pieces:
        raise ApiError(400, "invalid_pieces", f"Order 1 to {max_pieces} pieces.")
    if not isinstance(customer, str) or not customer.strip():
        raise ApiError(400, "invalid_customer", "Say who it is for.")
    if town is not None and not isinstance(town, str):
        raise ApiError(400, "too_far", "deliver_to must be a town.")

    product_id, _, price_cents = products()[slug]
    goods_cents = pieces * price_cents
    order = Order(
        number=(session().scalar(select(func.max(Order.number))) or 0) + 1,
        product_id=product_id,
        pieces=pieces,
        customer=customer.strip(),
        deliver_to=town,
        total_cents=goods_cents + delivery_cents(town, goods_cents),
        done=False,
    )
    session().add(order)
    session().commit()
    return shown(order), 201


@bp.get("/orders")
def list_orders() -> ResponseReturnValue:
    query = select(Order).where(Order.done.is_(False)).order_by(Order.number)
    return {"orders": [shown(order) for order in session().scalars(query)]}


@bp.post("/orders/<int:number>/done")
def hand_out(number: int) -> ResponseReturnValue:
    order = session().scalar(select(Order).where(Order.number == number))
    if order is None:
        raise ApiError(404, "unknown_order", f"There is no order {number}.")
    order.done = True
    session().commit()
    return shown(order)


@bp.get("/orders.csv")
def export_orders() -> ResponseReturnValue:
    """All orders, sent line by line, since there are years of them."""
    return Response(stream_with_context(_lines()), mimetype="text/csv")


def _lines() -> Iterator[str]:
    yield _line(current_app.config["BRANCH"], "product", "pieces", "customer", "total")
    last = 0
    while batch := session().scalars(select(Order).where(Order.number > last).order_by(Order.number).limit(50)).all():
        for order in batch:
            yield _line(order.number, order.product.slug, order.pieces, order.customer, money(order.total_cents))
        last = batch[-1].number


def _line(*values: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def shown(order: Order) -> dict[str, Any]:
    """An order as JSON."""
    return {
        "number": order.number,
        "product": order.product.slug,
        "pieces": order.pieces,
        "customer": order.customer,
        "deliver_to": order.deliver_to,
        "total_cents": order.total_cents,
        "total": money(order.total_cents),
        "done": order.done,
    }
