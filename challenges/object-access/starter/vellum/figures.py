"""`/figures`: the numbers at the top of everyone's first page."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, select

from vellum.extensions import db
from vellum.models import Document, Note

bp = Blueprint("figures", __name__)


def counted(what: ColumnElement[str]) -> dict[str, int]:
    """How many documents there are of each."""
    rows = db.session.execute(select(what, func.count(Document.id)).group_by(what))
    return {value: count for value, count in rows}


@bp.get("/figures")
def show_figures() -> ResponseReturnValue:
    """Count documents, words and notes."""
    documents, words = db.session.execute(select(func.count(Document.id), func.sum(Document.words))).one()
    return {
        "documents": documents,
        "words": words or 0,
        "states": counted(Document.state),
        "languages": counted(Document.source + "-" + Document.target),
        "notes": db.session.scalar(select(func.count(Note.id))),
    }
