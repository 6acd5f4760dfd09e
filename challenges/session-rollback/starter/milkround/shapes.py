"""How models look in JSON."""

from __future__ import annotations

from typing import Any

from milkround.models import Farm, Pickup, Refusal


def farm_shape(farm: Farm) -> dict[str, Any]:
    return {"code": farm.code, "name": farm.name, "daily_quota": farm.daily_quota, "phone": farm.phone}


def pickup_shape(pickup: Pickup) -> dict[str, Any]:
    return {
        "docket": pickup.docket,
        "farm": pickup.farm.code,
        "day": pickup.day.isoformat(),
        "run": pickup.run,
        "litres": pickup.litres,
        "temperature": pickup.temperature,
        "driver": pickup.driver,
        "note": pickup.note,
        "revision": pickup.revision,
    }


def refusal_shape(refusal: Refusal) -> dict[str, Any]:
    return {
        "driver": refusal.driver,
        "day": refusal.day.isoformat(),
        "run": refusal.run,
        "code": refusal.code,
    }
