"""Claims and the files that belong to them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimdesk.extensions import db


def _now() -> datetime:
    """UTC, without a zone, to the second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Claim(db.Model):
    """What a policy holder wants to be paid for."""

    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    holder: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    closed: Mapped[bool] = mapped_column(default=False)

    attachments: Mapped[list[Attachment]] = relationship(back_populates="claim", order_by="Attachment.id")

    @property
    def photos(self) -> list[Attachment]:
        return [attachment for attachment in self.attachments if attachment.role == "photo"]

    @property
    def estimate(self) -> Attachment | None:
        return next((attachment for attachment in self.attachments if attachment.role == "estimate"), None)


class Attachment(db.Model):
    """A file of a claim. `role` is photo or estimate, `path` is relative to EVIDENCE_DIR."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(1000))
    path: Mapped[str] = mapped_column(String(1000))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(500))
    uploaded_at: Mapped[datetime] = mapped_column(default=_now)

    claim: Mapped[Claim] = relationship(back_populates="attachments")
