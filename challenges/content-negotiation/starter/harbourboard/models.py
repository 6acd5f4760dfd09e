"""Berths, and the calls of ships at them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harbourboard.extensions import db


class Berth(db.Model):
    __tablename__ = "berths"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    length: Mapped[int]
    depth: Mapped[float]


class Call(db.Model):
    """A ship that is expected. `eta` is in UTC and has no seconds."""

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True)
    ship: Mapped[str] = mapped_column(String(60))
    flag: Mapped[str] = mapped_column(String(2))
    berth_id: Mapped[int] = mapped_column(ForeignKey("berths.id"))
    eta: Mapped[datetime]
    cargo: Mapped[str] = mapped_column(String(120))
    revision: Mapped[int] = mapped_column(default=1)

    berth: Mapped[Berth] = relationship(lazy="joined")
