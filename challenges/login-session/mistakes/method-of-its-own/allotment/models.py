"""Sites with plots, the members who have them, and the shifts that they work."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from allotment.extensions import db


class Site(db.Model):
    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    notices: Mapped[list["Notice"]] = relationship(order_by="Notice.id")


class Notice(db.Model):
    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    text: Mapped[str] = mapped_column(Text)


class Member(db.Model):
    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)  # in small letters
    name: Mapped[str] = mapped_column(String(80))
    password: Mapped[str] = mapped_column(Text)  # as typed, until the next sign-in; then empty
    password_hash: Mapped[str | None] = mapped_column(Text)
    plot: Mapped["Plot"] = relationship(back_populates="member")


class Plot(db.Model):
    __tablename__ = "plots"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(20), unique=True)
    square_metres: Mapped[int]
    meter: Mapped[int]  # cubic metres of water, as last read
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), unique=True)
    site: Mapped[Site] = relationship()
    member: Mapped[Member] = relationship(back_populates="plot")


class Shift(db.Model):
    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    task: Mapped[str] = mapped_column(String(80))
    places: Mapped[int]
    turns: Mapped[list["Turn"]] = relationship(back_populates="shift")


class Turn(db.Model):
    """A member who works a shift."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("shift_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    shift: Mapped[Shift] = relationship(back_populates="turns")


class RefusedSignIn(db.Model):
    __tablename__ = "refused_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text, index=True)
    at: Mapped[datetime]


class StoredSession(db.Model):
    __tablename__ = "sessions"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    data: Mapped[str] = mapped_column(Text)  # JSON
    changed_at: Mapped[datetime]
