"""What a late book costs."""

from datetime import date

CENTS_PER_DAY = 25
HIGHEST_FEE_CENTS = 1000


def fee_cents(due: date, returned: date) -> int:
    """The fee for a book that was due on one day and came back on another."""
    days_late = max((returned - due).days, 0)
    return min(days_late * CENTS_PER_DAY, HIGHEST_FEE_CENTS)
