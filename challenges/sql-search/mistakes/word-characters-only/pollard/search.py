"""The search behind `/trees` and its export: what is asked for becomes a query."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from sqlalchemy import Select, func, or_, select, text

from pollard.errors import ApiError
from pollard.models import Tree

#: Names by which a list is sorted, where the column is called something else.
COLUMNS = {"girth": "girth_cm", "height": "height_cm", "year": "planted_year"}


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


def in_order(query: Select[Any]) -> Select[Any]:
    """Sorted as `sort` and `direction` ask for. Unknown values come last; trees that are equal come by number."""
    given = (request.args.get("sort") or "number", request.args.get("direction") or "asc")
    for parameter, value in zip(("sort", "direction"), given, strict=True):
        if not re.fullmatch(r"\w+", value):
            message = f"{parameter} is one word."
            raise ApiError(400, "bad_parameter", message, parameter=parameter, value=value)
    sort, direction = given
    column = COLUMNS.get(sort, sort)
    return query.order_by(text(f"{column} IS NULL, {column} COLLATE NOCASE {direction}, number"))
