"""What the frame around every page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from time import monotonic
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


class Kept:
    """What was looked up for a listener, for a while: most pages ask for the same again."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[int, tuple[float, set[int]]] = {}
        self._lock = Lock()

    def get(self, listener_id: int, find: Callable[[int], set[int]]) -> set[int]:
        """What `find` gives, or has given not long ago."""
        moment = monotonic()
        with self._lock:
            for number in [each for each, (until, _) in self._known.items() if until < moment]:
                del self._known[number]
            if listener_id not in self._known:
                self._known[listener_id] = (moment + self._seconds, find(listener_id))
            return self._known[listener_id][1]


kept = Kept(seconds=60)


def saved_by(listener_id: int) -> set[int]:
    return set(db.session.scalars(select(Saved.episode_id).where(Saved.listener_id == listener_id)))


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
        return kept.get(self.listener.id, saved_by)


def register(app: Flask) -> None:
    """Let the templates of `app` use what the frame shows."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        if "frame" not in g:
            g.frame = Frame()
        return {"frame": g.frame}
