"""The choir: who sings, what is sung where, and who comes to which rehearsal."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from descant.extensions import db

VOICES = ("soprano", "alto", "tenor", "bass")
ROLES = ("singer", "committee", "left")

programme = Table(
    "programme",
    db.metadata,
    Column("concert_id", ForeignKey("concerts.id"), primary_key=True),
    Column("piece_id", ForeignKey("pieces.id"), primary_key=True),
)


class Member(db.Model):
    """Somebody who sings, or has sung: `role` is one of ROLES."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    voice: Mapped[str] = mapped_column(String(10))
    phone: Mapped[str] = mapped_column(String(30))
    pin: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(10))
    paid: Mapped[bool]


class Concert(db.Model):
    """A concert and its programme."""

    __tablename__ = "concerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    venue: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]

    pieces: Mapped[list[Piece]] = relationship(
        secondary=programme, back_populates="concerts", order_by="Piece.id", lazy="selectin"
    )


class Piece(db.Model):
    """Something that the choir has in its cupboard."""

    __tablename__ = "pieces"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    composer: Mapped[str] = mapped_column(String(80))

    concerts: Mapped[list[Concert]] = relationship(
        secondary=programme, back_populates="pieces", order_by="Concert.day", lazy="selectin"
    )


class Rehearsal(db.Model):
    """An evening on which one concert is rehearsed."""

    __tablename__ = "rehearsals"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(80))
    concert_id: Mapped[int] = mapped_column(ForeignKey("concerts.id"))

    concert: Mapped[Concert] = relationship(lazy="selectin")
    answers: Mapped[list[Answer]] = relationship(lazy="selectin")


class Answer(db.Model):
    """Whether a member comes to a rehearsal."""

    __tablename__ = "answers"

    rehearsal_id: Mapped[int] = mapped_column(ForeignKey("rehearsals.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    coming: Mapped[bool]

    member: Mapped[Member] = relationship(lazy="selectin")


class Notice(db.Model):
    """Something to be known by all, or by one voice."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
    voice: Mapped[str | None] = mapped_column(String(10))
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"))

    author: Mapped[Member] = relationship(lazy="selectin")
