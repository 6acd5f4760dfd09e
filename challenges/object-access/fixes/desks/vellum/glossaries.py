"""`/glossaries`: how clients want words translated."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Glossary
from vellum.serializers import glossary_json

bp = Blueprint("glossaries", __name__, url_prefix="/glossaries")


@bp.get("")
def list_glossaries() -> ResponseReturnValue:
    """List glossaries by name, each with the number of documents that it goes with."""
    found = db.session.scalars(g.desk.glossaries().order_by(Glossary.name, Glossary.id))
    return {"glossaries": [glossary_json(glossary) for glossary in found]}


@bp.get("/<int:number>")
def show_glossary(number: int) -> ResponseReturnValue:
    """Show a glossary."""
    glossary = db.session.scalar(g.desk.glossaries().where(Glossary.id == number))
    if glossary is None:
        raise ApiError(404, "glossary_not_found", f"There is no glossary {number}.")
    return glossary_json(glossary)
