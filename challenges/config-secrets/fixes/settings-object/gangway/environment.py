"""Takes settings out of an environment, one by one, and remembers what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping


class Environment:
    """The office's part of an environment. Whatever nobody has taken in the end is a setting that there isn't."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._left = {each: variables[each].strip() for each in variables if each.startswith("GANGWAY_")}
        self.wrong: dict[str, str] = {}

    def text(self, variable: str, otherwise: str | None = None) -> str:
        value = self._left.pop(variable, "")
        if value == "" and otherwise is None:
            self.wrong[variable] = "must be set"
        return value or otherwise or ""

    def secret(self, variable: str, known: set[str]) -> str:
        value = self.text(variable)
        if value in known:
            self.wrong[variable] = "must not be a published key"
        elif len(value) <= 31:
            self.wrong[variable] = "must have 32 characters or more"
        return value

    def flag(self, variable: str, *, otherwise: bool) -> bool:
        value = self.text(variable, str(otherwise)).casefold()
        if value in ("true", "1"):
            return True
        if value not in ("false", "0"):
            self.wrong[variable] = "must be a switch"
        return False

    def number(self, variable: str, otherwise: int, least: int, most: int) -> int:
        value = self.text(variable, str(otherwise))
        number = int(value) if _digits(value) else -1
        if number < least or number > most:
            self.wrong[variable] = f"must be in digits, at least {least} and at most {most}"
        return number

    def cents(self, variable: str, otherwise: str, most: int) -> int:
        whole, point, rest = self.text(variable, otherwise).partition(".")
        well_formed = _digits(whole) and (_digits(rest) and len(rest) == 2 if point else True)
        cents = int(whole + (rest or "00")) if well_formed else most + 1
        if cents > most:
            self.wrong[variable] = "must be pounds, with two digits of pence if there are any"
        return cents

    def listed(self, variable: str, otherwise: str) -> tuple[str, ...]:
        names = tuple(map(str.strip, self.text(variable, otherwise).split(",")))
        if not all(names):
            self.wrong[variable] = "must not have an empty name in it"
        return names

    def finish(self) -> dict[str, str]:
        """What is wrong, by variable."""
        return self.wrong | dict.fromkeys(self._left, "is unknown")


def _digits(value: str) -> bool:
    return value.isascii() and value.isdigit()
