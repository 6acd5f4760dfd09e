"""The search behind `/bells` and its export: what is asked for becomes a query."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Select, func, or_, select

from belfry import arguments
from belfry.models import Bell

#: By what a list can be sorted.
SORTS = {
    "number": "number",
    "name": "name",
    "founder": "founder",
    "tower": "tower",
    "diameter": "diameter_mm",
    "weight": "weight_kg",
    "year": "year",
}


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


def sorted_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as `sort` and `direction` ask for. Unknown values come last; bells that are equal come by number."""
    column = SORTS[arguments.choice("sort", SORTS, "number")]
    descending = arguments.choice("direction", ("asc", "desc"), "asc") == "desc"

    def key(row: dict[str, Any]) -> Any:
        value = row[column]
        return value.lower() if isinstance(value, str) else value

    known = [row for row in rows if row[column] is not None]
    unknown = [row for row in rows if row[column] is None]
    return sorted(known, key=key, reverse=descending) + unknown
