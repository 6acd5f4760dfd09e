"""What the frame around every page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from skerry.extensions import db
from skerry.listeners import current_listener
from skerry.models import Listener, Saved, Show, Slot


def now() -> datetime:
    """The time as the database has it: UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


def find_on_air() -> Slot | None:
    """The slot that is on air."""
    moment = now()
    slot = db.session.scalar(select(Slot).where(Slot.starts_at <= moment).order_by(Slot.starts_at.desc()).limit(1))
    return slot if slot and slot.lasts_until(moment) else None


def find_genres() -> Sequence[str]:
    return db.session.scalars(select(Show.genre).distinct().order_by(Show.genre)).all()


def find_saved_ids(listener: Listener | None) -> set[int]:
    """The ids of the episodes that a listener has saved."""
    if listener is None:
        return set()
    return set(db.session.scalars(select(Saved.episode_id).where(Saved.listener_id == listener.id)))


def register(app: Flask) -> None:
    """Let the templates of `app` use what the frame shows."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        listener = current_listener()
        return {
            "on_air": find_on_air(),
            "genres": find_genres(),
            "listener": listener,
            "saved_ids": find_saved_ids(listener),
        }
