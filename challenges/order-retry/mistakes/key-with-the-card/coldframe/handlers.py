"""What jobs do, by their kind, to the order with an id.

The provider's keys are made of what is known of an order: its number, and how often its card was declined. So a repeated
call has the key of the one before, also when nothing of that one was stored.
"""

from __future__ import annotations

from flask import current_app

from coldframe.changes import CHARGEABLE, change_order
from coldframe.extensions import db
from coldframe.mail import confirmation
from coldframe.models import Job, Order, Payment
from coldframe.payments import CardDeclined


def charge_order(order_id: int) -> None:
    """Take the order's total from the customer's card. Raises what the provider does."""
    order = change_order(order_id, CHARGEABLE, charge_begun=True)
    db.session.commit()
    if order is None:
        return
    try:
        charge = current_app.config["PAYMENT_PROVIDER"].charge(
            amount_cents=order.total_cents, card=order.card, key=f"{order.number}-{order.card}"
        )
    except CardDeclined:
        change_order(
            order_id,
            Order.declines == order.declines,
            status="payment_failed",
            problem="card_declined",
            charge_begun=False,
            declines=order.declines + 1,
        )
        db.session.commit()
        raise
    if change_order(order_id, CHARGEABLE, status="paid", problem=None) is not None:
        db.session.add(Payment(order_id=order_id, charge=charge, amount_cents=order.total_cents))
        db.session.add(Job(kind="send_confirmation", order_id=order_id))
    db.session.commit()


def send_confirmation(order_id: int) -> None:
    """Tell the customer that the order is paid."""
    current_app.config["MAILER"].send(**confirmation(db.session.get_one(Order, order_id)))


def refund_order(order_id: int) -> None:
    """Give the customer back what was charged."""
    order = change_order(order_id, Order.status.in_(("paid", "refunding")), status="refunding")
    db.session.commit()
    if order is None:
        return
    payment = db.session.get_one(Order, order_id).payment
    refund = current_app.config["PAYMENT_PROVIDER"].refund(
        amount_cents=payment.amount_cents, charge=payment.charge, key=f"refund-{order.number}"
    )
    payment.refund = refund
    change_order(order_id, status="refunded")
    db.session.commit()


def charge_given_up(order_id: int) -> None:
    """The charge was tried for the last time, and nobody knows what came of it."""
    change_order(order_id, Order.status == "placed", status="payment_unclear", problem="given_up")


HANDLERS = {"charge_order": charge_order, "refund_order": refund_order, "send_confirmation": send_confirmation}
GIVEN_UP = {"charge_order": charge_given_up}
