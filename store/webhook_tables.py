"""The tables of webhooks: what is to be told, and how far the audit trail was looked through for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import ID, Base, words
from store.webhook_rules import DeliveryState


class DeliveryRow(Base):
    """Something to be told. No content: that is made when it is sent, so nothing of an erased candidate is kept here.

    `deed_id`: of which deed of the trail it tells; None for a test. `token_id`: whom it is about. `due_at`: when it is
    tried next, or, while one tries, when another may; None once it is not tried any more.
    """

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    deed_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    event: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str]
    token_id: Mapped[str | None] = mapped_column(ID, ForeignKey("tokens.id"))
    happened_at: Mapped[datetime]
    created_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState, "state"))
    attempts: Mapped[int]
    due_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    fault: Mapped[str | None]

    __table_args__ = (Index(None, "state", "due_at"), Index(None, "token_id"), Index(None, "created_at", "id"))


class WebhookCursorRow(Base):
    """One row. No deed up to `deed_id` is looked at again."""

    __tablename__ = "webhook_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deed_id: Mapped[int] = mapped_column(BigInteger)
