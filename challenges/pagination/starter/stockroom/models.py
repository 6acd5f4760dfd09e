"""Suppliers, parts, and what went in and out."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from stockroom.extensions import db


class Supplier(db.Model):
    """Who we buy from. Two branches of one company have the same name."""

    __tablename__ = "suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    town: Mapped[str] = mapped_column(String(80))


class Part(db.Model):
    """A kind of part. The same thing from another supplier has a number of its own."""

    __tablename__ = "parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(40), index=True)
    bin: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int]
    counted_on: Mapped[date]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)

    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)


class Movement(db.Model):
    """Some of a part went in or out."""

    __tablename__ = "movements"

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int]
    note: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
