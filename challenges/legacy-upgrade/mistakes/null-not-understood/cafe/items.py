"""The API for the terminal on the counter."""

import datetime
import hmac

from flask import Blueprint, abort, current_app, jsonify, request
from sqlalchemy import case, func, select, text
from sqlalchemy.orm import joinedload

import money
from cafe.database import Session
from cafe.models import Item, Note, Visitor

blueprint = Blueprint("items", __name__, url_prefix="/api")

STATES = ("waiting", "mended", "given up")


def shown(item):
    return {
        "id": item.id,
        "visitor": item.visitor.name,
        "kind": item.kind,
        "fault": item.fault,
        "state": item.state,
        "brought_on": item.brought_on,
        "estimate": item.estimate,
    }


def item_or_404(number):
    item = Session.get(Item, number)
    if item is None:
        abort(404)
    return item


def body():
    """The JSON that was sent. What can't be read is a 400 by itself."""
    # Today's Flask answers 415 to what is not called JSON, where it gave None.
    if not request.is_json:
        response = jsonify(error="JSON, please")
        response.status_code = 400
        abort(response)
    data = request.get_json()
    if not isinstance(data, dict):
        abort(400)
    return data


@blueprint.before_request
def check_key():
    key = request.headers.get("X-Kiosk-Key", "").encode()
    if request.method != "GET" and not hmac.compare_digest(key, current_app.config["KIOSK_KEY"].encode()):
        abort(403)


@blueprint.route("/items")
def list_items():
    query = Session.query(Item).join(Item.visitor).options(joinedload(Item.visitor))
    state = request.args.get("state")
    if state:
        query = query.filter(Item.state == state)
    first = case((Item.state == "waiting", 0), (Item.state == "mended", 1), else_=2)
    return jsonify(items=[shown(item) for item in query.order_by(first, Visitor.name, Item.id)])


@blueprint.route("/items/<int:number>")
def show_item(number):
    item = item_or_404(number)
    notes = [{"text": note.text, "written_at": note.written_at} for note in item.notes]
    return jsonify(dict(shown(item), notes=notes))


@blueprint.route("/items", methods=["POST"])
def bring_item():
    data = body()
    visitor = Session.query(Visitor).filter_by(email=data.get("email")).first()
    rate = current_app.config["RATES"].get(data.get("kind"))
    if visitor is None or rate is None or not data.get("fault"):
        abort(400)
    item = Item(kind=data["kind"], fault=data["fault"], brought_on=datetime.date.today())
    item.visitor = visitor
    # No longer does a visitor who is in the session bring the thing along.
    Session.add(item)
    if data.get("hours"):
        item.estimate = money.estimate(rate, data["hours"])
    Session.commit()
    return jsonify(shown(item)), 201


@blueprint.route("/items/<int:number>/notes", methods=["POST"])
def write_note(number):
    item = item_or_404(number)
    data = body()
    if not data.get("text"):
        abort(400)
    note = Note(text=data["text"], written_at=datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None))
    note.item = item
    Session.add(note)
    if data.get("state") in STATES:
        item.state = data["state"]
    Session.commit()
    return jsonify(dict(shown(item), notes=len(item.notes))), 201


@blueprint.route("/figures")
def figures():
    counted = select(Item.state, func.count(), func.sum(Item.estimate)).group_by(Item.state).order_by(Item.state)
    rows = Session.execute(counted)
    busy = Session.execute(
        text(
            "SELECT v.name, count(*) AS items FROM items i JOIN visitors v ON v.id = i.visitor_id"
            " GROUP BY v.id HAVING count(*) >= :least ORDER BY items DESC, v.name"
        ),
        {"least": int(request.args.get("least", 2))},
    )
    return jsonify(
        states=[{"state": row[0], "items": row[1], "estimates": row[2]} for row in rows],
        visitors=[dict(row._mapping) for row in busy],
        rates=current_app.config["RATES"],
    )
