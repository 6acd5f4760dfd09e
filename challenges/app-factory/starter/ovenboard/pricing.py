"""What things cost."""

from __future__ import annotations

from ovenboard.config import settings
from ovenboard.errors import ApiError


def money(cents: int) -> str:
    """An amount as people read it: 8.40 GBP."""
    return f"{cents // 100}.{cents % 100:02} {settings['CURRENCY']}"


def delivery_cents(town: str | None, goods_cents: int) -> int:
    """What delivery adds to an order. Raises ApiError 400 for a town that is too far away."""
    if town is None:
        return 0
    delivery = settings["DELIVERY"]
    if town not in delivery["towns"]:
        raise ApiError(400, "too_far", f"{settings['BRANCH']} does not deliver to {town}.")
    return 0 if goods_cents >= delivery["free_from_cents"] else delivery["fee_cents"]
