"""Visitors bring items; menders write notes about them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cafe.database import Base


class Visitor(Base):
    __tablename__ = "visitors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    street: Mapped[str] = mapped_column(default="")
    password: Mapped[str]
    items: Mapped[list[Item]] = relationship(back_populates="visitor", order_by="Item.id")


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id"))
    kind: Mapped[str]
    fault: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    brought_on: Mapped[date]
    estimate: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    visitor: Mapped[Visitor] = relationship(back_populates="items")
    notes: Mapped[list[Note]] = relationship(back_populates="item", order_by="Note.id")


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]
    item: Mapped[Item] = relationship(back_populates="notes")


class Rate(Base):
    """What an hour at a kind of thing costs."""

    __tablename__ = "rates"

    kind: Mapped[str] = mapped_column(primary_key=True)
    cents: Mapped[int]
