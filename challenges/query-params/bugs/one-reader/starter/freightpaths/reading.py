"""Reading a query string: views ask for each parameter by what it is."""

from __future__ import annotations

from datetime import date, time

from flask import request


class Query:
    """The parameters of the request. What was not given is None."""

    def __init__(self) -> None:
        self._args = request.args

    def given(self, name: str) -> bool:
        return name in self._args

    def text(self, name: str) -> str | None:
        return self._args.get(name)

    def whole(self, name: str) -> int | None:
        return self._args.get(name, type=int)

    def scaled(self, name: str, by: int) -> int | None:
        """A decimal number in smaller units: kilograms for tonnes, cents for euros."""
        number = self._args.get(name, type=float)
        return int(number * by) if number else None

    def day(self, name: str) -> date | None:
        text = self.text(name)
        return date.fromisoformat(text) if text else None

    def time(self, name: str) -> time | None:
        text = self.text(name)
        return time.fromisoformat(text) if text else None

    def flag(self, name: str) -> bool | None:
        return self._args.get(name, type=bool)
