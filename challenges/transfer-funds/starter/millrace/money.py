"""Amounts: credits with two decimals outside, whole cents inside."""

from __future__ import annotations

from typing import Any

from millrace.errors import ApiError


def to_cents(amount: Any) -> int:
    """The cents of an amount that a client sent. Raises ApiError 422."""
    try:
        return int(float(amount) * 100)
    except (TypeError, ValueError):
        raise ApiError(422, "invalid_amount", "amount must be a number of credits, such as 12.50.") from None


def to_text(cents: int) -> str:
    """An amount as clients read it: `12.50`, `-0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
