"""What things cost."""

from __future__ import annotations

from flask import current_app

from ovenboard.errors import ApiError


def money(cents: int) -> str:
    """An amount as people read it: 8.40 GBP."""
    return f"{cents // 100}.{cents % 100:02} {current_app.config['CURRENCY']}"


def delivery_cents(town: str | None, goods_cents: int) -> int:
    """What delivery adds to an order. Raises ApiError 400 for a town that is too far away."""
    if town is None:
        return 0
    delivery = current_app.config["DELIVERY"]
    if town not in delivery["towns"]:
        raise ApiError(400, "too_far", f"{current_app.config['BRANCH']} does not deliver to {town}.")
    return 0 if goods_cents >= delivery["free_from_cents"] else delivery["fee_cents"]
