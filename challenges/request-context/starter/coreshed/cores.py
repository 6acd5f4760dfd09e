"""`/cores`: what there is to see."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coreshed.access import open_core, visible
from coreshed.extensions import db
from coreshed.models import Core, Note
from coreshed.units import depth

bp = Blueprint("cores", __name__)


def summary(core: Core) -> dict[str, Any]:
    """A core as one of several."""
    return {
        "id": core.id,
        "hole": core.hole,
        "field": core.field,
        "owner": core.company.name,
        "bottom": depth(core.bottom_mm),
    }


@bp.get("/cores")
def list_cores() -> ResponseReturnValue:
    query = select(Core).where(Core.id.in_(visible())).options(joinedload(Core.company)).order_by(Core.hole)
    return {"cores": [summary(core) for core in db.session.scalars(query)]}


@bp.get("/cores/<int:core_id>")
def show_core(core_id: int) -> ResponseReturnValue:
    core = open_core(core_id, "viewed")
    intervals = [
        {"top": depth(each.top_mm), "bottom": depth(each.bottom_mm), "rock": each.rock} for each in core.intervals
    ]
    return summary(core) | {"intervals": intervals}


@bp.get("/cores/<int:core_id>/notes")
def list_notes(core_id: int) -> ResponseReturnValue:
    """Who did what with a core, oldest first. Reading the notes is noted, too, but not yet shown here."""
    core = open_core(core_id, "read notes")
    query = select(Note).where(Note.core_id == core.id).options(joinedload(Note.person)).order_by(Note.id)
    return {
        "notes": [
            {"who": note.person.name, "action": note.action, "request": note.request_id}
            for note in db.session.scalars(query)
        ]
    }
