"""`/lots`: what is for sale today."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bloomhall.extensions import db
from bloomhall.models import Lot

bp = Blueprint("lots", __name__)


@bp.get("/lots")
def listed() -> ResponseReturnValue:
    lots = db.session.scalars(select(Lot).order_by(Lot.id))
    return {"lots": [{"id": lot.id, "name": lot.name, "cents": lot.cents} for lot in lots]}
