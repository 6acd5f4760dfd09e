from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from meridian.extensions import db


class Order(db.Model):
    """Globes for a customer, packed as one parcel.

    `label_key` is what a label is being bought under, from before the first call until the label is stored.
    """

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    customer: Mapped[str]
    grams: Mapped[int]
    label_key: Mapped[str | None] = mapped_column(default=None)
    labels: Mapped[list[Label]] = relationship(back_populates="order", order_by="Label.id")

    @property
    def label(self) -> Label | None:
        """The label that the parcel goes with."""
        return next((label for label in self.labels if not label.cancelled), None)


class Label(db.Model):
    """A label that the carrier has sold for an order; `number` and the rest are what the carrier said."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[str] = mapped_column(unique=True)
    service: Mapped[str]
    price_cents: Mapped[int]
    cancelled: Mapped[bool] = mapped_column(default=False)
    order: Mapped[Order] = relationship(back_populates="labels")
