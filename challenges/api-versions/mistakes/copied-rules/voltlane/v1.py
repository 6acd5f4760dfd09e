"""`/v1`: for displays and clearing houses, as docs/v1.md has it. On its own, so that nothing else can break it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from voltlane.extensions import db
from voltlane.models import Charger, Session, Site

bp = Blueprint("v1", __name__, url_prefix="/v1")

KNOWN = {
    "available": "free",
    "occupied": "busy",
    "reserved": "busy",
    "faulted": "broken",
    "maintenance": "broken",
}


def refuse(status: int, sentence: str) -> ResponseReturnValue:
    return jsonify(error=sentence), status


def address(site: Site) -> str:
    return f"{site.street}, {site.postcode} {site.city}"


def shown_charger(row: Charger) -> dict[str, Any]:
    power = round(row.power_w / 1000, 1)
    return {"id": row.code, "site": address(row.site), "status": KNOWN[row.state], "power": power}


def shown_site(row: Site) -> dict[str, Any]:
    free = 0
    for charger in row.chargers:
        if KNOWN[charger.state] == "free":
            free += 1
    return {"id": row.code, "name": row.name, "address": address(row), "chargers": len(row.chargers), "free": free}


def shown_session(row: Session) -> dict[str, Any]:
    ended = ""
    if row.ended_at is not None:
        ended = str(row.ended_at)
    return {
        "id": row.id,
        "charger": row.charger.code,
        "card": row.card,
        "start": str(row.started_at),
        "end": ended,
        "kwh": round(row.energy_wh / 1000, 2),
        "price": f"{row.cost_cents / 100:.2f}",
    }


def sent(*names: str) -> list[Any] | None:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return None
    return [body.get(name) for name in names]


@bp.get("/chargers")
def list_chargers() -> ResponseReturnValue:
    rows = db.session.scalars(select(Charger).order_by(Charger.code)).all()
    wanted = request.args.get("status")
    if wanted is not None:
        rows = [row for row in rows if KNOWN[row.state] == wanted]
    return jsonify([shown_charger(row) for row in rows])


@bp.get("/chargers/<code>")
def show_charger(code: str) -> ResponseReturnValue:
    row = db.session.scalar(select(Charger).filter_by(code=code))
    if row is None:
        return refuse(404, f"There is no charger {code}.")
    return shown_charger(row), {"Link": f'<{url_for("v1.show_site", code=row.site.code)}>; rel="up"'}


@bp.get("/sites")
def list_sites() -> ResponseReturnValue:
    return jsonify([shown_site(row) for row in db.session.scalars(select(Site).order_by(Site.name))])


@bp.get("/sites/<code>")
def show_site(code: str) -> ResponseReturnValue:
    row = db.session.scalar(select(Site).filter_by(code=code))
    if row is None:
        return refuse(404, f"There is no site {code}.")
    return shown_site(row)


@bp.get("/sessions")
def list_sessions() -> ResponseReturnValue:
    card = request.args.get("card")
    if not card:
        return refuse(400, "Say which card.")
    rows = db.session.scalars(select(Session).filter_by(card=card).order_by(Session.started_at))
    return jsonify([shown_session(row) for row in rows])


@bp.get("/sessions/<int:number>")
def show_session(number: int) -> ResponseReturnValue:
    row = db.session.get(Session, number)
    if row is None:
        return refuse(404, f"There is no session {number}.")
    return shown_session(row)


@bp.post("/sessions")
def start_session() -> ResponseReturnValue:
    fields = sent("charger", "card")
    if fields is None:
        return refuse(400, "Send a JSON object.")
    code, card = fields
    if not isinstance(code, str) or not isinstance(card, str) or not code or not 1 <= len(card) <= 40:
        return refuse(400, "A charger and a card are needed.")
    charger = db.session.scalar(select(Charger).filter_by(code=code))
    if charger is None:
        return refuse(404, f"There is no charger {code}.")
    if KNOWN[charger.state] != "free":
        return refuse(409, f"Charger {code} is {KNOWN[charger.state]}.")
    row = Session(charger=charger, card=card, started_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0))
    charger.state = "occupied"
    db.session.add(row)
    db.session.commit()
    return shown_session(row), 201, {"Location": url_for("v1.show_session", number=row.id)}


@bp.post("/sessions/<int:number>/stop")
def stop_session(number: int) -> ResponseReturnValue:
    fields = sent("kwh")
    if fields is None:
        return refuse(400, "Send a JSON object.")
    (kwh,) = fields
    if isinstance(kwh, bool) or not isinstance(kwh, int | float) or not 0 <= kwh <= 500:
        return refuse(400, "kwh must be a number from 0 to 500.")
    row = db.session.get(Session, number)
    if row is None:
        return refuse(404, f"There is no session {number}.")
    if row.ended_at is not None:
        return refuse(409, f"Session {number} has ended.")
    row.ended_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    row.energy_wh = round(kwh * 1000)
    row.cost_cents = round(kwh * row.charger.site.price_per_kwh)
    db.session.commit()
    return shown_session(row)
