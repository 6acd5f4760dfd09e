"""Zones of the town, the residents who park there, their vehicles, permits and visits."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kerbside.extensions import db


class Zone(db.Model):
    __tablename__ = "zones"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    free: Mapped[int]  # spaces, as the zone's ticket machine last reported


class Resident(db.Model):
    __tablename__ = "residents"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)  # in small letters
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    reminders: Mapped[bool]  # by e-mail, before a permit ends
    vehicles: Mapped[list["Vehicle"]] = relationship(order_by="Vehicle.id")
    permits: Mapped[list["Permit"]] = relationship(order_by="Permit.id")
    visits: Mapped[list["Visit"]] = relationship(order_by="Visit.id")


class Vehicle(db.Model):
    __tablename__ = "vehicles"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    plate: Mapped[str] = mapped_column(String(10))


class Permit(db.Model):
    __tablename__ = "permits"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zones.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    state: Mapped[str] = mapped_column(String(10), default="valid")  # or "cancelled"
    zone: Mapped[Zone] = relationship()
    vehicle: Mapped[Vehicle] = relationship()


class Visit(db.Model):
    """A visitor's car, which may stand in a zone until then."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    plate: Mapped[str] = mapped_column(String(10))
    until: Mapped[datetime]
