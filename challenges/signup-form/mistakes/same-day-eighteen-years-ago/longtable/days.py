"""The calendar of the house. Iceland has UTC all year."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    return datetime.now(UTC).date()


def of_age(born: date, years: int) -> bool:
    """Whether someone is that old today."""
    day = today()
    return born <= day.replace(year=day.year - years)
