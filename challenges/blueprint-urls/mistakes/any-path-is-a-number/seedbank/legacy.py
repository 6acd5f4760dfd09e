"""Addresses of the catalogue that this one replaced in 2011."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from seedbank.extensions import db
from seedbank.models import OldAddress

bp = Blueprint("legacy", __name__, url_prefix="/katalog")


@bp.get("/<path:path>")
def old_address(path: str) -> ResponseReturnValue:
    """Lead to where the accession is now."""
    found = db.session.scalar(select(OldAddress).where(OldAddress.path == path))
    if found is None:
        abort(404, "There is no such page.")
    return redirect(url_for(f"{found.accession.section}.show", number=found.accession.number), 301)
