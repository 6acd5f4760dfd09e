"""`/bells`: the register's search, and a page for each bell."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from belfry import search
from belfry.errors import ApiError
from belfry.extensions import db
from belfry.models import Bell

bp = Blueprint("bells", __name__, url_prefix="/bells")


def rows(statement: str) -> list[dict[str, Any]]:
    """What a statement finds, as it is shown."""
    return [dict(row) for row in db.session.execute(text(statement)).mappings()]


def published_or_404(number: int) -> Bell:
    """The bell with this number. Raises ApiError 404 when there is none, or none for the public."""
    bell = db.session.scalar(select(Bell).where(Bell.number == number, Bell.published))
    if bell is None:
        raise ApiError(404, "bell_not_found", f"There is no bell {number}.")
    return bell


@bp.get("")
def list_bells() -> ResponseReturnValue:
    """List the bells that are searched for, page by page."""
    wanted = search.conditions(request.args)
    page = request.args.get("page") or "1"
    size = request.args.get("page_size") or "20"
    found = rows(
        f"SELECT {search.FIELDS} FROM bells WHERE {wanted} ORDER BY {search.order(request.args)}"
        f" LIMIT {size} OFFSET ({page} - 1) * {size}"
    )
    total = db.session.scalar(text(f"SELECT count(*) FROM bells WHERE {wanted}"))
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
    found = rows(
        f"SELECT {search.FIELDS} FROM bells"
        f" WHERE published = 1 AND founder = '{bell.founder}' AND tower = '{bell.tower}' AND number <> {number}"
        " ORDER BY diameter_mm DESC, number"
    )
    return {"bells": found}
