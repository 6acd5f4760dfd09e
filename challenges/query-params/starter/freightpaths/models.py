"""Terminals, paths between them, wagons for hire."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from freightpaths.extensions import db


class Terminal(db.Model):
    __tablename__ = "terminals"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Path(db.Model):
    """The right to run one train. Weights are in kilograms, prices in cents, times are local."""

    __tablename__ = "paths"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin_code: Mapped[str] = mapped_column(ForeignKey("terminals.code"), index=True)
    target_code: Mapped[str] = mapped_column(ForeignKey("terminals.code"), index=True)
    departs_at: Mapped[datetime] = mapped_column(index=True)
    arrives_at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(5))
    wagons: Mapped[int]
    axle_load_kg: Mapped[int]
    price_cents: Mapped[int]
    hazardous: Mapped[bool]
    electric: Mapped[bool]

    origin: Mapped[Terminal] = relationship(foreign_keys=origin_code, lazy="joined")
    target: Mapped[Terminal] = relationship(foreign_keys=target_code, lazy="joined")


class Wagon(db.Model):
    """A wagon for hire. It is free from a day on."""

    __tablename__ = "wagons"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(20))
    axles: Mapped[int]
    payload_kg: Mapped[int]
    heated: Mapped[bool]
    free_from: Mapped[date]
