"""Libraries, their copies of books, loans between them, and the tokens of their programs."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interloan.extensions import db


def utc_now() -> datetime:
    """The time as the database has it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


class Library(db.Model):
    __tablename__ = "libraries"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class Token(db.Model):
    """What a program shows to be let in: `<key>.<secret>`."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    secret: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(10))
    library_id: Mapped[int] = mapped_column(ForeignKey("libraries.id"), index=True)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    library: Mapped[Library] = relationship()

    def is_alive(self) -> bool:
        """Whether it was neither revoked nor has expired by now."""
        if self.revoked_at is not None:
            return False
        return self.expires_at is None or utc_now() < self.expires_at


class Copy(db.Model):
    """One book on one shelf."""

    __tablename__ = "copies"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("libraries.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    author: Mapped[str] = mapped_column(String(80))
    shelfmark: Mapped[str] = mapped_column(String(20))

    library: Mapped[Library] = relationship()


class Loan(db.Model):
    """A copy that a library asks another one for. Its state is asked, sent or cancelled."""

    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copies.id"), index=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("libraries.id"), index=True)
    reader: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="asked")

    copy: Mapped[Copy] = relationship()
    borrower: Mapped[Library] = relationship()
