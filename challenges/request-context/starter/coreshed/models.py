"""Companies and their people, cores and what they consist of, and the notes on who did what."""

from __future__ import annotations

import hashlib

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coreshed.extensions import db


def token_digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Company(db.Model):
    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Person(db.Model):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)

    company: Mapped[Company] = relationship()


class Core(db.Model):
    """The core of one hole. All depths are in millimetres below ground."""

    __tablename__ = "cores"

    id: Mapped[int] = mapped_column(primary_key=True)
    hole: Mapped[str] = mapped_column(String(20), unique=True)
    field: Mapped[str] = mapped_column(String(80))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    bottom_mm: Mapped[int]

    company: Mapped[Company] = relationship()
    intervals: Mapped[list[Interval]] = relationship(order_by="Interval.top_mm")


class Share(db.Model):
    """Lets another company than the owner see a core."""

    __tablename__ = "shares"

    core_id: Mapped[int] = mapped_column(ForeignKey("cores.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)


class Interval(db.Model):
    """Rock of one kind."""

    __tablename__ = "intervals"

    id: Mapped[int] = mapped_column(primary_key=True)
    core_id: Mapped[int] = mapped_column(ForeignKey("cores.id"), index=True)
    top_mm: Mapped[int]
    bottom_mm: Mapped[int]
    rock: Mapped[str] = mapped_column(String(40))


class Note(db.Model):
    """Who did what with a core, by which request."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    core_id: Mapped[int] = mapped_column(ForeignKey("cores.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[str] = mapped_column(String(64))

    person: Mapped[Person] = relationship()
