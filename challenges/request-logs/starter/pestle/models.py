"""Prescribers, patients, what was prescribed to them, and what they have ordered."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pestle.extensions import db


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Prescriber(db.Model):
    """Whoever may prescribe. Of the token only a digest is kept."""

    __tablename__ = "prescribers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)


class Patient(db.Model):
    """`nhn` is the national health number, ten digits."""

    __tablename__ = "patients"

    id: Mapped[int] = mapped_column(primary_key=True)
    nhn: Mapped[str] = mapped_column(String(10), unique=True)
    email: Mapped[str] = mapped_column(String(120))

    prescriptions: Mapped[list["Prescription"]] = relationship(back_populates="patient", order_by="Prescription.id")


class Prescription(db.Model):
    """A medicine that a patient may order again, `repeats_left` times. `ean` is the number on the pack."""

    __tablename__ = "prescriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    prescriber_id: Mapped[int] = mapped_column(ForeignKey("prescribers.id"))
    medicine: Mapped[str] = mapped_column(String(80))
    ean: Mapped[str] = mapped_column(String(13))
    packs: Mapped[int]
    repeats_left: Mapped[int]
    reminder_due: Mapped[bool] = mapped_column(default=False)

    patient: Mapped[Patient] = relationship(back_populates="prescriptions")


class Link(db.Model):
    """What a link in a mail opens: its patient's reorder page. Of the key only a digest is kept."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))

    patient: Mapped[Patient] = relationship()


class Order(db.Model):
    """`state` is placed, then filled. `reference` is the wholesaler's."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(10), unique=True)
    prescription_id: Mapped[int] = mapped_column(ForeignKey("prescriptions.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="placed")
    reference: Mapped[str | None] = mapped_column(String(40))
    placed_at: Mapped[datetime] = mapped_column(default=_now)

    prescription: Mapped[Prescription] = relationship()
