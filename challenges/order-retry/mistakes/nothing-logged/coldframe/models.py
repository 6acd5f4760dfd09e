"""Products, orders, what was paid for them, and the jobs that do it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coldframe.extensions import db
from coldframe.timing import utcnow


class Product(db.Model):
    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    price_cents: Mapped[int]


class Order(db.Model):
    """What a customer ordered.

    `status` is one of placed, paid, payment_failed, payment_unclear, cancelled, refunding, refunded. `charge_key` is what
    the provider knows the charge by: from before it is asked until it declines.
    """

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    email: Mapped[str] = mapped_column(String(120))
    card: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20), default="placed")
    problem: Mapped[str | None] = mapped_column(String(40))
    charge_key: Mapped[str | None] = mapped_column(String(64))
    total_cents: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    lines: Mapped[list[OrderLine]] = relationship(order_by="OrderLine.id")
    payment: Mapped[Payment | None] = relationship()


class OrderLine(db.Model):
    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    sku: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int]
    price_cents: Mapped[int]


class Payment(db.Model):
    """A charge. The accountants read this table: one row for each time that money was taken."""

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    charge: Mapped[str] = mapped_column(String(64))
    amount_cents: Mapped[int]
    paid_at: Mapped[datetime] = mapped_column(default=utcnow)
    refund: Mapped[str | None] = mapped_column(String(64))
    refund_key: Mapped[str | None] = mapped_column(String(64))


class Job(db.Model):
    """Something to do for an order. `state` is one of queued, running, done, failed."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="queued", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))

    order: Mapped[Order] = relationship()
