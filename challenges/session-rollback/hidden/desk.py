"""Readings drawn from the seed, and what the API must show of them."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from mendbox_harness import Dairy, Farm, Pickup
from werkzeug.test import Client


class Desk:
    def __init__(self, client: Client, dairy: Dairy, rng: random.Random) -> None:
        self._client = client
        self._dairy = dairy
        self._rng = rng
        self._numbers = iter(rng.sample(range(100_000, 10_000_000), 80))

    def docket(self) -> str:
        """A docket that nobody has."""
        return f"{self._rng.choice('EFGH')}-{next(self._numbers)}"

    def litres(self) -> int:
        """Little enough for four of them in a day, and unlike what the harness stores."""
        return self._rng.randrange(2_500, 2_900)

    def noted(self, farm: Farm, run: str = "am", day: date | None = None, **changes: Any) -> dict[str, Any]:
        """A reading of something that was not entered yet."""
        return self.stop(farm) | {"day": (day or self._dairy.today).isoformat(), "run": run} | changes

    def stop(self, farm: Farm, **changes: Any) -> dict[str, Any]:
        """The same without day and run, which a round has."""
        temperature = self._rng.randrange(60, 90) / 10
        noted = {"docket": self.docket(), "farm": farm.code, "litres": self.litres(), "temperature": temperature}
        return noted | changes

    def driver(self) -> str:
        return f"{self._rng.choice(self._dairy.drivers)} {self._rng.randrange(2, 1000)}"

    def head(self, run: str = "am") -> dict[str, Any]:
        """A round without its stops."""
        return {"driver": self.driver(), "day": self._dairy.today.isoformat(), "run": run}

    def enters(self, farm: Farm, run: str = "pm") -> None:
        """A docket is entered at the office, and is then shown as it was entered."""
        sent = self.noted(farm, run) | {"driver": self.driver()}
        answer = self._client.post("/pickups", json=sent)
        assert answer.status_code == 201, answer.text
        assert answer.json == sent | {"note": None, "revision": 1}
        assert self.shown(sent["docket"]) == answer.json

    def shown(self, docket: str) -> dict[str, Any] | None:
        """What is stored under a docket, if anything is."""
        answer = self._client.get(f"/pickups/{docket}")
        if answer.status_code == 404:
            assert answer.json["error"]["code"] == "pickup_not_found"
            return None
        assert answer.status_code == 200, answer.text
        return answer.json

    def fetched(self, farm: Farm) -> list[str]:
        """The dockets of a farm, whose litres are added up."""
        answer = self._client.get(f"/farms/{farm.code}/pickups")
        assert answer.status_code == 200, answer.text
        assert answer.json["litres"] == sum(pickup["litres"] for pickup in answer.json["pickups"])
        return [pickup["docket"] for pickup in answer.json["pickups"]]

    def refusals(self) -> list[dict[str, Any]]:
        answer = self._client.get("/refusals")
        assert answer.status_code == 200, answer.text
        return answer.json["refusals"]

    def sync(self, driver: str, *readings: Any) -> list[dict[str, Any]]:
        """The results of a tablet's readings."""
        answer = self._client.post("/sync", json={"driver": driver, "readings": list(readings)})
        assert answer.status_code == 200, answer.text
        return answer.json["results"]


def pickup(of: Pickup, **changes: Any) -> dict[str, Any]:
    """A pickup that the harness stored, as the API shows it."""
    return {
        "docket": of.docket,
        "farm": of.farm.code,
        "day": of.day.isoformat(),
        "run": of.run,
        "litres": of.litres,
        "temperature": of.temperature,
        "driver": of.driver,
        "note": of.note,
        "revision": of.revision,
    } | changes


def again(of: Pickup, **changes: Any) -> dict[str, Any]:
    """A pickup that the harness stored, as a tablet would send it again."""
    fields = ("docket", "farm", "day", "run", "litres", "temperature")
    return {field: pickup(of)[field] for field in fields} | changes


def farm(of: Farm, **changes: Any) -> dict[str, Any]:
    """A farm as the API shows it."""
    return {"code": of.code, "name": of.name, "daily_quota": of.quota, "phone": of.phone} | changes


def row(reading: dict[str, Any], of: Farm, driver: str) -> list[Any]:
    """A reading as a row of `pickups`, for a rival to store."""
    return [
        reading["docket"],
        of.id,
        reading["day"],
        reading["run"],
        reading["litres"],
        reading["temperature"],
        driver,
        None,
        1,
    ]
