"""Finding farms and pickups, and entering what drivers noted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from milkround.database import db
from milkround.errors import ApiError
from milkround.models import Farm, Pickup
from milkround.payloads import Reading


def find_farm(code: str) -> Farm | None:
    return db.session.scalar(select(Farm).where(Farm.code == code))


def farm_or_404(code: str) -> Farm:
    """The farm with this code. Raises ApiError 404 when there is none."""
    farm = find_farm(code)
    if farm is None:
        raise ApiError(404, "farm_not_found", f"There is no farm {code!r}.")
    return farm


def farm_of(reading: Reading) -> Farm:
    """The farm that a driver noted. Raises ApiError 400 when there is none."""
    farm = find_farm(reading.farm)
    if farm is None:
        raise ApiError(400, "unknown_farm", f"There is no farm {reading.farm!r}.")
    return farm


def pickup_or_404(docket: str) -> Pickup:
    """The pickup with this docket. Raises ApiError 404 when there is none."""
    pickup = db.session.get(Pickup, docket)
    if pickup is None:
        raise ApiError(404, "pickup_not_found", f"There is no docket {docket!r}.")
    return pickup


def check_quota(farm: Farm, day: date) -> None:
    """Raises ApiError 422 when all that was fetched from the farm on that day is more than its quota."""
    fetched = db.session.scalar(select(func.sum(Pickup.litres)).where(Pickup.farm_id == farm.id, Pickup.day == day))
    if (fetched or 0) > farm.daily_quota:
        raise ApiError(422, "over_quota", f"{farm.code} may deliver {farm.daily_quota} litres a day.")


def enter(reading: Reading, driver: str) -> Pickup:
    """Add a pickup, which its farm's quota has to leave room for."""
    farm = farm_of(reading)
    pickup = Pickup(
        docket=reading.docket,
        farm=farm,
        day=reading.day,
        run=reading.run,
        litres=reading.litres,
        temperature=reading.temperature,
        driver=driver,
    )
    db.session.add(pickup)
    check_quota(farm, reading.day)
    return pickup
