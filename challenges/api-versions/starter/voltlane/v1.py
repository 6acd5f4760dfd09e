"""`/v1`: for displays and clearing houses. What they were promised is in docs/v1.md."""

from __future__ import annotations

from flask import Blueprint, jsonify, url_for
from flask.typing import ResponseReturnValue

from voltlane import payloads, services
from voltlane.serializers import charger_json, session_json, site_json

bp = Blueprint("v1", __name__, url_prefix="/v1")


@bp.get("/chargers")
def list_chargers() -> ResponseReturnValue:
    page = services.find_chargers(payloads.state_filter())
    response = jsonify([charger_json(charger) for charger in page.rows])
    response.headers["Deprecation"] = "true"
    return response


@bp.get("/chargers/<code>")
def show_charger(code: str) -> ResponseReturnValue:
    charger = services.get_charger(code)
    site = url_for("v1.show_site", code=charger.site.code)
    return charger_json(charger), {"Link": f'<{site}>; rel="up"'}


@bp.get("/sites")
def list_sites() -> ResponseReturnValue:
    return jsonify([site_json(site) for site in services.find_sites()])


@bp.get("/sites/<code>")
def show_site(code: str) -> ResponseReturnValue:
    return site_json(services.get_site(code))


@bp.get("/sessions")
def list_sessions() -> ResponseReturnValue:
    page = services.find_sessions(payloads.card_argument())
    return jsonify([session_json(session) for session in page.rows])


@bp.get("/sessions/<int:number>")
def show_session(number: int) -> ResponseReturnValue:
    return session_json(services.get_session(number))


@bp.post("/sessions")
def start_session() -> ResponseReturnValue:
    session = services.start_session(*payloads.start_body())
    return session_json(session), 201, {"Location": url_for("v2.show_session", number=session.id)}


@bp.post("/sessions/<int:number>/stop")
def stop_session(number: int) -> ResponseReturnValue:
    return session_json(services.stop_session(number, payloads.stop_body()))
