"""What jobs do, by their kind. The worker commits afterwards."""

from __future__ import annotations

from uuid import uuid4

from flask import current_app

from coldframe.extensions import db
from coldframe.mail import confirmation
from coldframe.models import Order, Payment


def charge_order(order: Order) -> None:
    """Take the order's total from the customer's card, and confirm that."""
    if order.status != "placed":
        return
    charge = current_app.config["PAYMENT_PROVIDER"].charge(
        amount_cents=order.total_cents, card=order.card, key=uuid4().hex
    )
    db.session.add(Payment(order_id=order.id, charge=charge, amount_cents=order.total_cents))
    order.status = "paid"
    current_app.config["MAILER"].send(**confirmation(order))


def refund_order(order: Order) -> None:
    """Give the customer back what was charged."""
    payment = order.payment
    payment.refund = current_app.config["PAYMENT_PROVIDER"].refund(
        amount_cents=payment.amount_cents, charge=payment.charge, key=uuid4().hex
    )
    order.status = "refunded"


HANDLERS = {"charge_order": charge_order, "refund_order": refund_order}
