"""`/claims/<number>/files/<name>`: the photos themselves."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from claimdesk.errors import ApiError
from claimdesk.extensions import db
from claimdesk.lookups import claim_or_404
from claimdesk.models import Attachment
from claimdesk.storage import answer_with

bp = Blueprint("files", __name__)


@bp.get("/claims/<number>/files/<path:name>")
def show_file(number: str, name: str) -> ResponseReturnValue:
    """A photo that is recorded with this very path."""
    claim = claim_or_404(number)
    query = select(Attachment).where(
        Attachment.claim_id == claim.id,
        Attachment.role == "photo",
        Attachment.path == f"{claim.number}/{name}",
    )
    photo = db.session.scalar(query.limit(1))
    if photo is None:
        raise ApiError(404, "file_not_found", f"Claim {number} has no file {name}.")
    return answer_with(photo)
