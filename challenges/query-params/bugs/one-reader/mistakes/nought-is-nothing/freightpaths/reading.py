"""Reading a query string: all of it, strictly, with every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from typing import TypeVar

from flask import request

from freightpaths.errors import ApiError

T = TypeVar("T")


class Query:
    """The parameters of the request. Ask for each that there is, then `check()`.

    What is missing or wrong is None (several texts: an empty list); what was wrong is told by `check`.
    """

    def __init__(self) -> None:
        self._args = request.args
        self._known: set[str] = set()
        self._bad: set[str] = set()

    def text(self, name: str) -> str | None:
        return self._one(name, lambda text: text or None)

    def texts(self, name: str) -> list[str]:
        """A parameter that may come more than once."""
        self._known.add(name)
        texts = self._args.getlist(name)
        if "" in texts:
            self._bad.add(name)
        return texts

    def whole(self, name: str, least: int, most: int) -> int | None:
        def read(text: str) -> int | None:
            number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
            return number if number is not None and least <= number <= most else None

        return self._one(name, read)

    def decimal(self, name: str, digits: int, places: int) -> int | None:
        """A number with so many digits before the point at most and so many behind it, without its point."""

        def read(text: str) -> int | None:
            match = re.fullmatch(r"([0-9]{1,%d})(?:[.]([0-9]{1,%d}))?" % (digits, places), text)
            return int(match[1] + (match[2] or "").ljust(places, "0")) if match else None

        return self._one(name, read)

    def day(self, name: str) -> date | None:
        return self._one(name, lambda text: _iso(date.fromisoformat, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text))

    def time(self, name: str) -> time | None:
        return self._one(name, lambda text: _iso(time.fromisoformat, r"[0-9]{2}:[0-9]{2}", text))

    def flag(self, name: str) -> bool | None:
        return self._one(name, {"true": True, "false": False}.get)

    def refuse(self, *names: str) -> None:
        self._bad.update(names)

    def check(self) -> None:
        """Raises ApiError 400 when anything is not as it should be."""
        bad = self._bad | (set(self._args) - self._known)
        if bad:
            names = sorted(bad)
            message = f"These parameters are not as they should be: {', '.join(names)}."
            raise ApiError(400, "invalid_parameters", message, parameters=names)

    def _one(self, name: str, read: Callable[[str], T | None]) -> T | None:
        self._known.add(name)
        texts = self._args.getlist(name)
        if not texts:
            return None
        value = read(texts[0])
        if value is None or len(texts) > 1:
            self._bad.add(name)
            return None
        return value


def _iso(read: Callable[[str], T], form: str, text: str) -> T | None:
    if not re.fullmatch(form, text):
        return None
    try:
        return read(text)
    except ValueError:
        return None
