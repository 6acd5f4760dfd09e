"""What a late book costs."""

from datetime import date

CENTS_PER_DAY = 25
MOST_CENTS = 1000


def fee_cents(due: date, returned: date) -> int:
    """The fee for a book that was due on one day and came back on another."""
    if returned <= due:
        return 0
    fee = CENTS_PER_DAY * (returned - due).days
    if fee > MOST_CENTS:
        return MOST_CENTS
    return fee
