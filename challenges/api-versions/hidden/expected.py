"""What both versions say of a network's rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mendbox_harness import Grid

STATUS = {
    "available": "free",
    "occupied": "busy",
    "reserved": "busy",
    "faulted": "broken",
    "maintenance": "broken",
}


def moment(seconds: int) -> datetime:
    """A time since the epoch as the database has it."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def cost(site: dict[str, Any], energy_wh: int) -> int:
    """By the README's rules, in cents."""
    thousandths = site["start_fee"] * 1_000 + site["price_per_kwh"] * energy_wh
    return thousandths // 1_000 + (thousandths % 1_000 >= 500)


def _standing(grid: Grid, site: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in grid.standing if row["site_id"] == site["id"]]


class V1:
    """Rows as docs/v1.md has them."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    @staticmethod
    def address(site: dict[str, Any]) -> str:
        return f"{site['street']}, {site['postcode']} {site['city']}"

    def charger(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": row["code"],
            "site": self.address(self._grid.site_of(row)),
            "status": STATUS[row["state"]],
            "power": round(row["power_w"] / 1_000, 1),
        }

    def site(self, row: dict[str, Any]) -> dict[str, Any]:
        states = [each["state"] for each in _standing(self._grid, row)]
        return {
            "id": row["code"],
            "name": row["name"],
            "address": self.address(row),
            "chargers": len(states),
            "free": states.count("available"),
        }

    def session(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": row["id"],
            "charger": self._grid.charger_of(row)["code"],
            "card": row["card"],
            "start": f"{row['started_at']:%Y-%m-%d %H:%M:%S}",
            "end": f"{row['ended_at']:%Y-%m-%d %H:%M:%S}" if row["ended_at"] else "",
            "kwh": round(row["energy_wh"] / 1_000, 2),
            "price": f"{row['cost_cents'] // 100}.{row['cost_cents'] % 100:02}",
        }


class V2:
    """Rows as the README has them."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    @staticmethod
    def address(site: dict[str, Any]) -> dict[str, Any]:
        return {part: site[part] for part in ("street", "postcode", "city")}

    def charger(self, row: dict[str, Any]) -> dict[str, Any]:
        site = self._grid.site_of(row)
        return {
            "code": row["code"],
            "state": row["state"],
            "power_w": row["power_w"],
            "site": {"code": site["code"], "name": site["name"], "address": self.address(site)},
        }

    def site(self, row: dict[str, Any]) -> dict[str, Any]:
        states = [each["state"] for each in _standing(self._grid, row)]
        return {
            "code": row["code"],
            "name": row["name"],
            "address": self.address(row),
            "availability": {"total": len(states), "available": states.count("available")},
        }

    def session(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": row["id"],
            "charger_code": self._grid.charger_of(row)["code"],
            "card_id": row["card"],
            "started_at": f"{row['started_at']:%Y-%m-%dT%H:%M:%SZ}",
            "ended_at": f"{row['ended_at']:%Y-%m-%dT%H:%M:%SZ}" if row["ended_at"] else None,
            "energy_wh": row["energy_wh"],
            "price": {"amount_cents": row["cost_cents"], "currency": "EUR"},
        }
