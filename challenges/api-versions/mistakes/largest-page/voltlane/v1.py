"""`/v1`: for displays and clearing houses. What they were promised is in docs/v1.md."""

from __future__ import annotations

from flask import Blueprint, jsonify, url_for
from flask.typing import ResponseReturnValue

from voltlane import services
from voltlane.errors import ApiError
from voltlane.v1_shapes import charger_v1, session_v1, site_v1, start_v1, stop_v1, wanted_card, wanted_states

bp = Blueprint("v1", __name__, url_prefix="/v1")


@bp.errorhandler(ApiError)
def sentence(error: ApiError) -> ResponseReturnValue:
    return {"error": error.message}, error.status


@bp.get("/chargers")
def list_chargers() -> ResponseReturnValue:
    page = services.find_chargers(wanted_states(), limit=100)
    return jsonify([charger_v1(charger) for charger in page.rows])


@bp.get("/chargers/<code>")
def show_charger(code: str) -> ResponseReturnValue:
    charger = services.get_charger(code)
    site = url_for("v1.show_site", code=charger.site.code)
    return charger_v1(charger), {"Link": f'<{site}>; rel="up"'}


@bp.get("/sites")
def list_sites() -> ResponseReturnValue:
    return jsonify([site_v1(site) for site in services.find_sites()])


@bp.get("/sites/<code>")
def show_site(code: str) -> ResponseReturnValue:
    return site_v1(services.get_site(code))


@bp.get("/sessions")
def list_sessions() -> ResponseReturnValue:
    page = services.find_sessions(wanted_card(), limit=100)
    return jsonify([session_v1(session) for session in reversed(page.rows)])


@bp.get("/sessions/<int:number>")
def show_session(number: int) -> ResponseReturnValue:
    return session_v1(services.get_session(number))


@bp.post("/sessions")
def start_session() -> ResponseReturnValue:
    session = services.start_session(*start_v1())
    return session_v1(session), 201, {"Location": url_for("v1.show_session", number=session.id)}


@bp.post("/sessions/<int:number>/stop")
def stop_session(number: int) -> ResponseReturnValue:
    return session_v1(services.stop_session(number, stop_v1()))
