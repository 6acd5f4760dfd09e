"""What the app on phones reads."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from slateyard.extensions import db
from slateyard.models import Boulder

bp = Blueprint("api", __name__, url_prefix="/api")


@bp.get("/boulders/<int:boulder_id>")
def show_boulder(boulder_id: int) -> ResponseReturnValue:
    boulder = db.get_or_404(Boulder, boulder_id)
    return {
        "id": boulder.id,
        "name": boulder.name,
        "grade": boulder.grade,
        "wall": boulder.wall,
        "setter": boulder.setter.name,
        "notes": [{"id": note.id, "climber": note.climber.name, "text": note.text} for note in boulder.notes],
    }
