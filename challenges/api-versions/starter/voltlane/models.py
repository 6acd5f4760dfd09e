"""Sites, their chargers, and the sessions in which cars were charged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voltlane.extensions import db

STATES = ("available", "occupied", "reserved", "faulted", "maintenance")


class Site(db.Model):
    """A car park. Prices are in cents."""

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    street: Mapped[str] = mapped_column(String(80))
    postcode: Mapped[str] = mapped_column(String(12))
    city: Mapped[str] = mapped_column(String(80))
    start_fee: Mapped[int]
    price_per_kwh: Mapped[int]

    chargers: Mapped[list[Charger]] = relationship(back_populates="site")


class Charger(db.Model):
    """A charge point. One that was taken down keeps its row, for the sessions that it had."""

    __tablename__ = "chargers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="available")
    power_w: Mapped[int]
    taken_down: Mapped[bool] = mapped_column(default=False)

    site: Mapped[Site] = relationship(back_populates="chargers")


class Session(db.Model):
    """One car at one charger. Times are UTC, to the second; cost and energy are known when it has ended."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    charger_id: Mapped[int] = mapped_column(ForeignKey("chargers.id"), index=True)
    card: Mapped[str] = mapped_column(String(40), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    energy_wh: Mapped[int] = mapped_column(default=0)
    cost_cents: Mapped[int] = mapped_column(default=0)

    charger: Mapped[Charger] = relationship()
