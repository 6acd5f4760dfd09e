"""What the API must answer, from what the harness stored."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl, urlsplit

#: How each list is asked for: its address (of the busy part) and the name of its rows.
KEYS = {"parts": "number", "movements": "id", "suppliers": "code"}


def path_of(warehouse: Any, name: str) -> str:
    return {"movements": f"/api/parts/{warehouse.busy['number']}/movements"}.get(name, f"/api/{name}")


def part_json(warehouse: Any, part: dict[str, Any]) -> dict[str, Any]:
    codes = {supplier["id"]: supplier["code"] for supplier in warehouse.suppliers}
    shown = {key: part[key] for key in ("number", "name", "category", "bin", "quantity")}
    return shown | {"counted_on": part["counted_on"].isoformat(), "supplier": codes[part["supplier_id"]]}


def movement_json(movement: dict[str, Any]) -> dict[str, Any]:
    shown = {key: movement[key] for key in ("id", "kind", "quantity", "note")}
    return shown | {"at": movement["at"].isoformat() + "Z"}


def parts(warehouse: Any, *categories: str, sort: str = "number", supplier: str | None = None) -> list[dict[str, Any]]:
    """Parts as JSON in the order that the brief asks for."""
    found = [part_json(warehouse, part) for part in warehouse.parts]
    found = [part for part in found if not categories or part["category"] in categories]
    found = sorted((part for part in found if supplier in (None, part["supplier"])), key=lambda part: part["number"])
    return sorted(found, key=lambda part: part[sort.removeprefix("-")], reverse=sort.startswith("-"))


def movements(warehouse: Any, kind: str | None = None) -> list[dict[str, Any]]:
    found = [movement for movement in warehouse.movements if kind in (None, movement["kind"])]
    found.sort(key=lambda movement: (movement["at"], movement["id"]), reverse=True)
    return [movement_json(movement) for movement in found]


def suppliers(warehouse: Any) -> list[dict[str, Any]]:
    found = [{key: row[key] for key in ("code", "name", "town")} for row in warehouse.suppliers]
    return sorted(found, key=lambda supplier: (supplier["name"], supplier["code"]))


def rows_of(warehouse: Any, name: str) -> list[dict[str, Any]]:
    return {"parts": parts, "movements": movements, "suppliers": suppliers}[name](warehouse)


def chunks(rows: list[Any], size: int) -> list[list[Any]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def uneven(rows: Collection[Any], *sizes: int) -> int:
    """The first of the sizes by which the list does not fill its last page, else the last."""
    return next((size for size in sizes if len(rows) % size), sizes[-1])


def query_of(link: str) -> list[tuple[str, str]]:
    """The parameters of a link in a fixed order."""
    return sorted(parse_qsl(urlsplit(link).query, keep_blank_values=True))
