"""The search behind `/trees` and its export: what is asked for becomes a query."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Select, func, or_, select

from pollard import arguments
from pollard.models import Tree

#: By what a list can be sorted.
SORTS = {
    "number": Tree.number,
    "name": func.lower(Tree.name),
    "species": func.lower(Tree.species),
    "parish": func.lower(Tree.parish),
    "girth": Tree.girth_cm,
    "height": Tree.height_cm,
    "year": Tree.planted_year,
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


def in_order(query: Select[Any]) -> Select[Any]:
    """Sorted as `sort` and `direction` ask for. Unknown values come last; trees that are equal come by number."""
    column = SORTS[arguments.choice("sort", SORTS, "number")]
    descending = arguments.choice("direction", ("asc", "desc"), "asc") == "desc"
    return query.order_by((column.desc() if descending else column.asc()).nulls_last(), Tree.number)
