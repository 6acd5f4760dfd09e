"""What is sold, and what was ordered."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bloomhall.extensions import db


class Lot(db.Model):
    """Flowers of one kind from one grower. A price is that of a bunch."""

    __tablename__ = "lots"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    cents: Mapped[int]


class Order(db.Model):
    """What a florist takes away. The slip's number is what the porters call out: 1, 2, 3 … on each day."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    florist: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]
    slip: Mapped[int]

    lines: Mapped[list[OrderLine]] = relationship(order_by="OrderLine.lot_id")


class OrderLine(db.Model):
    """Bunches of one lot, at the price of that moment."""

    __tablename__ = "order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    bunches: Mapped[int]
    cents: Mapped[int]

    lot: Mapped[Lot] = relationship()
