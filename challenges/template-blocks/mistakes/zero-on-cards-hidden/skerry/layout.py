"""What the frame around every page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from skerry.extensions import db
from skerry.listeners import current_listener
from skerry.models import Listener, Saved, Show, Slot


def now() -> datetime:
    """The time as the database has it: UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


class Frame:
    """What the frame of one request shows. Each part is looked up when it is first needed, and then kept."""

    @cached_property
    def on_air(self) -> Slot | None:
        """The slot that is on air."""
        moment = now()
        query = select(Slot).where(Slot.starts_at <= moment).options(joinedload(Slot.show))
        slot = db.session.scalar(query.order_by(Slot.starts_at.desc()).limit(1))
        return slot if slot and slot.lasts_until(moment) else None

    @cached_property
    def genres(self) -> Sequence[str]:
        return db.session.scalars(select(Show.genre).distinct().order_by(Show.genre)).all()

    @cached_property
    def listener(self) -> Listener | None:
        """Who is signed in."""
        return current_listener()

    @cached_property
    def saved_ids(self) -> set[int]:
        """The ids of the episodes that the listener has saved."""
        if self.listener is None:
            return set()
        return set(db.session.scalars(select(Saved.episode_id).where(Saved.listener_id == self.listener.id)))


def register(app: Flask) -> None:
    """Let the templates of `app` use what the frame shows."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        if "frame" not in g:
            g.frame = Frame()
        return {"frame": g.frame}
