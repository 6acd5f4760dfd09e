"""`/glossaries`: how clients want words translated."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Glossary
from vellum.serializers import glossary_json

bp = Blueprint("glossaries", __name__, url_prefix="/glossaries")


@bp.get("")
def list_glossaries() -> ResponseReturnValue:
    """List glossaries by name, each with the number of documents that it goes with."""
    query = select(Glossary).order_by(Glossary.name, Glossary.id)
    if g.user.role == "client":
        query = query.where(Glossary.owner_id == g.user.id)
    return {"glossaries": [glossary_json(glossary) for glossary in db.session.scalars(query)]}


@bp.get("/<int:number>")
def show_glossary(number: int) -> ResponseReturnValue:
    """Show a glossary."""
    glossary = db.session.get(Glossary, number)
    if glossary is None:
        raise ApiError(404, "glossary_not_found", f"There is no glossary {number}.")
    return glossary_json(glossary)
