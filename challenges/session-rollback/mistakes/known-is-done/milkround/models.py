"""Farms, what was fetched from them, and rounds that were refused."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from milkround.database import Base


class Farm(Base):
    __tablename__ = "farms"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    daily_quota: Mapped[int]
    phone: Mapped[str | None] = mapped_column(String(40))


class Pickup(Base):
    """One farm's milk, taken on board in the morning or in the evening. The docket stays with the farmer."""

    __tablename__ = "pickups"
    __table_args__ = (UniqueConstraint("farm_id", "day", "run"),)

    docket: Mapped[str] = mapped_column(String(12), primary_key=True)
    farm_id: Mapped[int] = mapped_column(ForeignKey("farms.id"))
    day: Mapped[date]
    run: Mapped[str] = mapped_column(String(2))
    litres: Mapped[int]
    temperature: Mapped[float]
    driver: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(200))
    revision: Mapped[int] = mapped_column(default=1)

    farm: Mapped[Farm] = relationship()

    # An UPDATE names the revision that was read, and one that finds no such row raises StaleDataError.
    __mapper_args__ = {"version_id_col": revision}


class Refusal(Base):
    """A round that was not taken. The office rings the driver up."""

    __tablename__ = "refusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    driver: Mapped[str] = mapped_column(String(60))
    day: Mapped[date]
    run: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(40))
