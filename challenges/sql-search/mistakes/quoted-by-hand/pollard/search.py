"""The search behind `/trees`: what is asked for becomes SQL."""

from __future__ import annotations

from collections.abc import Mapping

from pollard import byhand

#: What a tree is shown with.
FIELDS = "number, name, species, parish, girth_cm, height_cm, planted_year AS year"
#: Names by which a list is sorted, and the columns.
COLUMNS = {name: name for name in ("number", "name", "species", "parish")}
COLUMNS |= {"girth": "girth_cm", "height": "height_cm", "year": "planted_year"}


def conditions(args: Mapping[str, str]) -> str:
    """What `q`, `species` and `parish` ask for, among the published trees."""
    parts = ["published = 1"]
    if words := args.get("q", "").strip():
        anything = byhand.pattern(words, "%", "%")
        anywhere = " OR ".join(f"{column} LIKE {anything}" for column in ("name", "species", "parish"))
        parts.append(f"({anywhere})")
    for column in ("species", "parish"):
        if value := args.get(column):
            parts.append(f"{column} LIKE {byhand.pattern(value)}")
    return " AND ".join(parts)


def order(args: Mapping[str, str]) -> str:
    """What `sort` and `direction` ask for. Unknown values come last; trees that are equal come by number."""
    column, direction = byhand.column(args, COLUMNS, "number"), byhand.direction(args)
    return f"{column} IS NULL, {column} COLLATE NOCASE {direction}, number"
