"""What things cost at a branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovenboard.errors import ApiError


class Pricing:
    """The prices of a branch with these settings."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    def money(self, cents: int) -> str:
        """An amount as people read it: 8.40 GBP."""
        return f"{cents // 100}.{cents % 100:02} {self._settings['CURRENCY']}"

    def delivery_cents(self, town: str | None, goods_cents: int) -> int:
        """What delivery adds to an order. Raises ApiError 400 for a town that is too far away."""
        if town is None:
            return 0
        delivery = self._settings["DELIVERY"]
        if town not in delivery["towns"]:
            raise ApiError(400, "too_far", f"{self._settings['BRANCH']} does not deliver to {town}.")
        return 0 if goods_cents >= delivery["free_from_cents"] else delivery["fee_cents"]
