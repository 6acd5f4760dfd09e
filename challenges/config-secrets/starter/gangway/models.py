"""The tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


def now() -> datetime:
    """The time in UTC, as the database stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


class Sailing(db.Model):
    __tablename__ = "sailings"

    id: Mapped[int] = mapped_column(primary_key=True)
    pier: Mapped[str] = mapped_column(String(40))
    leaves: Mapped[str] = mapped_column(String(16))
    price_pence: Mapped[int]
    seats: Mapped[int]


class Clerk(db.Model):
    __tablename__ = "clerks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    badge_digest: Mapped[str] = mapped_column(String(64), unique=True)


class Ticket(db.Model):
    __tablename__ = "tickets"

    number: Mapped[int] = mapped_column(primary_key=True)
    sailing_id: Mapped[int] = mapped_column(ForeignKey("sailings.id"))
    passengers: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    total_pence: Mapped[int]
    paid: Mapped[bool] = mapped_column(default=False)
    sold_at: Mapped[datetime] = mapped_column(default=now)

    def shown(self) -> dict[str, Any]:
        """The ticket as JSON."""
        return {
            "number": self.number,
            "sailing": self.sailing_id,
            "passengers": self.passengers,
            "name": self.name,
            "total_pence": self.total_pence,
            "paid": self.paid,
        }
