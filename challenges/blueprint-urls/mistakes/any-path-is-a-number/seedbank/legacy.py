"""Addresses of the catalogue that this one replaced in 2011."""

from __future__ import annotations

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from seedbank import errors
from seedbank.extensions import db
from seedbank.models import OldAddress


def _lead_on(error: NotFound) -> ResponseReturnValue:
    """Where nothing is now, something may have been: lead to where the accession is."""
    if request.method in ("GET", "HEAD"):
        found = db.session.scalar(select(OldAddress).where(OldAddress.path == request.path[1:]))
        if found is not None:
            accession = found.accession
            return redirect(url_for(f"{accession.section}.show", number=accession.number), 301)
    return errors.page(error)


def register(app: Flask) -> None:
    """A route for every path would also answer for wrong methods of the app's own addresses."""
    app.register_error_handler(404, _lead_on)
