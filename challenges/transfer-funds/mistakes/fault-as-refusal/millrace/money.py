"""Amounts: credits with two decimals outside, whole cents inside."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from millrace.errors import ApiError

AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?")
MOST_CENTS = 10_000_000


def to_cents(amount: Any) -> int:
    """The cents of an amount that a client sent, as text or as a JSON number. Raises ApiError 422."""
    if isinstance(amount, int | float) and not isinstance(amount, bool):
        # The shortest text that means this number: what was sent, if that had two decimals.
        amount = str(amount)
    if isinstance(amount, str) and AMOUNT.fullmatch(amount):
        cents = int(Decimal(amount) * 100)
        if 0 < cents <= MOST_CENTS:
            return cents
    raise ApiError(422, "invalid_amount", "amount must be a number of credits from 0.01 to 100000.00, such as 12.50.")


def to_text(cents: int) -> str:
    """An amount as clients read it: `12.50`, `-0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
