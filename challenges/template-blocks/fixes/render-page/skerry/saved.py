"""What listeners save for later."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from skerry.extensions import db
from skerry.layout import current_listener, render_page
from skerry.models import Episode, Listener, Saved

bp = Blueprint("saved", __name__)


def episodes_of(listener: Listener) -> Sequence[Episode]:
    """What a listener has saved, by title."""
    query = (
        select(Episode)
        .join(Saved, Saved.episode_id == Episode.id)
        .where(Saved.listener_id == listener.id)
        .options(joinedload(Episode.show))
        .order_by(Episode.title, Episode.id)
    )
    return db.session.scalars(query).all()


@bp.get("/saved")
def list_saved() -> ResponseReturnValue:
    listener = current_listener()
    if listener is None:
        return redirect(url_for("listeners.login"))
    return render_page("saved.html", "saved", episodes=episodes_of(listener))


@bp.get("/saved/print")
def print_saved() -> ResponseReturnValue:
    listener = current_listener()
    if listener is None:
        return redirect(url_for("listeners.login"))
    return render_page("saved_print.html", "saved", episodes=episodes_of(listener))


@bp.post("/episodes/<int:episode_id>/save")
def save(episode_id: int) -> ResponseReturnValue:
    listener = current_listener()
    if listener is None:
        return redirect(url_for("listeners.login"), 303)
    episode = db.get_or_404(Episode, episode_id)
    if db.session.get(Saved, (listener.id, episode.id)) is None:
        db.session.add(Saved(listener_id=listener.id, episode_id=episode.id))
        db.session.commit()
    flash("Saved for later.")
    return redirect(url_for("pages.show_episode", episode_id=episode_id), 303)


@bp.post("/episodes/<int:episode_id>/unsave")
def unsave(episode_id: int) -> ResponseReturnValue:
    listener = current_listener()
    if listener is None:
        return redirect(url_for("listeners.login"), 303)
    saved = db.session.get(Saved, (listener.id, episode_id))
    if saved is not None:
        db.session.delete(saved)
        db.session.commit()
    return redirect(url_for("pages.show_episode", episode_id=episode_id), 303)
