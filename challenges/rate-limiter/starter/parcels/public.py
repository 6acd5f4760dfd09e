"""What anyone may see, without a key."""

from flask import Blueprint, Response, abort, jsonify
from sqlalchemy import select, text

from parcels.extensions import db
from parcels.limits import limited
from parcels.models import Parcel

bp = Blueprint("public", __name__)


@bp.get("/track/<number>")
@limited("public")
def track(number: str) -> Response:
    """Where a parcel is; nothing about who gets it."""
    parcel = db.session.scalar(select(Parcel).where(Parcel.number == number))
    if parcel is None:
        abort(404, f"There is no parcel {number}.")
    last_place = parcel.scans[-1].place if parcel.scans else None
    return jsonify(number=parcel.number, status=parcel.status, last_place=last_place)


@bp.get("/healthz")
def healthz() -> Response:
    """Whether the service reaches its database."""
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")
