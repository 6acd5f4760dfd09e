"""The numbers that the porters call out."""

from __future__ import annotations

from datetime import date

_last: dict[date, int] = {}


def next_slip(day: date) -> int:
    """1, 2, 3 … on each day."""
    _last[day] = _last.get(day, 0) + 1
    return _last[day]
