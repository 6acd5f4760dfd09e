"""`/species`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pollard import arguments
from pollard.extensions import db
from pollard.models import Tree

bp = Blueprint("species", __name__)


@bp.get("/species")
def list_species() -> ResponseReturnValue:
    """List the species whose names start with what was typed."""
    query = select(Tree.species).distinct().where(Tree.published).order_by(Tree.species.collate("NOCASE"))
    if typed := request.args.get("starts"):
        query = query.where(Tree.species.istartswith(typed, autoescape=True))
    return {"species": list(db.session.scalars(query.limit(arguments.number("limit", 10, 50))))}
