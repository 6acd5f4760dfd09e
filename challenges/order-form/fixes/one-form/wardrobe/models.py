"""Costumes, orders and their lines."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wardrobe.extensions import db
from wardrobe.prices import line_cents


class Costume(db.Model):
    """A costume as the printed catalogue has it. The wardrobe owns `pieces` of it, in all sizes together."""

    __tablename__ = "costumes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    pieces: Mapped[int]
    day_cents: Mapped[int]


class Order(db.Model):
    """What a company hires for some days. The accounts' program reads `total_cents` from here."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    company: Mapped[str] = mapped_column(String(80))
    days: Mapped[int]
    total_cents: Mapped[int]

    lines: Mapped[list[OrderLine]] = relationship(
        back_populates="order", order_by="OrderLine.position", cascade="all, delete-orphan"
    )

    def reckon(self) -> None:
        """Set the total to what the lines cost now."""
        self.total_cents = sum(line.cents for line in self.lines)


class OrderLine(db.Model):
    """One line of an order. `packed` is the packing room's tick: these pieces hang on the rail by the door."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    costume_id: Mapped[int] = mapped_column(ForeignKey("costumes.id"))
    count: Mapped[int]
    note: Mapped[str] = mapped_column(String(200))
    press: Mapped[bool]
    packed: Mapped[bool] = mapped_column(default=False)

    order: Mapped[Order] = relationship(back_populates="lines")
    costume: Mapped[Costume] = relationship()

    @property
    def cents(self) -> int:
        """What the line costs for all days of the order."""
        return line_cents(self.costume, self.count, self.order.days, self.press)
