"""`/orders`: placing an order, and what customers do with it afterwards."""

from __future__ import annotations

import secrets

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coldframe import payloads
from coldframe.changes import change_order
from coldframe.errors import ApiError
from coldframe.extensions import db
from coldframe.models import Job, Order, OrderLine, Product
from coldframe.serializers import order_detail

bp = Blueprint("orders", __name__, url_prefix="/orders")


def order_or_404(number: str) -> Order:
    """The order with this number. Raises ApiError 404 when there is none."""
    order = db.session.scalar(select(Order).where(Order.number == number))
    if order is None:
        raise ApiError(404, "order_not_found", f"There is no order {number!r}.")
    return order


@bp.post("")
def place_order() -> ResponseReturnValue:
    """Store an order, and the job that charges it."""
    body = payloads.json_object()
    email = payloads.text(body, "email", 120)
    card = payloads.text(body, "card", 60)
    lines = []
    for sku, quantity in payloads.lines(body):
        product = db.session.scalar(select(Product).where(Product.sku == sku))
        if product is None:
            raise ApiError(422, "invalid_order", f"There is no product {sku!r}.")
        lines.append(OrderLine(sku=sku, quantity=quantity, price_cents=product.price_cents))
    order = Order(
        number=f"CF-{secrets.token_hex(4).upper()}",
        email=email,
        card=card,
        total_cents=sum(line.quantity * line.price_cents for line in lines),
        lines=lines,
    )
    db.session.add_all([order, Job(kind="charge_order", order=order)])
    db.session.commit()
    return order_detail(order), 201, {"Location": url_for("orders.show_order", number=order.number)}


@bp.get("/<number>")
def show_order(number: str) -> ResponseReturnValue:
    return order_detail(order_or_404(number))


@bp.post("/<number>/pay")
def pay_order(number: str) -> ResponseReturnValue:
    """Try again with another card."""
    card = payloads.text(payloads.json_object(), "card", 60)
    order = order_or_404(number)
    declined = Order.status == "payment_failed"
    if not change_order(order.id, declined, status="placed", problem=None, card=card):
        raise ApiError(409, "not_payable", f"Order {number} can't be paid.")
    db.session.add(Job(kind="charge_order", order=order))
    db.session.commit()
    return order_detail(order), 202


@bp.post("/<number>/cancel")
def cancel_order(number: str) -> ResponseReturnValue:
    order = order_or_404(number)
    if order.status != "payment_failed" and (order.status != "placed" or order.charge_begun):
        raise ApiError(409, "not_cancellable", f"Order {number} can't be cancelled.")
    order.status, order.problem = "cancelled", None
    db.session.commit()
    return order_detail(order)


@bp.post("/<number>/refund")
def refund_order(number: str) -> ResponseReturnValue:
    """Let a job give the money back."""
    order = order_or_404(number)
    if not change_order(order.id, Order.status == "paid", status="refunding"):
        raise ApiError(409, "not_refundable", f"Order {number} can't be refunded.")
    db.session.add(Job(kind="refund_order", order=order))
    db.session.commit()
    return order_detail(order), 202
