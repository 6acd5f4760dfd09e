"""`/bells`: the register's search, and a page for each bell."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from belfry import search
from belfry.errors import ApiError
from belfry.extensions import db
from belfry.models import Bell

bp = Blueprint("bells", __name__, url_prefix="/bells")


def rows(statement: str, values: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What a statement finds, as it is shown."""
    return [dict(row) for row in db.session.execute(text(statement), values).mappings()]


def up_to(most: int, parameter: str, usual: str) -> int:
    """A number in the query string."""
    value = request.args.get(parameter) or usual
    if re.fullmatch("[1-9][0-9]{0,5}", value) and int(value) <= most:
        return int(value)
    message = f"{parameter} can't be {value}."
    raise ApiError(400, "bad_parameter", message, parameter=parameter, value=value)


def published_or_404(number: int) -> Bell:
    """The bell with this number. Raises ApiError 404 when there is none, or none for the public."""
    bell = db.session.scalar(select(Bell).where(Bell.number == number, Bell.published))
    if bell is None:
        raise ApiError(404, "bell_not_found", f"There is no bell {number}.")
    return bell


@bp.get("")
def list_bells() -> ResponseReturnValue:
    """List the bells that are searched for, page by page."""
    wanted, values = search.conditions(request.args)
    page, size = up_to(100_000, "page", "1"), up_to(100, "page_size", "20")
    found = rows(
        f"SELECT {search.FIELDS} FROM bells WHERE {wanted} ORDER BY {search.order(request.args)}"
        f" LIMIT {size} OFFSET ({page} - 1) * {size}",
        values,
    )
    total = db.session.scalar(text(f"SELECT count(*) FROM bells WHERE {wanted}"), values)
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
