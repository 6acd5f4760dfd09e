"""`/berths`: where ships can lie."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from harbourboard.extensions import db
from harbourboard.formats import wanted
from harbourboard.models import Berth
from harbourboard.writers import BERTH_COLUMNS, berth_shape, to_csv

bp = Blueprint("berths", __name__, url_prefix="/berths")


@bp.get("")
def list_berths() -> ResponseReturnValue:
    """All berths by name."""
    shapes = [berth_shape(berth) for berth in db.session.scalars(select(Berth).order_by(Berth.name))]
    if wanted("json", "csv") == "csv":
        return Response(to_csv(BERTH_COLUMNS, shapes), mimetype="text/csv")
    return jsonify(berths=shapes)
