"""The calendar of the house. Iceland has UTC all year."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    return datetime.now(UTC).date()


def age(born: date) -> int:
    """Someone's age in years. Who was born on 29 February is a year older on 1 March where there is no such day."""
    day = today()
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)
