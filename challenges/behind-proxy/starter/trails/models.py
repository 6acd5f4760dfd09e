"""Trails, what is reported of them, the mails that go out, and who may not report any more."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trails.extensions import db

KINDS = ("fallen tree", "flooded bridge", "landslip", "missing sign", "wasps")


def now() -> datetime:
    """The time in UTC, as the database stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


class Trail(db.Model):
    __tablename__ = "trails"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class Report(db.Model):
    """What somebody saw. `address` is kept in case of abuse, and shown to the office alone."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    trail_id: Mapped[int] = mapped_column(ForeignKey("trails.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(60), index=True)
    created: Mapped[datetime] = mapped_column(default=now)
    open: Mapped[bool] = mapped_column(default=True)

    trail: Mapped[Trail] = relationship()


class Mail(db.Model):
    """A mail to a reporter. Another program sends what is in this table."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    recipient: Mapped[str] = mapped_column(String(120))
    text: Mapped[str]


class Blocked(db.Model):
    """An address from which no report is taken."""

    __tablename__ = "blocked"

    address: Mapped[str] = mapped_column(String(60), primary_key=True)
