"""The search behind `/bells`: what is asked for becomes SQL."""

from __future__ import annotations

from collections.abc import Mapping

from belfry.errors import ApiError

#: What a bell is shown with.
FIELDS = "number, name, founder, tower, diameter_mm, weight_kg, cast_year AS year"
#: Names by which a list is sorted, where the column is called something else.
COLUMNS = {"diameter": "diameter_mm", "weight": "weight_kg", "year": "cast_year"}
SORTS = ["diameter", "founder", "name", "number", "tower", "weight", "year"]


def escaped(typed: str) -> str:
    """For a LIKE whose escape is `~`."""
    return typed.replace("~", "~~").replace("%", "~%").replace("_", "~_")


def conditions(args: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """What `q`, `founder` and `tower` ask for, among the published bells: SQL and its parameters."""
    parts, values = ["published = 1"], {}
    if words := args.get("q", "").strip():
        anywhere = " OR ".join(f"{column} LIKE :words ESCAPE '~'" for column in ("name", "founder", "tower"))
        parts.append(f"({anywhere})")
        values["words"] = f"%{escaped(words)}%"
    for column in ("founder", "tower"):
        if value := args.get(column):
            parts.append(f"{column} LIKE :{column} ESCAPE '~'")
            values[column] = escaped(value)
    return " AND ".join(parts), values


def order(args: Mapping[str, str]) -> str:
    """What `sort` and `direction` ask for. Unknown values come last; bells that are equal come by number."""
    sort, direction = args.get("sort") or "number", args.get("direction") or "asc"
    for parameter, value, allowed in (("sort", sort, SORTS), ("direction", direction, ["asc", "desc"])):
        if value not in allowed:
            message = f"{parameter} can't be {value}."
            raise ApiError(400, "bad_parameter", message, parameter=parameter, value=value, allowed=allowed)
    column = COLUMNS.get(sort, sort)
    return f"{column} IS NULL, {column} COLLATE NOCASE {direction}, number"
