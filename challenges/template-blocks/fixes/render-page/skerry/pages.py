"""Pages that anybody may read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Blueprint, abort, get_template_attribute, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from skerry.extensions import db
from skerry.layout import current_listener, find_saved_ids, now, render_page
from skerry.models import Episode, Show, Slot

bp = Blueprint("pages", __name__)

NEWEST = 6


@bp.get("/")
def home() -> ResponseReturnValue:
    query = select(Episode).options(joinedload(Episode.show)).order_by(Episode.aired_on.desc(), Episode.id.desc())
    return render_page("home.html", episodes=db.session.scalars(query.limit(NEWEST)).all())


@bp.get("/shows")
def list_shows() -> ResponseReturnValue:
    """Shows by title; `?genre=` narrows the list."""
    query = select(Show).order_by(Show.title, Show.id)
    if genre := request.args.get("genre"):
        query = query.where(Show.genre == genre)
    return render_page("shows.html", "shows", shows=db.session.scalars(query).all(), genre=genre)


@bp.get("/shows/<int:show_id>")
def show_show(show_id: int) -> ResponseReturnValue:
    show = db.get_or_404(Show, show_id, options=[selectinload(Show.episodes)])
    minutes, ratings = show.known("minutes"), show.known("rating")
    others = select(Show).where(Show.host == show.host, Show.id != show.id).order_by(Show.title, Show.id)
    return render_page(
        "show.html",
        "shows",
        show=show,
        total=sum(minutes) if minutes else None,
        rating=sum(ratings) / len(ratings) if ratings else None,
        others=db.session.scalars(others).all(),
    )


@bp.get("/shows/<int:show_id>/cards")
def list_cards(show_id: int) -> ResponseReturnValue:
    """The cards of a show's episodes, for apps that put them into pages of their own."""
    show = db.get_or_404(Show, show_id, options=[selectinload(Show.episodes)])
    card, saved_ids = get_template_attribute("macros.html", "card"), find_saved_ids(current_listener())
    return {"cards": [card(episode, episode.id in saved_ids) for episode in show.episodes]}


@bp.get("/episodes/<int:episode_id>")
def show_episode(episode_id: int) -> ResponseReturnValue:
    episode = db.get_or_404(Episode, episode_id, options=[joinedload(Episode.show)])
    return render_page("episode.html", "shows", episode=episode)


@bp.get("/schedule")
def show_schedule() -> ResponseReturnValue:
    """A day's slots; today's without `?day=`."""
    try:
        day = date.fromisoformat(request.args.get("day") or now().date().isoformat())
        neighbours = [day + timedelta(days=-1), day + timedelta(days=1)]
    except (ValueError, OverflowError):
        abort(404)
    midnight = datetime.combine(day, time())
    query = (
        select(Slot)
        .where(Slot.starts_at >= midnight, Slot.starts_at < midnight + timedelta(days=1))
        .options(joinedload(Slot.show))
        .order_by(Slot.starts_at)
    )
    slots = db.session.scalars(query).all()
    return render_page("schedule.html", "schedule", day=day, neighbours=neighbours, slots=slots)


@bp.get("/player")
def show_player() -> ResponseReturnValue:
    """The small window that plays the stream."""
    return render_template("player.html")
