"""`/figures`: the numbers at the top of everyone's first page."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, select

from vellum.access import concerns
from vellum.extensions import db
from vellum.models import Document, Note

bp = Blueprint("figures", __name__)


def counted(what: ColumnElement[str]) -> dict[str, int]:
    """How many documents of each the one who asks sees."""
    rows = db.session.execute(select(what, func.count(Document.id)).where(concerns(g.user)).group_by(what))
    return {value: count for value, count in rows}


@bp.get("/figures")
def show_figures() -> ResponseReturnValue:
    """Count documents, words and notes."""
    query = select(func.count(Document.id), func.sum(Document.words)).where(concerns(g.user))
    documents, words = db.session.execute(query).one()
    notes = select(func.count(Note.id)).join(Note.document).where(concerns(g.user))
    if g.user.role == "client":
        notes = notes.where(Note.internal.is_(False))
    return {
        "documents": documents,
        "words": words or 0,
        "states": counted(Document.state),
        "languages": counted(Document.source + "-" + Document.target),
        "notes": db.session.scalar(notes),
    }
