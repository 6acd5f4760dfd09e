"""What the frame around every page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import render_template, session
from sqlalchemy import select

from skerry.extensions import db
from skerry.models import Listener, Saved, Show, Slot


def now() -> datetime:
    """The time as the database has it: UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


def current_listener() -> Listener | None:
    """Who is signed in."""
    number = session.get("listener_id")
    return None if number is None else db.session.get(Listener, number)


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


def render_page(template: str, section: str = "", **shown: Any) -> str:
    """A page of `section` with the frame around it. What has no frame is rendered by `flask.render_template`."""
    shown["listener"] = current_listener()
    shown["saved_ids"] = find_saved_ids(shown["listener"])
    return render_template(template, section=section, on_air=find_on_air(), genres=find_genres(), **shown)
