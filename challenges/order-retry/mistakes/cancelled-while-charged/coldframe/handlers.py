"""What jobs do, by their kind.

Money is moved in three steps, each of its own transaction: the key that the provider will know the move by is stored;
the provider is called, with no transaction open; what came of it is stored. Whatever is cut off after the first is
repeated with the same key, and moves nothing twice. The order's row is locked for the first and for the last step, so
the rest of the app sees an order either before its charge began or after.
"""

from __future__ import annotations

from uuid import uuid4

from flask import current_app

from coldframe.extensions import db
from coldframe.mail import confirmation
from coldframe.models import Job, Order, Payment
from coldframe.payments import CardDeclined


def lock(order: Order) -> Order:
    """The order as it is now, and for nobody else until the transaction ends."""
    db.session.refresh(order, with_for_update=True)
    return order


def charge_order(order: Order) -> None:
    """Take the order's total from the customer's card. Raises what the provider does."""
    lock(order)
    if order.status not in ("placed", "payment_unclear"):
        db.session.rollback()
        return
    order.charge_key = order.charge_key or uuid4().hex
    amount_cents, card, key = order.total_cents, order.card, order.charge_key
    db.session.commit()

    try:
        charge = current_app.config["PAYMENT_PROVIDER"].charge(amount_cents=amount_cents, card=card, key=key)
    except CardDeclined:
        lock(order)
        if order.charge_key == key:
            order.status, order.problem, order.charge_key = "payment_failed", "card_declined", None
        db.session.commit()
        raise

    lock(order)
    if order.status in ("placed", "payment_unclear"):
        order.status, order.problem = "paid", None
        db.session.add(Payment(order_id=order.id, charge=charge, amount_cents=amount_cents))
        db.session.add(Job(kind="send_confirmation", order=order))
    db.session.commit()


def send_confirmation(order: Order) -> None:
    """Tell the customer that the order is paid."""
    current_app.config["MAILER"].send(**confirmation(order))


def refund_order(order: Order) -> None:
    """Give the customer back what was charged."""
    lock(order)
    payment = order.payment
    if order.status not in ("paid", "refunding") or payment is None:
        db.session.rollback()
        return
    order.status = "refunding"
    payment.refund_key = payment.refund_key or uuid4().hex
    amount_cents, charge, key = payment.amount_cents, payment.charge, payment.refund_key
    db.session.commit()

    refund = current_app.config["PAYMENT_PROVIDER"].refund(amount_cents=amount_cents, charge=charge, key=key)

    lock(order)
    order.status = "refunded"
    payment.refund = refund
    db.session.commit()


def charge_given_up(order: Order) -> None:
    """The charge was tried for the last time, and nobody knows what came of it."""
    if lock(order).status == "placed":
        order.status, order.problem = "payment_unclear", "given_up"


HANDLERS = {"charge_order": charge_order, "refund_order": refund_order, "send_confirmation": send_confirmation}
GIVEN_UP = {"charge_order": charge_given_up}
