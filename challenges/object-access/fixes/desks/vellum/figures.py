"""`/figures`: the numbers at the top of everyone's first page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func

from vellum.extensions import db
from vellum.models import Document, Note

bp = Blueprint("figures", __name__)


def of_each(what: ColumnElement[str], *counts: ColumnElement[Any]) -> list[Any]:
    """What there is of the documents on the desk, and these counts of each."""
    return list(db.session.execute(g.desk.documents().with_only_columns(what, *counts).group_by(what)))


@bp.get("/figures")
def show_figures() -> ResponseReturnValue:
    """Count documents, words and notes."""
    pair = Document.source + "-" + Document.target
    states = of_each(Document.state, func.count(), func.sum(Document.words))
    return {
        "documents": sum(count for _, count, _ in states),
        "words": sum(words for _, _, words in states),
        "states": {state: count for state, count, _ in states},
        "languages": {languages: count for languages, count in of_each(pair, func.count())},
        "notes": db.session.scalar(g.desk.notes().with_only_columns(func.count(Note.id))),
    }
