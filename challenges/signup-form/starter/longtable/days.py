"""The calendar of the house. Iceland has UTC all year."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    return datetime.now(UTC).date()


def age(born: date) -> int:
    """Someone's age in years."""
    return (today() - born).days // 365
