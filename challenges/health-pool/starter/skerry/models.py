from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Booking(Base):
    """An hour that somebody has."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    night_id: Mapped[int] = mapped_column(ForeignKey("nights.id"))
    observer: Mapped[str]
    target: Mapped[str]


class Night(Base):
    """A night at one telescope, with so many hours."""

    __tablename__ = "nights"

    id: Mapped[int] = mapped_column(primary_key=True)
    date: Mapped[date]
    telescope: Mapped[str]
    hours: Mapped[int]
    bookings: Mapped[list[Booking]] = relationship(order_by=Booking.id)
    booked: Mapped[int] = column_property(
        select(func.count()).where(Booking.night_id == id).correlate_except(Booking).scalar_subquery()
    )


class Entry(Base):
    """Somebody's try to book a night, and what came of it."""

    __tablename__ = "trail"

    id: Mapped[int] = mapped_column(primary_key=True)
    night_id: Mapped[int]
    observer: Mapped[str]
    outcome: Mapped[str]
