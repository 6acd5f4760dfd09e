"""`/exhibitions` and `/seasons`: what is shown, and when."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from weavers import payloads
from weavers.errors import unknown
from weavers.extensions import db
from weavers.models import Exhibition, Label
from weavers.shown import exhibition_, on_the_wall

bp = Blueprint("exhibitions", __name__)


def find_exhibition(number: int) -> Exhibition:
    exhibition = db.session.get(Exhibition, number)
    if exhibition is None:
        raise unknown("exhibition", number)
    return exhibition


@bp.get("/exhibitions")
def list_exhibitions() -> ResponseReturnValue:
    query = select(Exhibition).order_by(Exhibition.opens, Exhibition.id)
    return {"exhibitions": [exhibition_(exhibition) for exhibition in db.session.scalars(query)]}


@bp.post("/exhibitions")
def add_exhibition() -> ResponseReturnValue:
    body = payloads.json_object()
    exhibition = Exhibition(
        title=payloads.text(body, "title", 120), opens=payloads.day(body, "opens"), closes=payloads.day(body, "closes")
    )
    db.session.add(exhibition)
    db.session.commit()
    return _with_labels(exhibition), 201


@bp.get("/exhibitions/<int:number>")
def show_exhibition(number: int) -> ResponseReturnValue:
    return _with_labels(find_exhibition(number))


@bp.delete("/exhibitions/<int:number>")
def remove_exhibition(number: int) -> ResponseReturnValue:
    db.session.delete(find_exhibition(number))
    db.session.commit()
    return "", 204


@bp.put("/exhibitions/<int:number>/labels")
def arrange(number: int) -> ResponseReturnValue:
    """Shows these objects in this order. A label that is on the wall already keeps its id, and so its QR code."""
    exhibition = find_exhibition(number)
    places = payloads.places(payloads.json_object())
    present = {label.item_id: label for label in exhibition.labels}
    for position, (item, text) in enumerate(places, start=1):
        label = present.pop(item.id, None)
        if label is None:
            label = Label(exhibition_id=exhibition.id, item_id=item.id)
            db.session.add(label)
        label.position, label.text = position, text
    for label in present.values():
        db.session.delete(label)
    db.session.commit()
    return _with_labels(exhibition)


@bp.delete("/seasons/<int(min=1000, max=9999):year>")
def close_season(year: int) -> ResponseReturnValue:
    """Removes the exhibitions that closed in this year."""
    closed = Exhibition.closes.between(date(year, 1, 1), date(year, 12, 31))
    exhibitions = db.session.scalars(select(Exhibition).where(closed)).all()
    for exhibition in exhibitions:
        db.session.delete(exhibition)  # one by one: a DELETE over all of them knows nothing of their labels
    db.session.commit()
    return {"removed": len(exhibitions)}


def _with_labels(exhibition: Exhibition) -> ResponseReturnValue:
    return exhibition_(exhibition) | {"labels": [on_the_wall(label) for label in exhibition.labels]}
