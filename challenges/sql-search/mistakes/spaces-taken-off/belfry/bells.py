"""`/bells`: the register's search, and a page for each bell."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select

from belfry import arguments, search
from belfry.errors import ApiError
from belfry.extensions import db
from belfry.models import Bell

bp = Blueprint("bells", __name__, url_prefix="/bells")


def rows(query: Select[Any]) -> list[dict[str, Any]]:
    """What a query finds, as it is shown."""
    return [dict(row) for row in db.session.execute(query).mappings()]


def published_or_404(number: int) -> Bell:
    """The bell with this number. Raises ApiError 404 when there is none, or none for the public."""
    bell = db.session.scalar(select(Bell).where(Bell.number == number, Bell.published))
    if bell is None:
        raise ApiError(404, "bell_not_found", f"There is no bell {number}.")
    return bell


@bp.get("")
def list_bells() -> ResponseReturnValue:
    """List the bells that are searched for, page by page."""
    page, size = arguments.number("page", 1, 100_000), arguments.number("page_size", 20, 100)
    wanted = search.wanted()
    found = rows(search.in_order(wanted).limit(size).offset((page - 1) * size))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery()))
    return {"bells": found, "total": total}


@bp.get("/<int:number>")
def show_bell(number: int) -> ResponseReturnValue:
    """Show one bell."""
    bell = published_or_404(number)
    return {
        "number": bell.number,
        "name": bell.name,
        "founder": bell.founder,
        "tower": bell.tower,
        "diameter_mm": bell.diameter_mm,
        "weight_kg": bell.weight_kg,
        "year": bell.cast_year,
    }


@bp.get("/<int:number>/sisters")
def list_sisters(number: int) -> ResponseReturnValue:
    """List a bell's sisters: the others of this founder in this tower, the largest first."""
    bell = published_or_404(number)
    sisters = search.shown().where(Bell.founder == bell.founder, Bell.tower == bell.tower, Bell.number != bell.number)
    return {"bells": rows(sisters.order_by(Bell.diameter_mm.desc(), Bell.number))}
