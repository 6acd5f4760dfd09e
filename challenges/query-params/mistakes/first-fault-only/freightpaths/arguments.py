"""Arguments of a search, one at a time."""

from __future__ import annotations

import datetime
import re

from flask import request

from freightpaths.errors import ApiError
from freightpaths.extensions import db
from freightpaths.models import Terminal

YES_OR_NO = ["false", "true"]


def wrong(name: str, wanted: str) -> ApiError:
    return ApiError(400, "invalid_parameters", f"{name} must be {wanted}.", parameters=[name])


def allow_only(*names: str) -> None:
    """No argument of another name, and none twice but the operator."""
    for name, values in sorted(request.args.lists()):
        if name not in names:
            raise wrong(name, "left out")
        if len(values) > 1 and name != "operator":
            raise wrong(name, "given once")
        if "" in values:
            raise wrong(name, "something")


def get_number(name: str, low: int, high: int) -> int | None:
    value = request.args.get(name)
    if value is not None:
        if not (value.isascii() and value.isdecimal()) or len(value) > 3 or int(value) not in range(low, high + 1):
            raise wrong(name, f"between {low} and {high}")
        return int(value)


def get_amount(name: str, shape: str, unit: int) -> int | None:
    """An amount of this shape, as so many of the smallest unit."""
    value = request.args.get(name)
    if value is not None:
        if re.fullmatch(shape, value, re.ASCII) is None:
            raise wrong(name, "an amount")
        units, _, rest = value.partition(".")
        return int(units) * unit + int(f"{rest}000"[: len(str(unit)) - 1])


def get_when(name: str, shape: str, kind: type[datetime.date] | type[datetime.time]) -> str | None:
    value = request.args.get(name)
    if value is not None:
        try:
            if re.fullmatch(shape, value, re.ASCII) is None:
                raise ValueError(value)
            kind.fromisoformat(value)
        except ValueError:
            raise wrong(name, "a day or a time that there is") from None
        return value


def get_flag(name: str) -> bool | None:
    value = request.args.get(name)
    if value is not None:
        if value not in YES_OR_NO:
            raise wrong(name, "true or false")
        return bool(YES_OR_NO.index(value))


def get_terminal(name: str) -> str | None:
    value = request.args.get(name)
    if value is not None and db.session.get(Terminal, value) is None:
        raise wrong(name, "the code of a terminal")
    return value
