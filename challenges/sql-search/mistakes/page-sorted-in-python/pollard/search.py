"""The search behind `/trees` and its export: what is asked for becomes a query."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Select, func, or_, select

from pollard import arguments
from pollard.models import Tree

#: By what a list can be sorted.
SORTS = {
    "number": "number",
    "name": "name",
    "species": "species",
    "parish": "parish",
    "girth": "girth_cm",
    "height": "height_cm",
    "year": "year",
}


def shown() -> Select[Any]:
    """Published trees as they are shown."""
    return select(
        Tree.number,
        Tree.name,
        Tree.species,
        Tree.parish,
        Tree.girth_cm,
        Tree.height_cm,
        Tree.planted_year.label("year"),
    ).where(Tree.published)


def wanted() -> Select[Any]:
    """The trees that `q`, `species` and `parish` ask for."""
    query = shown()
    if words := request.args.get("q", "").strip():
        columns = (Tree.name, Tree.species, Tree.parish)
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    for column in (Tree.species, Tree.parish):
        if value := request.args.get(column.key):
            query = query.where(func.lower(column) == func.lower(value))
    return query


def sorted_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as `sort` and `direction` ask for. Unknown values come last; trees that are equal come by number."""
    column = SORTS[arguments.choice("sort", SORTS, "number")]
    descending = arguments.choice("direction", ("asc", "desc"), "asc") == "desc"

    def key(row: dict[str, Any]) -> Any:
        value = row[column]
        return value.lower() if isinstance(value, str) else value

    known = [row for row in rows if row[column] is not None]
    unknown = [row for row in rows if row[column] is None]
    return sorted(known, key=key, reverse=descending) + unknown
