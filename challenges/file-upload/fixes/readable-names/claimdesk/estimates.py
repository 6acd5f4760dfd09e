"""`/claims/<number>/estimate`: what the repair shop asks for."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from claimdesk.errors import ApiError
from claimdesk.extensions import db
from claimdesk.lookups import claim_or_404, open_claim
from claimdesk.models import Attachment
from claimdesk.serializers import attachment_detail
from claimdesk.storage import check, forget, full_path, remove_all, send, write_all

bp = Blueprint("estimates", __name__, url_prefix="/claims/<number>/estimate")


@bp.put("")
def put_estimate(number: str) -> ResponseReturnValue:
    """Store the estimate. A claim has one: a later one takes its place."""
    claim = open_claim(number)
    upload = request.files.get("estimate")
    if upload is None:
        raise ApiError(400, "missing_file", "Send a file named 'estimate'.")
    files = write_all([check("estimate", upload)], "estimates")
    (file,) = files
    replaced = None
    if claim.estimate is not None:
        replaced = claim.estimate.path
        db.session.delete(claim.estimate)
    estimate = Attachment(
        claim=claim,
        role="estimate",
        name=file.name,
        path=file.path,
        content_type=file.content_type,
        size=file.size,
    )
    try:
        db.session.add(estimate)
        db.session.commit()
    except Exception:
        remove_all(files)
        raise
    if replaced is not None:
        forget(replaced)
    return {"estimate": attachment_detail(estimate)}


@bp.get("")
def show_estimate(number: str) -> ResponseReturnValue:
    estimate = claim_or_404(number).estimate
    if estimate is None:
        raise ApiError(404, "estimate_not_found", f"Claim {number} has no estimate.")
    return send(full_path(estimate.path), "estimate")
