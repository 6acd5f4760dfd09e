"""What the laboratory found."""

from typing import Any

from flask import Blueprint, abort
from sqlalchemy import select
from werkzeug.exceptions import ServiceUnavailable

from vetdesk.envelope import enveloped
from vetdesk.extensions import db
from vetdesk.models import LabResult

bp = Blueprint("lab", __name__, url_prefix="/lab")


@bp.get("/<ref>")
@enveloped
def show_result(ref: str) -> Any:
    """What the machine has sent, as it came."""
    result = db.session.scalar(select(LabResult).where(LabResult.ref == ref))
    if result is None:
        abort(404, f"There is no result {ref}.")
    if not result.ready:
        raise ServiceUnavailable(f"The result {ref} is not ready.", retry_after=result.wait_s)
    return result.content
