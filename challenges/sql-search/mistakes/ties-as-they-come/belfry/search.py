"""The search behind `/bells` and its export: what is asked for becomes a query."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Select, func, or_, select

from belfry import arguments
from belfry.models import Bell

#: By what a list can be sorted.
SORTS = {
    "number": Bell.number,
    "name": func.lower(Bell.name),
    "founder": func.lower(Bell.founder),
    "tower": func.lower(Bell.tower),
    "diameter": Bell.diameter_mm,
    "weight": Bell.weight_kg,
    "year": Bell.cast_year,
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


def in_order(query: Select[Any]) -> Select[Any]:
    """Sorted as `sort` and `direction` ask for. Unknown values come last; bells that are equal come by number."""
    column = SORTS[arguments.choice("sort", SORTS, "number")]
    descending = arguments.choice("direction", ("asc", "desc"), "asc") == "desc"
    return query.order_by((column.desc() if descending else column.asc()).nulls_last())
