"""The search behind `/bells` and its export: what is asked for becomes a query."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from sqlalchemy import Select, func, or_, select, text

from belfry.errors import ApiError
from belfry.models import Bell

#: Names by which a list is sorted, where the column is called something else.
COLUMNS = {"diameter": "diameter_mm", "weight": "weight_kg", "year": "cast_year"}


def shown() -> Select[Any]:
    """Published bells as they are shown."""
    return select(
        Bell.number,
        Bell.name,
        Bell.founder,
        Bell.tower,
        Bell.diameter_mm,
        Bell.weight_kg,
        Bell.cast_year.label("year"),
    ).where(Bell.published)


def wanted() -> Select[Any]:
    """The bells that `q`, `founder` and `tower` ask for."""
    query = shown()
    if words := request.args.get("q", "").strip():
        columns = (Bell.name, Bell.founder, Bell.tower)
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    for column in (Bell.founder, Bell.tower):
        if value := request.args.get(column.key):
            query = query.where(func.lower(column) == func.lower(value))
    return query


def in_order(query: Select[Any]) -> Select[Any]:
    """Sorted as `sort` and `direction` ask for. Unknown values come last; bells that are equal come by number."""
    given = (request.args.get("sort") or "number", request.args.get("direction") or "asc")
    for parameter, value in zip(("sort", "direction"), given, strict=True):
        if not re.fullmatch(r"\w+", value):
            message = f"{parameter} is one word."
            raise ApiError(400, "bad_parameter", message, parameter=parameter, value=value)
    sort, direction = given
    column = COLUMNS.get(sort, sort)
    return query.order_by(text(f"{column} IS NULL, {column} COLLATE NOCASE {direction}, number"))
