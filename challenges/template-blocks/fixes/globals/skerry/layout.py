"""What the frame around every page shows: functions that templates call where they need them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import TypeVar

from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from skerry.extensions import db
from skerry.listeners import current_listener
from skerry.models import Saved, Show, Slot

T = TypeVar("T")


def now() -> datetime:
    """The time as the database has it: UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


def once_per_request(function: Callable[[], T]) -> Callable[[], T]:
    """What `function` gives, which is called at most once in a request."""

    @wraps(function)
    def once() -> T:
        known = g.setdefault("known", {})
        if function.__name__ not in known:
            known[function.__name__] = function()
        return known[function.__name__]

    return once


@once_per_request
def on_air() -> Slot | None:
    """The slot that is on air."""
    moment = now()
    query = select(Slot).options(joinedload(Slot.show)).where(Slot.starts_at <= moment)
    slot = db.session.scalars(query.order_by(Slot.starts_at.desc()).limit(1)).first()
    return slot if slot and slot.lasts_until(moment) else None


@once_per_request
def genres() -> Sequence[str]:
    return db.session.scalars(select(Show.genre).distinct().order_by(Show.genre)).all()


@once_per_request
def saved_ids() -> set[int]:
    """The ids of the episodes that the listener has saved."""
    listener = current_listener()
    if listener is None:
        return set()
    return set(db.session.scalars(select(Saved.episode_id).where(Saved.listener_id == listener.id)))


def register(app: Flask) -> None:
    """Let the templates of `app`, macros among them, use what the frame shows."""
    app.jinja_env.globals.update(on_air=on_air, genres=genres, listener=current_listener, saved_ids=saved_ids)
