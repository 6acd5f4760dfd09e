"""`/berths`: where ships can lie."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from harbourboard.extensions import db
from harbourboard.models import Berth
from harbourboard.representations import Representations
from harbourboard.writers import BERTH_COLUMNS, berth_shape, to_csv

bp = Blueprint("berths", __name__, url_prefix="/berths")


@bp.get("")
def list_berths() -> ResponseReturnValue:
    """All berths by name."""
    shapes = [berth_shape(berth) for berth in db.session.scalars(select(Berth).order_by(Berth.name))]
    listed = Representations(
        json=lambda: current_app.json.dumps({"berths": shapes}),
        csv=lambda: to_csv(BERTH_COLUMNS, shapes),
    )
    return listed.response()
