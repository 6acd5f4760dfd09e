"""`/items`: the objects."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from weavers import payloads
from weavers.errors import Refusal, unknown
from weavers.extensions import db
from weavers.models import Item, Report
from weavers.shown import brief, full, report_

bp = Blueprint("items", __name__, url_prefix="/items")


def find_item(number: int) -> Item:
    item = db.session.get(Item, number)
    if item is None:
        raise unknown("item", number)
    return item


@bp.get("")
def list_items() -> ResponseReturnValue:
    return {"items": [brief(item) for item in db.session.scalars(select(Item).order_by(Item.number))]}


@bp.post("")
def add_item() -> ResponseReturnValue:
    body = payloads.json_object()
    number = payloads.text(body, "number", 20)
    payloads.text(body, "title", 120)
    if db.session.scalar(select(Item).where(Item.number == number)):
        raise Refusal(409, "number_taken", f"There is an object {number} already.")
    item = Item(**payloads.item_changes(body))
    db.session.add(item)
    db.session.commit()
    return full(item), 201


@bp.get("/<int:number>")
def show_item(number: int) -> ResponseReturnValue:
    item = find_item(number)
    return full(item)


@bp.patch("/<int:number>")
def change_item(number: int) -> ResponseReturnValue:
    """Changes what is sent. The number that is painted on the object stays."""
    item = find_item(number)
    body = payloads.json_object()
    body.pop("number", None)
    for field, value in payloads.item_changes(body).items():
        setattr(item, field, value)
    db.session.commit()
    return full(item)


@bp.delete("/<int:number>")
def remove_item(number: int) -> ResponseReturnValue:
    """For objects that have left the house for good."""
    db.session.delete(find_item(number))
    db.session.commit()
    return "", 204


@bp.post("/<int:number>/reports")
def add_report(number: int) -> ResponseReturnValue:
    item = find_item(number)
    text = payloads.text(payloads.json_object(), "text", 1000)
    report = Report(item=item, written_on=datetime.now(UTC).date(), text=text)
    db.session.add(report)
    db.session.commit()
    return report_(report), 201
