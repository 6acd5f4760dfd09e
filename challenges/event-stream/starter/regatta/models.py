from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from regatta.extensions import db


class Race(db.Model):
    __tablename__ = "races"

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Passing(db.Model):
    """A boat has passed a mark."""

    __tablename__ = "passings"

    number: Mapped[int] = mapped_column(primary_key=True)
    race_number: Mapped[int] = mapped_column(ForeignKey("races.number"), index=True)
    boat: Mapped[str]
    mark: Mapped[str]
