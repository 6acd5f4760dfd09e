"""`/claims/<number>/photos`: photos of the damage."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from claimdesk.errors import ApiError
from claimdesk.extensions import db
from claimdesk.lookups import claim_or_404, open_claim, photo_or_404
from claimdesk.models import Attachment
from claimdesk.serializers import attachment_detail
from claimdesk.storage import PHOTO, check, remove, write

bp = Blueprint("photos", __name__, url_prefix="/claims/<number>/photos")


@bp.post("")
def add_photos(number: str) -> ResponseReturnValue:
    """Store the photos of one request, with the same note for each."""
    claim = open_claim(number)
    uploads = request.files.getlist("photo")
    if not uploads:
        raise ApiError(400, "missing_file", "Send at least one file named 'photo'.")
    note = request.form.get("note", "").strip() or None
    if note is not None and len(note) > 500:
        raise ApiError(400, "invalid_note", "The note must have at most 500 characters.")

    for upload in uploads:
        check(upload, PHOTO)
    photos = []
    try:
        for upload in uploads:
            stored = write(upload, claim.number)
            photo = Attachment(role="photo", note=note, **vars(stored))
            photos.append(photo)
            claim.attachments.append(photo)
        db.session.commit()
    except Exception:
        paths = [photo.path for photo in photos]
        db.session.rollback()
        for path in paths:
            remove(path)
        raise
    return {"photos": [attachment_detail(photo) for photo in photos]}, 201


@bp.delete("/<int:photo_id>")
def withdraw_photo(number: str, photo_id: int) -> ResponseReturnValue:
    photo = photo_or_404(claim_or_404(number), photo_id)
    path = photo.path
    db.session.delete(photo)
    db.session.commit()
    remove(path)
    return "", 204
