"""The search behind `/bells`: what is asked for becomes SQL."""

from __future__ import annotations

from collections.abc import Mapping

#: What a bell is shown with.
FIELDS = "number, name, founder, tower, diameter_mm, weight_kg, cast_year AS year"
#: Names by which a list is sorted, where the column is called something else.
COLUMNS = {"diameter": "diameter_mm", "weight": "weight_kg", "year": "cast_year"}


def conditions(args: Mapping[str, str]) -> str:
    """What `q`, `founder` and `tower` ask for, among the published bells."""
    parts = ["published = 1"]
    if words := args.get("q", "").strip():
        anywhere = " OR ".join(f"{column} LIKE '%{words}%'" for column in ("name", "founder", "tower"))
        parts.append(f"({anywhere})")
    for column in ("founder", "tower"):
        if value := args.get(column):
            parts.append(f"{column} LIKE '{value}'")
    return " AND ".join(parts)


def order(args: Mapping[str, str]) -> str:
    """What `sort` and `direction` ask for. Unknown values come last; bells that are equal come by number."""
    sort = args.get("sort") or "number"
    column = COLUMNS.get(sort, sort)
    direction = args.get("direction") or "asc"
    return f"{column} IS NULL, {column} COLLATE NOCASE {direction}, number"
