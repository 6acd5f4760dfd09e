"""Climbers, boulders, and what the ones did on the others."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from slateyard.extensions import db


class Climber(db.Model):
    __tablename__ = "climbers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    website: Mapped[str | None] = mapped_column(String(200))

    notes: Mapped[list[Note]] = relationship(back_populates="climber", order_by="Note.id")


class Boulder(db.Model):
    __tablename__ = "boulders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    grade: Mapped[str] = mapped_column(String(8))
    wall: Mapped[str] = mapped_column(String(120))
    set_on: Mapped[date]
    setter_id: Mapped[int] = mapped_column(ForeignKey("climbers.id"))

    setter: Mapped[Climber] = relationship()
    notes: Mapped[list[Note]] = relationship(back_populates="boulder", order_by="Note.id")
    ascents: Mapped[list[Ascent]] = relationship(order_by="Ascent.id")


class Note(db.Model):
    """What a climber says about a boulder; how it may be marked up stands in the README."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    boulder_id: Mapped[int] = mapped_column(ForeignKey("boulders.id"), index=True)
    climber_id: Mapped[int] = mapped_column(ForeignKey("climbers.id"), index=True)
    text: Mapped[str] = mapped_column(String(2000))
    written_at: Mapped[datetime]

    boulder: Mapped[Boulder] = relationship(back_populates="notes")
    climber: Mapped[Climber] = relationship(back_populates="notes")


class Ascent(db.Model):
    __tablename__ = "ascents"

    id: Mapped[int] = mapped_column(primary_key=True)
    boulder_id: Mapped[int] = mapped_column(ForeignKey("boulders.id"), index=True)
    climber_id: Mapped[int] = mapped_column(ForeignKey("climbers.id"))
    tries: Mapped[int]

    climber: Mapped[Climber] = relationship()
