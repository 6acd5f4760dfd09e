"""What orders cost, in cents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardrobe.models import Costume

#: For pressing and steaming one piece, however long it stays away.
PRESS_CENTS = 150


def euros(cents: int) -> str:
    """`1234567` as `12,345.67`, for pages."""
    return f"{cents / 100:,.2f}"


def line_cents(costume: Costume, count: int, days: int, press: bool) -> int:
    """A costume costs its fee for each piece and day, and each piece that is pressed a little more."""
    return count * (costume.day_cents * days + (PRESS_CENTS if press else 0))
