"""Finding claims and what belongs to them."""

from __future__ import annotations

from sqlalchemy import select

from claimdesk.errors import ApiError
from claimdesk.extensions import db
from claimdesk.models import Attachment, Claim


def claim_or_404(number: str) -> Claim:
    """The claim with this number. Raises ApiError 404 when there is none."""
    claim = db.session.scalar(select(Claim).where(Claim.number == number))
    if claim is None:
        raise ApiError(404, "claim_not_found", f"There is no claim {number}.")
    return claim


def open_claim(number: str) -> Claim:
    """A claim that still takes files. Raises ApiError 404 or 409."""
    claim = claim_or_404(number)
    if claim.closed:
        raise ApiError(409, "claim_closed", f"Claim {number} is closed.")
    return claim


def photo_or_404(claim: Claim, photo_id: int) -> Attachment:
    """A photo of this claim. Raises ApiError 404."""
    photo = db.session.get(Attachment, photo_id)
    if photo is None or photo.claim_id != claim.id or photo.role != "photo":
        raise ApiError(404, "photo_not_found", f"Claim {claim.number} has no photo {photo_id}.")
    return photo
