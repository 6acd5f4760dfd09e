"""`/lenders` and `/cases`: where objects come from and where they stand."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from weavers.errors import unknown
from weavers.extensions import db
from weavers.models import Case, Lender
from weavers.shown import brief

bp = Blueprint("places", __name__)


@bp.get("/lenders")
def list_lenders() -> ResponseReturnValue:
    lenders = db.session.scalars(select(Lender).order_by(Lender.name, Lender.id))
    return {"lenders": [{"id": lender.id, "name": lender.name} for lender in lenders]}


@bp.get("/lenders/<int:number>")
def show_lender(number: int) -> ResponseReturnValue:
    lender = _find(Lender, "lender", number)
    return {"id": lender.id, "name": lender.name, "items": [brief(item) for item in lender.items]}


@bp.delete("/lenders/<int:number>")
def remove_lender(number: int) -> ResponseReturnValue:
    db.session.delete(_find(Lender, "lender", number))
    db.session.commit()
    return "", 204


@bp.get("/cases")
def list_cases() -> ResponseReturnValue:
    """All cases and what stands in them."""
    cases = db.session.scalars(select(Case).order_by(Case.code))
    return {
        "cases": [
            {"id": case.id, "code": case.code, "room": case.room, "items": [brief(item) for item in case.items]}
            for case in cases
        ]
    }


@bp.delete("/cases/<int:number>")
def remove_case(number: int) -> ResponseReturnValue:
    """What stood in it is brought to the store."""
    db.session.delete(_find(Case, "case", number))
    db.session.commit()
    return "", 204


def _find(model: type, kind: str, number: int):
    row = db.session.get(model, number)
    if row is None:
        raise unknown(kind, number)
    return row
