"""What requests ask for, read and checked, as parameters for the statements in `sql`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from belfry.errors import ApiError
from belfry.sql import literally

DIGITS = re.compile(r"0*[1-9][0-9]{0,5}", re.ASCII)


def _refuse(parameter: str, value: str, message: str, **more: Any) -> NoReturn:
    raise ApiError(400, "bad_parameter", message, parameter=parameter, value=value, **more)


def filters(args: Mapping[str, str]) -> dict[str, str]:
    """Patterns for the filters; what is not asked for matches everything."""
    patterns = {"anywhere": f"%{literally(args.get('q', '').strip())}%"}
    for name in ("founder", "tower"):
        patterns[name] = literally(args.get(name, "")) or "%"
    return patterns


def order(args: Mapping[str, str], orders: Iterable[tuple[str, str]], default: str) -> tuple[str, str]:
    """The one of `orders` that `sort` and `direction` ask for."""
    chosen = []
    for place, (name, usual) in enumerate((("sort", default), ("direction", "asc"))):
        there_are = sorted({each[place] for each in orders})
        value = args.get(name) or usual
        if value not in there_are:
            _refuse(name, value, f"There is no {name} {value!r}.", allowed=there_are)
        chosen.append(value)
    return chosen[0], chosen[1]


def up_to(most: int, args: Mapping[str, str], name: str, default: int) -> int:
    """A number from 1 to `most`."""
    value = args.get(name)
    if not value:
        return default
    if not DIGITS.fullmatch(value) or int(value) > most:
        _refuse(name, value, f"{name} must be a number between 1 and {most}, in digits.")
    return int(value)
