"""What shippers use, with an API key."""

from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from parcels.auth import require_key
from parcels.extensions import db
from parcels.limits import limited, quota_of
from parcels.models import Parcel

bp = Blueprint("api", __name__, url_prefix="/api/v1")

STATUSES = ("booked", "in_transit", "delivered")


@bp.get("/parcels/<number>")
@require_key
@limited("lookup")
def show(number: str) -> Response:
    """One of the account's parcels with all its scans."""
    parcel = db.session.scalar(
        select(Parcel)
        .options(selectinload(Parcel.scans))
        .where(Parcel.number == number, Parcel.account_id == g.account.id)
    )
    if parcel is None:
        abort(404, f"You have no parcel {number}.")
    scans = [{"place": scan.place, "at": f"{scan.scanned_at.isoformat()}Z"} for scan in parcel.scans]
    return jsonify(parcel=as_json(parcel) | {"scans": scans})


@bp.get("/parcels")
@require_key
@limited("lookup")
def index() -> Response:
    """The account's parcels in order of number, by status if asked."""
    query = select(Parcel).where(Parcel.account_id == g.account.id).order_by(Parcel.number)
    status = request.args.get("status")
    if status is not None:
        if status not in STATUSES:
            abort(400, f"status must be one of {', '.join(STATUSES)}.")
        query = query.where(Parcel.status == status)
    return jsonify(parcels=[as_json(parcel) for parcel in db.session.scalars(query)])


@bp.post("/parcels")
@require_key
@limited("booking")
def book() -> tuple[Response, int, dict[str, str]]:
    """Book a parcel."""
    body = request.get_json()
    if not isinstance(body, dict):
        abort(422, "The body must be a JSON object.")
    parcel = Parcel(
        account_id=g.account.id,
        recipient=text_of(body, "recipient", most=80),
        postcode=text_of(body, "postcode", most=10),
    )
    db.session.add(parcel)
    db.session.flush()
    parcel.assign_number()
    db.session.commit()
    location = url_for("api.show", number=parcel.number)
    return jsonify(parcel=as_json(parcel)), 201, {"Location": location}


@bp.get("/quota")
@require_key
def quota() -> Response:
    """What the account has used and has left, by group."""
    return jsonify(plan=g.account.plan, lookup=quota_of("lookup"), booking=quota_of("booking"))


def text_of(body: dict[str, Any], field: str, *, most: int) -> str:
    """A required text field of a JSON body; answers 422 when it is missing or not such a text."""
    value = body.get(field)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most:
        abort(422, f"{field} must be a text of 1 to {most} characters.")
    return value.strip()


def as_json(parcel: Parcel) -> dict[str, Any]:
    """What a shipper sees of a parcel."""
    return {
        "number": parcel.number,
        "recipient": parcel.recipient,
        "postcode": parcel.postcode,
        "status": parcel.status,
    }
