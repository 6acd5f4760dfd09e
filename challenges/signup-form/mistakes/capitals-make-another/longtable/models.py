"""Evenings and members."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from longtable.extensions import db


class Evening(db.Model):
    """A day of the week on which the long table is laid. One that is not open takes no new members."""

    __tablename__ = "evenings"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    open: Mapped[bool] = mapped_column(default=True)


class Member(db.Model):
    """A guest with a seat of their own. The handle is what stands on the seat card."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(120))
    born: Mapped[date]
    evening_id: Mapped[int] = mapped_column(ForeignKey("evenings.id"))
    guests: Mapped[int] = mapped_column(default=0)
    diet: Mapped[str] = mapped_column(String(120), default="")
    notes: Mapped[str] = mapped_column(String(500), default="")
    pin_hash: Mapped[str] = mapped_column(String(200))
    joined_on: Mapped[date]

    evening: Mapped[Evening] = relationship()

    @property
    def diets(self) -> list[str]:
        """What the kitchen leaves out, by the keys of `choices.DIETS`."""
        return self.diet.split(",") if self.diet else []


Index("one_handle", Member.handle, unique=True)
Index("one_address", Member.email, unique=True)
