"""`/cores`: what there is to see."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coreshed.access import open_core
from coreshed.context import this_request
from coreshed.extensions import db
from coreshed.models import Core, Note
from coreshed.units import depth

bp = Blueprint("cores", __name__)


def summary(core: Core, unit: str) -> dict[str, Any]:
    """A core as one of several."""
    return {
        "id": core.id,
        "hole": core.hole,
        "field": core.field,
        "owner": core.company.name,
        "bottom": depth(core.bottom_mm, unit),
    }


@bp.get("/cores")
def list_cores() -> ResponseReturnValue:
    request = this_request()
    query = select(Core).where(Core.id.in_(request.visible)).options(joinedload(Core.company)).order_by(Core.hole)
    return {"cores": [summary(core, request.unit) for core in db.session.scalars(query)]}


@bp.get("/cores/<int:core_id>")
def show_core(core_id: int) -> ResponseReturnValue:
    core = open_core(core_id, "viewed")
    unit = this_request().unit
    intervals = [
        {"top": depth(each.top_mm, unit), "bottom": depth(each.bottom_mm, unit), "rock": each.rock}
        for each in core.intervals
    ]
    return summary(core, unit) | {"intervals": intervals}


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
