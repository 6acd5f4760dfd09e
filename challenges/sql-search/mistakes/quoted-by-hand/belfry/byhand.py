"""Puts texts into statements."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from belfry.errors import ApiError


def quoted(text: str) -> str:
    """A text as SQL writes it: quotation marks in it are doubled."""
    return "'" + text.replace("'", "''") + "'"


def pattern(typed: str, before: str = "", behind: str = "") -> str:
    """A pattern for LIKE in which what was typed stands for itself, with its escape."""
    for special in "|%_":
        typed = typed.replace(special, "|" + special)
    return quoted(before + typed + behind) + " ESCAPE '|'"


def column(args: Mapping[str, str], columns: Mapping[str, str], usual: str) -> str:
    """The column that `sort` names."""
    sort = args.get("sort") or usual
    if sort not in columns:
        told = {"parameter": "sort", "value": sort, "allowed": sorted(columns)}
        raise ApiError(400, "bad_parameter", f"Nothing is sorted by {sort}.", **told)
    return columns[sort]


def direction(args: Mapping[str, str], allowed: Collection[str] = ("asc", "desc")) -> str:
    """The direction, which SQL calls the same."""
    given = args.get("direction") or "asc"
    if given not in allowed:
        told = {"parameter": "direction", "value": given, "allowed": sorted(allowed)}
        raise ApiError(400, "bad_parameter", f"There is no direction {given}.", **told)
    return given


def whole(args: Mapping[str, str], name: str, usual: int, most: int) -> int:
    """A whole number up to `most`."""
    given = args.get(name) or str(usual)
    if not re.fullmatch("[1-9][0-9]{0,5}", given) or int(given) > most:
        raise ApiError(400, "bad_parameter", f"{name} is a number up to {most}.", parameter=name, value=given)
    return int(given)
