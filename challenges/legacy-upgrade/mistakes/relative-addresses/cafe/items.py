"""The API for the terminal on the counter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from secrets import compare_digest
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, request
from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager

import money
from cafe.database import session
from cafe.models import Item, Note, Visitor
from cafe.rates import rates

blueprint = Blueprint("items", __name__, url_prefix="/api")

STATES = ("waiting", "mended", "given up")


def shown(item: Item) -> dict[str, Any]:
    names = ("kind", "fault", "state", "brought_on", "estimate")
    return {"id": item.id, "visitor": item.visitor.name} | {name: getattr(item, name) for name in names}


def item_or_404(number: int) -> Item:
    return session().get(Item, number) or abort(404)


def wanted() -> dict[str, Any]:
    """The JSON object that was sent."""
    sent = request.get_json() if request.mimetype == "application/json" else None
    if sent is None:
        abort(make_response(jsonify(error="JSON, please"), 400))
    return sent if isinstance(sent, dict) else abort(400)


@blueprint.before_request
def check_key() -> None:
    given = request.headers.get("X-Kiosk-Key", "")
    if request.method != "GET" and not compare_digest(given.encode(), current_app.config["KIOSK_KEY"].encode()):
        abort(403)


@blueprint.get("/items")
def list_items() -> Response:
    order = case({state: place for place, state in enumerate(STATES[:2])}, value=Item.state, else_=2)
    query = select(Item).join(Item.visitor).options(contains_eager(Item.visitor))
    if state := request.args.get("state"):
        query = query.where(Item.state == state)
    return jsonify(items=[shown(item) for item in session().scalars(query.order_by(order, Visitor.name, Item.id))])


@blueprint.get("/items/<int:number>")
def show_item(number: int) -> Response:
    item = item_or_404(number)
    notes = [{"text": note.text, "written_at": note.written_at} for note in item.notes]
    return jsonify({**shown(item), "notes": notes})


@blueprint.post("/items")
def bring_item() -> tuple[Response, int]:
    sent = wanted()
    visitor = session().scalar(select(Visitor).where(Visitor.email == sent.get("email")))
    rate = rates().get(sent.get("kind"))
    if visitor is None or rate is None or not sent.get("fault"):
        abort(400)
    estimate = money.estimate(rate, sent["hours"]) if sent.get("hours") else None
    item = Item(visitor=visitor, kind=sent["kind"], fault=sent["fault"], brought_on=date.today(), estimate=estimate)
    session().add(item)
    session().commit()
    return jsonify(shown(item)), 201


@blueprint.post("/items/<int:number>/notes")
def write_note(number: int) -> tuple[Response, int]:
    item = item_or_404(number)
    sent = wanted()
    if not sent.get("text"):
        abort(400)
    item.notes.append(Note(text=sent["text"], written_at=datetime.now(UTC).replace(tzinfo=None)))
    if sent.get("state") in STATES:
        item.state = sent["state"]
    session().commit()
    return jsonify({**shown(item), "notes": len(item.notes)}), 201


@blueprint.get("/figures")
def figures() -> Response:
    by_state = select(Item.state, func.count().label("items"), func.sum(Item.estimate).label("estimates"))
    states = session().execute(by_state.group_by(Item.state).order_by(Item.state)).mappings()
    count = func.count().label("items")
    busy = select(Visitor.name, count).join(Visitor.items).group_by(Visitor.id).order_by(count.desc(), Visitor.name)
    visitors = session().execute(busy.having(count >= int(request.args.get("least", 2)))).mappings()
    return jsonify(states=[dict(row) for row in states], visitors=[dict(row) for row in visitors], rates=rates())
