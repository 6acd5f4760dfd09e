"""Lists over everything: labels for the printer, keywords, and the figures of the annual report."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from weavers.errors import unknown
from weavers.extensions import db
from weavers.models import Case, Exhibition, Item, Keyword, Label, Lender, Photo, Report, item_keywords
from weavers.shown import hanging, on_the_wall

bp = Blueprint("lists", __name__)

COUNTED = {
    "items": Item,
    "lenders": Lender,
    "cases": Case,
    "keywords": Keyword,
    "exhibitions": Exhibition,
    "labels": Label,
    "photos": Photo,
    "reports": Report,
}


@bp.get("/labels")
def print_labels() -> ResponseReturnValue:
    """Every label in the house, by number, for the label printer."""
    labels = db.session.scalars(select(Label).order_by(Label.id))
    return {"labels": [on_the_wall(label) | {"exhibition": label.exhibition.title} for label in hanging(labels)]}


@bp.get("/keywords")
def list_keywords() -> ResponseReturnValue:
    """All keywords, and how many objects have each."""
    query = (
        select(Keyword.word, func.count(item_keywords.c.item_id))
        .select_from(Keyword)
        .outerjoin(item_keywords)
        .group_by(Keyword.id)
        .order_by(Keyword.word)
    )
    return {"keywords": [{"word": word, "items": count} for word, count in db.session.execute(query)]}


@bp.delete("/keywords/<word>")
def remove_keyword(word: str) -> ResponseReturnValue:
    keyword = db.session.scalar(select(Keyword).where(Keyword.word == word))
    if keyword is None:
        raise unknown("keyword", word)
    db.session.delete(keyword)
    db.session.commit()
    return "", 204


@bp.get("/figures")
def figures() -> ResponseReturnValue:
    counts = {}
    for name, model in COUNTED.items():
        query = select(func.count()).select_from(model)
        if hasattr(model, "item_id"):
            query = query.where(model.item_id.in_(select(Item.id)))
        if hasattr(model, "exhibition_id"):
            query = query.where(model.exhibition_id.in_(select(Exhibition.id)))
        counts[name] = db.session.scalar(query)
    return counts
