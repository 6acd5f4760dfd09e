"""Changes of orders and jobs that happen in one statement, or not: only from a state in which they may."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, update

from coldframe.extensions import db
from coldframe.models import Job, Order

#: The states of an order in which the provider may be asked to charge it.
CHARGEABLE = Order.status.in_(("placed", "payment_unclear"))


def change_order(order_id: int, *when: ColumnElement[bool], **values: Any) -> Row[Any] | None:
    """Set values of an order if it is as `when` says; gives its number, card, total and declines, or None if it isn't."""
    return db.session.execute(
        update(Order)
        .where(Order.id == order_id, *when)
        .values(**values)
        .returning(Order.number, Order.card, Order.total_cents, Order.declines)
        .execution_options(synchronize_session=False)
    ).first()


def change_job(job_id: int, *when: ColumnElement[bool], **values: Any) -> Row[Any] | None:
    """Set values of a job if it is as `when` says; gives its kind, order and attempts, or None if it isn't."""
    return db.session.execute(
        update(Job)
        .where(Job.id == job_id, *when)
        .values(**values)
        .returning(Job.kind, Job.order_id, Job.attempts)
        .execution_options(synchronize_session=False)
    ).first()
