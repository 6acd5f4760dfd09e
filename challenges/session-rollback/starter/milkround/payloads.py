"""Reading and checking what clients send. What cannot be accepted raises ApiError 400."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from milkround.errors import ApiError

FARM_CODE = re.compile(r"[A-Z]{2}-\d{3}")
DOCKET = re.compile(r"[A-Z]{1,3}-\d{4,8}")
RUNS = ("am", "pm")


@dataclass(frozen=True)
class Reading:
    """What a driver noted at a farm."""

    docket: str
    farm: str
    day: date
    run: str
    litres: int
    temperature: float


@dataclass(frozen=True)
class Round:
    """A driver's morning or evening. The stops are as they were sent."""

    driver: str
    day: date
    run: str
    stops: list[Any]


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    return body


def text(code: str, field: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise ApiError(400, code, f"{field} must be a text of 1 to {longest} characters.")
    return value.strip()


def whole_number(code: str, field: str, value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ApiError(400, code, f"{field} must be a whole number from {least} to {most}.")
    return value


def driver(code: str, body: dict[str, Any]) -> str:
    return text(code, "driver", body.get("driver"), 60)


def reading(body: Any) -> Reading:
    """What a driver noted, from an object with all fields of `Reading`."""
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_reading", "A reading must be an object.")
    docket, farm = body.get("docket"), body.get("farm")
    if not isinstance(docket, str) or not DOCKET.fullmatch(docket):
        raise ApiError(400, "invalid_reading", "docket must be the number that is printed on the docket.")
    if not isinstance(farm, str):
        raise ApiError(400, "invalid_reading", "farm must be the code of a farm.")
    day, run = day_and_run("invalid_reading", body)
    return Reading(
        docket, farm, day, run, litres("invalid_reading", body.get("litres")), temperature("invalid_reading", body)
    )


def day_and_run(code: str, body: dict[str, Any]) -> tuple[date, str]:
    try:
        day = date.fromisoformat(body.get("day") or "")
    except (TypeError, ValueError):
        raise ApiError(400, code, "day must be a date like 2026-03-31.") from None
    run = body.get("run")
    if run not in RUNS:
        raise ApiError(400, code, "run must be am or pm.")
    return day, run


def litres(code: str, value: Any) -> int:
    return whole_number(code, "litres", value, 1, 40_000)


def temperature(code: str, body: dict[str, Any]) -> float:
    value = body.get("temperature")
    if type(value) not in (int, float) or not 0 <= value <= 40:
        raise ApiError(400, code, "temperature must be a number of degrees from 0 to 40.")
    return float(value)


def whole_round(body: dict[str, Any]) -> Round:
    day, run = day_and_run("invalid_round", body)
    stops = body.get("stops")
    if not isinstance(stops, list) or not stops:
        raise ApiError(400, "invalid_round", "stops must be a list of at least one stop.")
    return Round(driver("invalid_round", body), day, run, stops)


def stop(of: Round, body: Any) -> Reading:
    """What was noted at one stop of a round, which has the day and the run of the round."""
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_reading", "A stop must be an object.")
    return reading(body | {"day": of.day.isoformat(), "run": of.run})


def kept_readings(body: dict[str, Any]) -> tuple[str, list[Any]]:
    """The driver, and the readings that a tablet has kept, as they were sent."""
    items = body.get("readings")
    if not isinstance(items, list):
        raise ApiError(400, "invalid_sync", "readings must be a list.")
    return driver("invalid_sync", body), items


def kept_reading(item: Any) -> tuple[Reading, int]:
    """A reading, and the revision of it that the tablet has seen: 0 for none."""
    noted = reading(item)
    return noted, whole_number("invalid_reading", "revision", item.get("revision", 0), 0, 1_000_000)


def new_farm(body: dict[str, Any]) -> dict[str, Any]:
    """The columns of a new farm."""
    code = body.get("code")
    if not isinstance(code, str) or not FARM_CODE.fullmatch(code):
        raise ApiError(400, "invalid_farm", "code must be two capital letters, a hyphen and three digits.")
    fields = {field: FARM_FIELDS[field](body.get(field)) for field in FARM_FIELDS}
    return {"code": code, **fields}


def _phone(value: Any) -> str | None:
    return None if value is None else text("invalid_farm", "phone", value, 40)


#: What can be changed of a farm, and how it is checked.
FARM_FIELDS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: text("invalid_farm", "name", value, 80),
    "daily_quota": lambda value: whole_number("invalid_farm", "daily_quota", value, 1, 100_000),
    "phone": _phone,
}


def correction(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The revision that someone in the office has seen, and what they change of it."""
    seen = whole_number("invalid_correction", "revision", body.get("revision"), 1, 1_000_000)
    changes: dict[str, Any] = {}
    if "litres" in body:
        changes["litres"] = litres("invalid_correction", body["litres"])
    if "temperature" in body:
        changes["temperature"] = temperature("invalid_correction", body)
    if "note" in body:
        changes["note"] = None if body["note"] is None else text("invalid_correction", "note", body["note"], 200)
    if not changes:
        raise ApiError(400, "invalid_correction", "Send litres, temperature or note.")
    return seen, changes
