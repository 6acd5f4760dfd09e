"""`/bells`: the register's search, and a page for each bell."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from belfry.errors import ApiError
from belfry.extensions import db
from belfry.models import Bell
from belfry.search import PAGE, PAGE_SIZE, Search

bp = Blueprint("bells", __name__, url_prefix="/bells")


def shown(bell: Bell) -> dict[str, Any]:
    """A bell as the public sees it."""
    line = {name: getattr(bell, name) for name in ("number", "name", "founder", "tower", "diameter_mm", "weight_kg")}
    return line | {"year": bell.cast_year}


def published_or_404(number: int) -> Bell:
    """The bell with this number. Raises ApiError 404 when there is none, or none for the public."""
    bell = db.session.scalar(select(Bell).where(Bell.number == number, Bell.published))
    if bell is None:
        raise ApiError(404, "bell_not_found", f"There is no bell {number}.")
    return bell


@bp.get("")
def list_bells() -> ResponseReturnValue:
    """List the bells that are searched for, page by page."""
    asked = Search.asked(request.args)
    first, size = PAGE.of(request.args) - 1, PAGE_SIZE.of(request.args)
    page = asked.bells(lambda query: query.slice(first * size, (first + 1) * size))
    return {"bells": [shown(bell) for bell in page], "total": len(asked)}


@bp.get("/<int:number>")
def show_bell(number: int) -> ResponseReturnValue:
    """Show one bell."""
    return shown(published_or_404(number))


@bp.get("/<int:number>/sisters")
def list_sisters(number: int) -> ResponseReturnValue:
    """List a bell's sisters: the others of this founder in this tower, the largest first."""
    bell = published_or_404(number)
    kin = db.session.query(Bell).filter_by(founder=bell.founder, tower=bell.tower, published=True).all()
    kin.remove(bell)
    return {"bells": [shown(each) for each in sorted(kin, key=lambda each: (-each.diameter_mm, each.number))]}
