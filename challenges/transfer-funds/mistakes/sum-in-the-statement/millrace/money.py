"""Amounts: credits with two decimals outside, whole cents inside."""

from __future__ import annotations

import re
from typing import Any

from millrace.errors import ApiError

AMOUNT = re.compile(r"(?P<whole>[0-9]{1,6})(?:\.(?P<cents>[0-9]{1,2}))?")
MOST_CENTS = 10_000_000


def to_cents(amount: Any) -> int:
    """The cents of an amount that a client sent, as text or as a JSON number. Raises ApiError 422."""
    text = repr(amount) if type(amount) in (int, float) else amount
    match = AMOUNT.fullmatch(text) if isinstance(text, str) else None
    cents = 0
    if match is not None:
        cents = 100 * int(match["whole"]) + int((match["cents"] or "").ljust(2, "0"))
    if not 0 < cents <= MOST_CENTS:
        raise ApiError(422, "invalid_amount", "amount must be a number from 0.01 to 100000.00, such as 12.50.")
    return cents


def to_text(cents: int) -> str:
    """An amount as clients read it: `12.50`, `-0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
