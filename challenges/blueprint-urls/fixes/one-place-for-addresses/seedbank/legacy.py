"""Addresses of the catalogue that this one replaced in 2011."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from seedbank.addresses import accession_url
from seedbank.extensions import db
from seedbank.models import OldAddress

bp = Blueprint("legacy", __name__)


@bp.before_app_request
def lead_on() -> ResponseReturnValue | None:
    """For what no route knows, look whether the older catalogue knew it."""
    if not isinstance(request.routing_exception, NotFound) or request.method not in ("GET", "HEAD"):
        return None
    found = db.session.scalar(select(OldAddress).where(OldAddress.path == request.path.lstrip("/")))
    return redirect(accession_url(found.accession), 301) if found else None
