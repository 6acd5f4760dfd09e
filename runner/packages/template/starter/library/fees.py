"""What a late book costs."""

from datetime import date

CENTS_PER_DAY = 25


def fee_cents(due: date, returned: date) -> int:
    """The fee for a book that was due on one day and came back on another."""
    days_late = (returned - due).days + 1
    return max(days_late, 0) * CENTS_PER_DAY
