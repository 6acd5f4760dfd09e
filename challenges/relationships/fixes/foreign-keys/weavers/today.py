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


class Turn:
    """Whose turn it is: the inventory number of an object."""

    def __init__(self) -> None:
        self.day: date | None = None
        self.number = ""

    def begin(self, day: date) -> None:
        numbers = db.session.scalars(select(Item.number).order_by(Item.number)).all()
        if not numbers:
            raise unknown("item", "for today")
        self.day, self.number = day, numbers[day.toordinal() % len(numbers)]


def object_of_the_day() -> Item:
    """The same object until midnight (UTC)."""
    turn: Turn = current_app.extensions.setdefault("object_of_the_day", Turn())
    now = datetime.now(UTC).date()
    while turn.day != now or (item := db.session.scalar(select(Item).where(Item.number == turn.number))) is None:
        turn.begin(now)
    return item


@bp.get("")
def show_screen() -> ResponseReturnValue:
    """What the screen at the entrance shows."""
    return brief(object_of_the_day())


@bp.get("/page")
def show_page() -> ResponseReturnValue:
    """What the web site shows."""
    item = object_of_the_day()
    return full(item, reports_on(item))
