"""`/v1`: for displays and clearing houses. What they were promised is in docs/v1.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for

from voltlane import payloads, serializers, services
from voltlane.translation import new_energy, new_states, old_charger, old_session, old_site, said_as

bp = Blueprint("v1", __name__, url_prefix="/v1")


def every_page(find: Callable[..., services.Page], *asked: Any) -> list[Any]:
    """All rows of a list that services give in pages. Version 1 knows no pages."""
    rows: list[Any] = []
    while True:
        page = find(*asked, limit=100, offset=len(rows))
        rows += page.rows
        if len(rows) >= page.total:
            return rows


@bp.get("/chargers")
@said_as(old_charger)
def list_chargers() -> Any:
    states = new_states(request.args.get("status"))
    return list(map(serializers.charger_json, every_page(services.find_chargers, states)))


@bp.get("/chargers/<code>")
@said_as(old_charger)
def show_charger(code: str) -> Any:
    shown = serializers.charger_json(services.get_charger(code))
    up = url_for(".show_site", code=shown["site"]["code"])
    return shown, {"Link": f'<{up}>; rel="up"'}


@bp.get("/sites")
@said_as(old_site)
def list_sites() -> Any:
    return list(map(serializers.site_json, services.find_sites()))


@bp.get("/sites/<code>")
@said_as(old_site)
def show_site(code: str) -> Any:
    return serializers.site_json(services.get_site(code))


@bp.get("/sessions")
@said_as(old_session)
def list_sessions() -> Any:
    rows = every_page(services.find_sessions, payloads.card_argument("card"))
    rows.reverse()
    return list(map(serializers.session_json, rows))


@bp.get("/sessions/<int:number>")
@said_as(old_session)
def show_session(number: int) -> Any:
    return serializers.session_json(services.get_session(number))


@bp.post("/sessions")
@said_as(old_session)
def start_session() -> Any:
    begun = services.start_session(*payloads.start_body("charger", "card", tolerant=True))
    return serializers.session_json(begun), 201, {"Location": url_for(".show_session", number=begun.id)}


@bp.post("/sessions/<int:number>/stop")
@said_as(old_session)
def stop_session(number: int) -> Any:
    energy = new_energy(payloads.json_object().get("kwh"))
    return serializers.session_json(services.stop_session(number, energy))
