"""Trees, and the people on whose land they stand."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pollard.extensions import db


class Landowner(db.Model):
    """For the office alone."""

    __tablename__ = "landowners"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(30))


class Tree(db.Model):
    """A notable tree. The public knows of those that are published; their height and year may be unknown."""

    __tablename__ = "trees"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120))
    species: Mapped[str] = mapped_column(String(80), index=True)
    parish: Mapped[str] = mapped_column(String(80), index=True)
    girth_cm: Mapped[int]
    height_cm: Mapped[int | None]
    planted_year: Mapped[int | None]
    published: Mapped[bool] = mapped_column(default=False)
    landowner_id: Mapped[int | None] = mapped_column(ForeignKey("landowners.id"))

    landowner: Mapped[Landowner | None] = relationship()
