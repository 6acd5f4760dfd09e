"""The calendar of the house. Iceland has UTC all year."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    return datetime.now(UTC).date()


def is_of_age(born: date, years: int = 18) -> bool:
    """Whether someone's 18th birthday is today or has been. In a year without 29 February 1 March stands for it."""
    now = today()
    return f"{now.year - years:04}-{now:%m-%d}" >= born.isoformat()
