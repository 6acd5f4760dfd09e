"""Accounts, transfers between them, and what was booked on each account."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from millrace.extensions import db


def utcnow() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Account(db.Model):
    """A member's account. The balance may go down to minus `credit_cents`."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    holder: Mapped[str] = mapped_column(String(120))
    balance_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    credit_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    closed: Mapped[bool] = mapped_column(default=False)


class Transfer(db.Model):
    """An amount that went from one account to another. A refund is a transfer, too."""

    __tablename__ = "transfers"

    id: Mapped[int] = mapped_column(primary_key=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    refund_of_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), index=True)
    refunded: Mapped[bool] = mapped_column(default=False)

    payer: Mapped[Account] = relationship(foreign_keys=payer_id)
    payee: Mapped[Account] = relationship(foreign_keys=payee_id)


class Entry(db.Model):
    """A change of a balance, below zero for what went out. The entries of an account add up to its balance."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), index=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    booked_at: Mapped[datetime] = mapped_column(default=utcnow)

    transfer: Mapped[Transfer | None] = relationship()
