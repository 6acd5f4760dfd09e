"""Pages that anybody may read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from skerry.extensions import db
from skerry.layout import now
from skerry.models import Episode, Show, Slot

bp = Blueprint("pages", __name__)

NEWEST = 6


@bp.get("/")
def home() -> ResponseReturnValue:
    query = select(Episode).options(joinedload(Episode.show)).order_by(Episode.aired_on.desc(), Episode.id.desc())
    return render_template("home.html", episodes=db.session.scalars(query.limit(NEWEST)).all())


@bp.get("/shows")
def list_shows() -> ResponseReturnValue:
    """Shows by title; `?genre=` narrows the list."""
    query = select(Show).order_by(Show.title, Show.id)
    if genre := request.args.get("genre"):
        query = query.where(Show.genre == genre)
    return render_template("shows.html", shows=db.session.scalars(query).all(), genre=genre)


@bp.get("/shows/<int:show_id>")
def show_show(show_id: int) -> ResponseReturnValue:
    show = db.get_or_404(Show, show_id, options=[selectinload(Show.episodes)])
    lengths = [episode.minutes for episode in show.episodes if episode.minutes is not None]
    ratings = [episode.rating for episode in show.episodes if episode.rating is not None]
    others = select(Show).where(Show.host == show.host, Show.id != show.id).order_by(Show.title, Show.id)
    return render_template(
        "show.html",
        show=show,
        total=sum(lengths) if lengths else None,
        rating=sum(ratings) / len(ratings) if ratings else None,
        others=db.session.scalars(others).all(),
    )


@bp.get("/shows/<int:show_id>/cards")
def list_cards(show_id: int) -> ResponseReturnValue:
    """The cards of a show's episodes, for apps that put them into pages of their own."""
    show = db.get_or_404(Show, show_id, options=[selectinload(Show.episodes)])
    return {"cards": [render_template("card.html", episode=episode) for episode in show.episodes]}


@bp.get("/episodes/<int:episode_id>")
def show_episode(episode_id: int) -> ResponseReturnValue:
    episode = db.get_or_404(Episode, episode_id, options=[joinedload(Episode.show)])
    return render_template("episode.html", episode=episode)


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
    return render_template(
        "schedule.html", day=day, neighbours=neighbours, slots=db.session.scalars(query).all()
    )


@bp.get("/player")
def show_player() -> ResponseReturnValue:
    """The small window that plays the stream."""
    return render_template("player.html")
