"""`/today`: one object is the object of the day, for the screen at the entrance and for the web site."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from weavers.errors import unknown
from weavers.extensions import db
from weavers.models import Item
from weavers.shown import brief, full

bp = Blueprint("today", __name__, url_prefix="/today")


def object_of_the_day() -> Item:
    """The object whose turn it is today."""
    items = db.session.scalars(select(Item).order_by(Item.number)).all()
    if not items:
        raise unknown("item", "for today")
    return items[datetime.now(UTC).date().toordinal() % len(items)]


@bp.get("")
def show_screen() -> ResponseReturnValue:
    """What the screen at the entrance shows."""
    return brief(object_of_the_day())


@bp.get("/page")
def show_page() -> ResponseReturnValue:
    """What the web site shows."""
    return full(object_of_the_day())
