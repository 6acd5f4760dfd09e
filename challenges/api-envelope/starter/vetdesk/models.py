"""Vets, animals, appointments, desks, and what the laboratory sends."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vetdesk.extensions import db


class Vet(db.Model):
    __tablename__ = "vets"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class Animal(db.Model):
    """`version` goes up with every change."""

    __tablename__ = "animals"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    species: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(80))
    chip: Mapped[str | None] = mapped_column(String(15), unique=True)
    version: Mapped[int] = mapped_column(default=1)


class Appointment(db.Model):
    """Half an hour of a vet's time."""

    __tablename__ = "appointments"

    id: Mapped[int] = mapped_column(primary_key=True)
    animal_id: Mapped[int] = mapped_column(ForeignKey("animals.id"))
    vet_id: Mapped[int] = mapped_column(ForeignKey("vets.id"))
    starts_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(120))

    animal: Mapped[Animal] = relationship()
    vet: Mapped[Vet] = relationship()


class Desk(db.Model):
    """A place where people are received."""

    __tablename__ = "desks"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    room: Mapped[str] = mapped_column(String(40))


class LabResult(db.Model):
    """`content` is what the machine has sent, any JSON. Until it has, it says how long it may take."""

    __tablename__ = "lab_results"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True)
    ready: Mapped[bool] = mapped_column(default=False)
    wait_s: Mapped[int] = mapped_column(default=60)
    content: Mapped[Any] = mapped_column(JSON)
