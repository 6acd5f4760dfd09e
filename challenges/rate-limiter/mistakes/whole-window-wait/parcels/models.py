"""Accounts and their keys, parcels and their scans."""

import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parcels.extensions import db

CHECK_WEIGHTS = (3, 7, 3, 7, 3, 7, 3, 7, 3)


def key_digest(key: str) -> str:
    """What is stored of an API key."""
    return hashlib.sha256(key.encode()).hexdigest()


class Account(db.Model):
    """A customer who ships parcels."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    plan: Mapped[str] = mapped_column(String(20))
    keys: Mapped[list["ApiKey"]] = relationship(back_populates="account", order_by="ApiKey.id")


class ApiKey(db.Model):
    """One of an account's API keys; a revoked key opens nothing."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    revoked: Mapped[bool] = mapped_column(default=False)
    account: Mapped[Account] = relationship(back_populates="keys")


class Parcel(db.Model):
    """A parcel on its way."""

    __tablename__ = "parcels"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(12), unique=True)
    recipient: Mapped[str] = mapped_column(String(80))
    postcode: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20), default="booked")
    scans: Mapped[list["Scan"]] = relationship(back_populates="parcel", order_by="Scan.id")

    def assign_number(self) -> None:
        """Give the parcel its tracking number: its id and a check digit. Needs a flushed row."""
        digits = f"{self.id:09d}"
        check = sum(int(digit) * weight for digit, weight in zip(digits, CHECK_WEIGHTS, strict=True)) % 10
        self.number = f"PX{digits}{check}"


class Scan(db.Model):
    """A place that a parcel passed."""

    __tablename__ = "scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    place: Mapped[str] = mapped_column(String(80))
    scanned_at: Mapped[datetime]
    parcel: Mapped[Parcel] = relationship(back_populates="scans")


class RateHit(db.Model):
    """A request that was let through and still counts against its client's limit."""

    __tablename__ = "rate_hits"
    __table_args__ = (Index("ix_rate_hits_client", "client", "grp", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client: Mapped[str] = mapped_column(String(60))
    grp: Mapped[str] = mapped_column(String(20))
    at: Mapped[float] = mapped_column(index=True)
