"""The screen at the entrance."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from slateyard.extensions import db
from slateyard.models import Boulder, Note

bp = Blueprint("screen", __name__)

ROWS = 5


@bp.get("/screen")
def show_screen() -> ResponseReturnValue:
    """The newest notes and boulders, newest first."""
    notes = db.session.scalars(select(Note).order_by(Note.written_at.desc(), Note.id.desc()).limit(ROWS)).all()
    boulders = db.session.scalars(select(Boulder).order_by(Boulder.set_on.desc(), Boulder.id.desc()).limit(ROWS)).all()
    return render_template("screen.html", notes=notes, boulders=boulders)
