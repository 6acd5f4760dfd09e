"""What is sold, and what was ordered."""

from __future__ import annotations

from datetime import date, datetime

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


class Cart(db.Model):
    """What a florist has put aside. `changes` is written first by whoever is about to change the cart."""

    __tablename__ = "carts"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    florist: Mapped[str] = mapped_column(String(80))
    changes: Mapped[int] = mapped_column(default=0)


class CartLine(db.Model):
    """Bunches of one lot in a cart."""

    __tablename__ = "cart_lines"

    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    bunches: Mapped[int]

    lot: Mapped[Lot] = relationship()


class GateCode(db.Model):
    """The newest code of an order, as long as it has opened nothing."""

    __tablename__ = "gate_codes"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    text: Mapped[str] = mapped_column(String(6))
    until: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)


class Notice(db.Model):
    """The notice above the doors: one row, or none."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
