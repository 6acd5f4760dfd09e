"""`/today`: one object is the object of the day, for the screen at the entrance and for the web site."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from weavers.errors import unknown
from weavers.extensions import db
from weavers.models import Item
from weavers.shown import brief, full

bp = Blueprint("today", __name__, url_prefix="/today")


def _chosen() -> dict[date, int]:
    """The id of what was chosen today. The object itself belongs to the session of one request, and is looked up anew
    in each.
    """
    return current_app.extensions.setdefault("object_of_the_day", {})


def object_of_the_day() -> Item:
    """The same object until midnight (UTC), or until it is removed."""
    day, chosen = datetime.now(UTC).date(), _chosen()
    item = db.session.get(Item, chosen[day]) if day in chosen else None
    if item is None:
        items = db.session.scalars(select(Item).order_by(Item.number)).all()
        if not items:
            raise unknown("item", "for today")
        item = items[day.toordinal() % len(items)]
        chosen.clear()
        chosen[day] = item.id
    return item


@bp.get("")
def show_screen() -> ResponseReturnValue:
    """What the screen at the entrance shows."""
    return brief(object_of_the_day())


@bp.get("/page")
def show_page() -> ResponseReturnValue:
    """What the web site shows."""
    return full(object_of_the_day())
