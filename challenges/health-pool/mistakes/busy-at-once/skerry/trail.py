"""Who tried to book, and what came of it."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, request
from sqlalchemy import select

from skerry.database import session
from skerry.models import Entry

blueprint = Blueprint("trail", __name__)


def note(night: int, observer: str, outcome: str) -> None:
    """Add an entry to what the request is about to commit."""
    session().add(Entry(night_id=night, observer=observer, outcome=outcome))


@blueprint.get("/trail")
def show_trail():
    night = request.args.get("night", type=int)
    if night is None:
        abort(400)
    found = session().scalars(select(Entry).where(Entry.night_id == night).order_by(Entry.id))
    return jsonify(trail=[{"observer": entry.observer, "outcome": entry.outcome} for entry in found])
