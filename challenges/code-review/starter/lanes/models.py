"""Tables."""

from __future__ import annotations

from datetime import date

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Family(db.Model):
    """Who books and pays. `token` is what their program sends."""

    __tablename__ = "families"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    is_staff: Mapped[bool] = mapped_column(default=False)


class Course(db.Model):
    """A course of lessons for children of some age, from `begins_on` on."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    begins_on: Mapped[date]
    least_age: Mapped[int]
    places: Mapped[int]
    price_cents: Mapped[int]
    published: Mapped[bool] = mapped_column(default=True)
    bookings: Mapped[list[Booking]] = relationship(back_populates="course")


class Booking(db.Model):
    """A place for a child."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    family_id: Mapped[int] = mapped_column(ForeignKey("families.id"))
    child: Mapped[str]
    born_on: Mapped[date]
    paid: Mapped[bool] = mapped_column(default=False)
    course: Mapped[Course] = relationship(back_populates="bookings")
    family: Mapped[Family] = relationship()
