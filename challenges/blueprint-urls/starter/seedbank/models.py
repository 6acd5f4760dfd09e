"""Accessions, the boxes that they lie in, and what was taken out of them."""

from __future__ import annotations

import re

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seedbank.extensions import db

#: 1987-0412 since 1970, 54/112 before.
NUMBER = re.compile(r"\d{4}-\d{4}|\d{2}/\d{1,3}")


class Box(db.Model):
    """A box in the store. `code` is the three digits on its lid, `level` a floor: -1 is the first below ground."""

    __tablename__ = "boxes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(3), unique=True)
    level: Mapped[int] = mapped_column(index=True)

    accessions: Mapped[list[Accession]] = relationship(
        back_populates="box", order_by="(Accession.section, Accession.number)"
    )


class Accession(db.Model):
    """Seeds of one taxon from one place."""

    __tablename__ = "accessions"
    __table_args__ = (UniqueConstraint("section", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(9))
    taxon: Mapped[str] = mapped_column(String(120))
    origin: Mapped[str] = mapped_column(String(120))
    grams: Mapped[int]
    box_id: Mapped[int] = mapped_column(ForeignKey("boxes.id"), index=True)

    box: Mapped[Box] = relationship(back_populates="accessions")
    withdrawals: Mapped[list[Withdrawal]] = relationship(back_populates="accession", order_by="Withdrawal.id")


class Withdrawal(db.Model):
    """Seeds that left the bank."""

    __tablename__ = "withdrawals"

    id: Mapped[int] = mapped_column(primary_key=True)
    accession_id: Mapped[int] = mapped_column(ForeignKey("accessions.id"), index=True)
    grams: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(120))

    accession: Mapped[Accession] = relationship(back_populates="withdrawals")


class OldAddress(db.Model):
    """Where an accession was below `/katalog/`, in the catalogue before this one. Papers still cite it."""

    __tablename__ = "old_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(200), unique=True)
    accession_id: Mapped[int] = mapped_column(ForeignKey("accessions.id"))

    accession: Mapped[Accession] = relationship()
