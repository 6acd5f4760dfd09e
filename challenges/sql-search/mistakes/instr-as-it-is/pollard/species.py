"""`/species`: what the search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pollard.extensions import db
from pollard.models import Tree
from pollard.search import LIMIT, place_in

bp = Blueprint("species", __name__)


@bp.get("/species")
def list_species() -> ResponseReturnValue:
    """List the species whose names start with what was typed."""
    most = LIMIT.of(request.args)
    names = db.session.query(Tree.species).filter(
        Tree.published, place_in(Tree.species, request.args.get("starts", "")) == 1
    )
    return {"species": sorted({name for (name,) in names}, key=str.lower)[:most]}
