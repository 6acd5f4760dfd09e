"""The book of farms and pickups, as one unit of work sees it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from milkround.errors import ApiError
from milkround.models import Farm, Pickup
from milkround.payloads import Reading


def conflict() -> ApiError:
    """What it means when a constraint objects to a pickup."""
    return ApiError(409, "conflict", "A docket, or a farm's run, has been entered already.")


class Outdated(ApiError):
    """Somebody wants to change a revision that is not the stored one, which is `stored`."""

    def __init__(self, docket: str, stored: int) -> None:
        super().__init__(409, "outdated", f"{docket} is at revision {stored}.")
        self.stored = stored


class Book:
    """Looks up, enters and amends within the session that it is given. Committing is for whoever opened that."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def farm(self, code: str) -> Farm:
        """Raises ApiError 404 where there is none."""
        if found := self._session.scalar(select(Farm).where(Farm.code == code)):
            return found
        raise ApiError(404, "farm_not_found", f"There is no farm {code!r}.")

    def find(self, docket: str) -> Pickup | None:
        """The pickup as it is stored now, whatever this session knew of it."""
        query = select(Pickup).where(Pickup.docket == docket).execution_options(populate_existing=True)
        return self._session.scalar(query)

    def pickup(self, docket: str) -> Pickup:
        """Raises ApiError 404 where there is none."""
        if found := self.find(docket):
            return found
        raise ApiError(404, "pickup_not_found", f"There is no docket {docket!r}.")

    def enter(self, reading: Reading, driver: str) -> None:
        """A new pickup. Raises ApiError for an unknown farm and for too much milk."""
        columns = asdict(reading)
        number = self._session.scalar(select(Farm.id).where(Farm.code == columns.pop("farm")))
        if number is None:
            raise ApiError(400, "unknown_farm", f"There is no farm {reading.farm!r}.")
        self._session.execute(insert(Pickup).values(farm_id=number, driver=driver, **columns))
        self._within_quota(reading.docket)

    def amend(self, docket: str, seen: int, changes: dict[str, Any]) -> int:
        """Change what was `seen`, and nothing newer; gives the new revision. Raises Outdated, and ApiError for too much milk."""
        statement = update(Pickup).where(Pickup.docket == docket, Pickup.revision == seen)
        done = self._session.execute(
            statement.values(**changes, revision=seen + 1).execution_options(synchronize_session=False)
        )
        if done.rowcount != 1:
            raise Outdated(docket, self.pickup(docket).revision)
        self._within_quota(docket)
        return seen + 1

    def _within_quota(self, docket: str) -> None:
        """Of the farm and the day of this docket."""
        pickup = self.pickup(docket)
        same_day = (Pickup.farm_id == pickup.farm_id, Pickup.day == pickup.day)
        if self._session.scalars(select(func.sum(Pickup.litres)).where(*same_day)).one() > pickup.farm.daily_quota:
            raise ApiError(422, "over_quota", f"{pickup.farm.code} may deliver {pickup.farm.daily_quota} litres a day.")
