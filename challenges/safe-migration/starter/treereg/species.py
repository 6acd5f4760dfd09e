"""Which species there are."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from treereg.extensions import db
from treereg.models import Species, Tree

blueprint = Blueprint("species", __name__)


@blueprint.get("/species")
def all_species() -> ResponseReturnValue:
    counted = select(Species.name, func.count(Tree.id)).outerjoin(Tree).group_by(Species.id).order_by(Species.name)
    return jsonify(species=[{"name": name, "trees": trees} for name, trees in db.session.execute(counted)])
