"""`/glossaries`: how clients want words translated."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from vellum.access import glossaries_of, glossary_or_404
from vellum.extensions import db
from vellum.models import Glossary
from vellum.serializers import glossary_json

bp = Blueprint("glossaries", __name__, url_prefix="/glossaries")


@bp.get("")
def list_glossaries() -> ResponseReturnValue:
    """List glossaries by name, each with the number of documents that it goes with."""
    query = select(Glossary).where(glossaries_of(g.user)).order_by(Glossary.name, Glossary.id)
    return {"glossaries": [glossary_json(glossary) for glossary in db.session.scalars(query)]}


@bp.get("/<int:number>")
def show_glossary(number: int) -> ResponseReturnValue:
    """Show a glossary."""
    return glossary_json(glossary_or_404(number))
