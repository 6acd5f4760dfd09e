"""The search behind `/trees`: what is asked for becomes SQL."""

from __future__ import annotations

from collections.abc import Mapping

#: What a tree is shown with.
FIELDS = "number, name, species, parish, girth_cm, height_cm, planted_year AS year"
#: Names by which a list is sorted, where the column is called something else.
COLUMNS = {"girth": "girth_cm", "height": "height_cm", "year": "planted_year"}


def conditions(args: Mapping[str, str]) -> str:
    """What `q`, `species` and `parish` ask for, among the published trees."""
    parts = ["published = 1"]
    if words := args.get("q", "").strip():
        anywhere = " OR ".join(f"{column} LIKE '%{words}%'" for column in ("name", "species", "parish"))
        parts.append(f"({anywhere})")
    for column in ("species", "parish"):
        if value := args.get(column):
            parts.append(f"{column} LIKE '{value}'")
    return " AND ".join(parts)


def order(args: Mapping[str, str]) -> str:
    """What `sort` and `direction` ask for. Unknown values come last; trees that are equal come by number."""
    sort = args.get("sort") or "number"
    column = COLUMNS.get(sort, sort)
    direction = args.get("direction") or "asc"
    return f"{column} IS NULL, {column} COLLATE NOCASE {direction}, number"
