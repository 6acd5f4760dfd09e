"""Keeps pages for a minute, around all views: looked for before a request is worked on, kept when it has been.

The table `marks` counts, by subject, how often something was written. It is written with what it speaks of, and
read before a page is made; a page under yesterday's marks is not found.
"""

import time
from collections import OrderedDict
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from sqlalchemy import String, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Mapped, mapped_column

from descant import visitors
from descant.extensions import db
from descant.pages import wants_json

#: Which subjects the pages of an endpoint speak of. What is not here is not kept.
SPEAKS_OF = {
    "concerts.listed": {"concerts"},
    "concerts.detail": {"concerts"},
    "concerts.repertoire": {"concerts"},
    "rehearsals.listed": {"answers", "concerts", "members"},
    "rehearsals.detail": {"answers", "concerts", "members"},
    "members.me": {"answers", "concerts", "members"},
    "members.listed": {"members"},
    "members.dues": {"members"},
    "notices.listed": {"notices", "members"},
}
LIFE_S = 60
ROOM = 2_000
Shelf = OrderedDict[str, tuple[float, bytes, str]]


class Mark(db.Model):
    """How often something of a subject was written."""

    __tablename__ = "marks"

    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    times: Mapped[int]


def touch(subject: str) -> None:
    """Mark a subject as written, in the transaction that writes it."""
    first = insert(Mark).values(subject=subject, times=1)
    db.session.execute(first.on_conflict_do_update(index_elements=["subject"], set_={"times": Mark.times + 1}))


def init_app(app: Flask) -> None:
    """To be called when everything else that comes before a request is there."""
    app.extensions["pages"] = Shelf()
    app.before_request(_find)
    app.after_request(_keep)
    app.after_request(visitors.finish)


def _find() -> Response | None:
    g.place = None
    subjects = SPEAKS_OF.get(request.endpoint or "")
    if subjects is None or request.method == "POST" or session.get("_flashes"):
        return None
    rows = db.session.execute(select(Mark.subject, Mark.times).order_by(Mark.subject))
    marks = [(subject, times) for subject, times in rows if subject in subjects]
    member = g.member and [g.member.id, g.member.role, g.member.voice, g.member.name]
    g.place = repr([member, request.full_path, wants_json(), marks])
    shelf: Shelf = current_app.extensions["pages"]
    since, body, kind = shelf.get(g.place, (0.0, b"", ""))
    if not kind or time.monotonic() >= since + LIFE_S:
        return None
    g.place = None
    return current_app.response_class(body, content_type=kind)


def _keep(answer: Response) -> Response:
    place: Any = g.get("place")
    if place and answer.status_code == 200:
        shelf: Shelf = current_app.extensions["pages"]
        shelf[place] = time.monotonic(), answer.get_data(), answer.content_type or ""
        shelf.move_to_end(place)
        if len(shelf) > ROOM:
            shelf.popitem(last=False)
    return answer
