"""Bells, and the people who own some of them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from belfry.extensions import db


class Owner(db.Model):
    """For the office alone."""

    __tablename__ = "owners"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(30))


class Bell(db.Model):
    """A church bell. The public knows of those that are published; their weight and year may be unknown."""

    __tablename__ = "bells"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120))
    founder: Mapped[str] = mapped_column(String(80), index=True)
    tower: Mapped[str] = mapped_column(String(80), index=True)
    diameter_mm: Mapped[int]
    weight_kg: Mapped[int | None]
    cast_year: Mapped[int | None]
    published: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("owners.id"))

    owner: Mapped[Owner | None] = relationship()
