"""`/claims/<number>/estimate`: what the repair shop asks for."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from claimdesk.errors import ApiError
from claimdesk.extensions import db
from claimdesk.lookups import claim_or_404, open_claim
from claimdesk.models import Attachment
from claimdesk.serializers import attachment_detail
from claimdesk.storage import answer_with, remove_unused, storing

bp = Blueprint("estimates", __name__, url_prefix="/claims/<number>/estimate")


@bp.put("")
def put_estimate(number: str) -> ResponseReturnValue:
    """Store the estimate. A claim has one: a later one takes its place."""
    claim = open_claim(number)
    upload = request.files.get("estimate")
    if upload is None:
        raise ApiError(400, "missing_file", "Send a file named 'estimate'.")
    earlier = claim.estimate
    with storing() as store:
        stored = store.estimate(upload)
        earlier_path = earlier.path if earlier is not None else None
        if earlier is not None:
            db.session.delete(earlier)
        estimate = Attachment(
            claim_id=claim.id,
            role="estimate",
            name=stored.name,
            path=stored.path,
            content_type=stored.content_type,
            size=stored.size,
        )
        db.session.add(estimate)
        db.session.commit()
    if earlier_path is not None:
        remove_unused(earlier_path)
    return {"estimate": attachment_detail(estimate)}


@bp.get("")
def show_estimate(number: str) -> ResponseReturnValue:
    estimate = claim_or_404(number).estimate
    if estimate is None:
        raise ApiError(404, "estimate_not_found", f"Claim {number} has no estimate.")
    return answer_with(estimate)
