"""`/v2`: for the phone app."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from voltlane import payloads, services
from voltlane.serializers import charger_json, session_json, site_json

bp = Blueprint("v2", __name__, url_prefix="/v2")


def _next(page: services.Page) -> str | None:
    """The address of what follows a page, None after the last."""
    following = page.offset + page.limit
    if following >= page.total or request.endpoint is None:
        return None
    arguments = request.args.to_dict() | {"limit": str(page.limit), "offset": str(following)}
    return url_for(request.endpoint, **arguments)


@bp.get("/chargers")
def list_chargers() -> ResponseReturnValue:
    limit, offset = payloads.page_arguments()
    page = services.find_chargers(payloads.state_filter(), limit, offset)
    return {"chargers": [charger_json(charger) for charger in page.rows], "total": page.total, "next": _next(page)}


@bp.get("/chargers/<code>")
def show_charger(code: str) -> ResponseReturnValue:
    return charger_json(services.get_charger(code))


@bp.get("/sites")
def list_sites() -> ResponseReturnValue:
    return {"sites": [site_json(site) for site in services.find_sites()]}


@bp.get("/sites/<code>")
def show_site(code: str) -> ResponseReturnValue:
    return site_json(services.get_site(code))


@bp.get("/sessions")
def list_sessions() -> ResponseReturnValue:
    limit, offset = payloads.page_arguments()
    page = services.find_sessions(payloads.card_argument(), limit, offset)
    return {"sessions": [session_json(session) for session in page.rows], "total": page.total, "next": _next(page)}


@bp.get("/sessions/<int:number>")
def show_session(number: int) -> ResponseReturnValue:
    return session_json(services.get_session(number))


@bp.post("/sessions")
def start_session() -> ResponseReturnValue:
    session = services.start_session(*payloads.start_body())
    return session_json(session), 201, {"Location": url_for("v2.show_session", number=session.id)}


@bp.patch("/sessions/<int:number>")
def stop_session(number: int) -> ResponseReturnValue:
    return session_json(services.stop_session(number, payloads.stop_body()))
