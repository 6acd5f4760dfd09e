"""Ticket machines, one in each zone: they have a key, and no session."""

from hmac import compare_digest

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from kerbside.extensions import db
from kerbside.models import Zone

blueprint = Blueprint("machines", __name__, url_prefix="/machines")


@blueprint.post("/<letter>/report")
def report(letter: str) -> ResponseReturnValue:
    """How many spaces are free."""
    key = f"Bearer {current_app.config['MACHINE_KEY']}"
    if not compare_digest(request.headers.get("Authorization", "").encode(), key.encode()):
        abort(401, "That is not a machine's key.")
    zone = db.session.scalar(select(Zone).where(Zone.letter == letter))
    if zone is None:
        abort(404, "There is no such zone.")
    sent = request.get_json()
    free = sent.get("free") if isinstance(sent, dict) else None
    if type(free) is not int or free < 0:
        abort(400, "Send how many spaces are free.")
    zone.free = free
    db.session.commit()
    return "", 204
