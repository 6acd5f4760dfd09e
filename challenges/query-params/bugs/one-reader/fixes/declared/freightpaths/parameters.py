"""What a query string may hold, declared as readers by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import request

from freightpaths.errors import ApiError

DIGITS = frozenset("0123456789")
Reader = Callable[[str], Any]


def digits(text: str) -> str:
    if not text or not DIGITS.issuperset(text):
        raise ValueError("digits only")
    return text


def whole(least: int, most: int) -> Reader:
    def read(text: str) -> int:
        number = int(digits(text))
        if not least <= number <= most:
            raise ValueError("out of bounds")
        return number

    return read


def decimal(most: str, places: int) -> Reader:
    """An exact number, in units of its last place."""

    def read(text: str) -> int:
        before, point, behind = text.partition(".")
        digits(before)
        if point and len(digits(behind)) > places:
            raise ValueError("too exact")
        number = Decimal(text)
        if number > Decimal(most):
            raise ValueError("out of bounds")
        return int(number.scaleb(places))

    return read


def pattern(form: str) -> Reader:
    """A moment that looks exactly as strftime would write it."""

    def read(text: str) -> datetime:
        moment = datetime.strptime(text, form)
        if moment.strftime(form) != text:
            raise ValueError("not in this form")
        return moment

    return read


def day(text: str) -> date:
    if len(text) != 10 or not DIGITS.issuperset(text.replace("-", "")):
        raise ValueError("not in this form")
    if not text[4] == text[7] == "-":
        raise ValueError("not in this form")
    return date.fromisoformat(text)


def flag(text: str) -> bool:
    return {"true": True, "false": False}[text]


def some_text(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


def read_query(readers: Mapping[str, Reader], several: Mapping[str, Reader] | None = None) -> dict[str, Any]:
    """The values of all parameters that were given, by name; lists for those of `several`. Raises ApiError 400."""
    values: dict[str, Any] = {}
    bad = []
    for name, texts in request.args.lists():
        try:
            if several and name in several:
                values[name] = [several[name](text) for text in texts]
            else:
                (text,) = texts
                values[name] = readers[name](text)
        except (KeyError, ValueError):
            bad.append(name)
    earliest, latest = values.get("earliest"), values.get("latest")
    if earliest and latest and earliest > latest:
        bad += ["earliest", "latest"]
    if bad:
        raise ApiError(400, "invalid_parameters", "Look at the parameters again.", parameters=sorted(bad))
    return values
