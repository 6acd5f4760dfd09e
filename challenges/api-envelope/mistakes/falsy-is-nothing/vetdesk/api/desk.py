"""Which desk a browser stands on."""

from typing import Any

from flask import Blueprint, jsonify, request
from sqlalchemy import select

from vetdesk.extensions import db
from vetdesk.models import Desk
from vetdesk.problems import Invalid
from vetdesk.serializers import desk_json

bp = Blueprint("desk", __name__)


@bp.put("/desk")
def choose_desk() -> Any:
    """Have the browser remember a desk and its room."""
    body = request.get_json()
    code = body.get("desk") if isinstance(body, dict) else None
    desk = db.session.scalar(select(Desk).where(Desk.code == str(code)))
    if desk is None:
        raise Invalid({"desk": "must be the code of a desk"})
    response = jsonify(desk_json(desk))
    response.set_cookie("desk", desk.code, httponly=True, samesite="Lax")
    response.set_cookie("room", desk.room, samesite="Lax")
    return response
