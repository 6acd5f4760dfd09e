"""How models look in JSON."""

from __future__ import annotations

from typing import Any

from flask import url_for

from claimdesk.models import Attachment, Claim


def claim_summary(claim: Claim) -> dict[str, Any]:
    return {"number": claim.number, "holder": claim.holder, "subject": claim.subject, "closed": claim.closed}


def claim_detail(claim: Claim) -> dict[str, Any]:
    """A claim with all that was sent in for it."""
    return claim_summary(claim) | {
        "photos": [attachment_detail(photo) for photo in claim.photos],
        "estimate": attachment_detail(claim.estimate) if claim.estimate else None,
    }


def attachment_detail(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "note": attachment.note,
        "uploaded_at": attachment.uploaded_at.isoformat(),
        "url": attachment_url(attachment),
    }


def attachment_url(attachment: Attachment) -> str:
    """Where the file itself is."""
    number = attachment.claim.number
    if attachment.role == "estimate":
        return url_for("estimates.show_estimate", number=number)
    return url_for("files.show_file", number=number, name=attachment.path.partition("/")[2])
