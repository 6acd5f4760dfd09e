"""`/today`: one object is the object of the day, for the screen at the entrance and for the web site."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from weavers.errors import unknown
from weavers.extensions import db
from weavers.items import reports_on
from weavers.models import Item
from weavers.shown import brief, full

bp = Blueprint("today", __name__, url_prefix="/today")


def _chosen() -> dict[date, Item]:
    """What was chosen today. It is kept, since the choice depends on how many objects there are."""
    return current_app.extensions.setdefault("object_of_the_day", {})


def object_of_the_day() -> Item:
    """The same object until midnight (UTC)."""
    day, chosen = datetime.now(UTC).date(), _chosen()
    if day not in chosen:
        items = db.session.scalars(select(Item).order_by(Item.number)).all()
        if not items:
            raise unknown("item", "for today")
        chosen.clear()
        chosen[day] = items[day.toordinal() % len(items)]
    return chosen[day]


@bp.get("")
def show_screen() -> ResponseReturnValue:
    """What the screen at the entrance shows."""
    return brief(object_of_the_day())


@bp.get("/page")
def show_page() -> ResponseReturnValue:
    """What the web site shows."""
    item = object_of_the_day()
    return full(item, reports_on(item))
