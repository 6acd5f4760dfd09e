"""Reading and checking what clients send. What cannot be accepted raises ApiError."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import request

from voltlane.errors import ApiError
from voltlane.models import STATES
from voltlane.services import PAGE_SIZE

MOST_ENERGY_WH = 500_000
LONGEST_CODE = 12
LONGEST_CARD = 40


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    return body


def start_body(charger: str = "charger_code", card: str = "card_id", *, tolerant: bool = False) -> tuple[str, str]:
    """The charger's code and the card of who wants to charge, in fields of these names."""
    body = json_object() if tolerant else _with_fields(charger, card)
    return _text(body, charger, None if tolerant else LONGEST_CODE), _text(body, card, LONGEST_CARD)


def stop_body() -> int:
    """The energy that went into the car, in watt-hours."""
    energy = _with_fields("energy_wh").get("energy_wh")
    if type(energy) is not int or not 0 <= energy <= MOST_ENERGY_WH:
        raise _invalid(f"energy_wh must be a whole number from 0 to {MOST_ENERGY_WH}.")
    return energy


def state_filter() -> Collection[str] | None:
    """The states that `?state=` asks for, None without one."""
    state = request.args.get("state")
    if state is None:
        return None
    if state not in STATES:
        raise _invalid(f"state must be one of {', '.join(STATES)}.")
    return [state]


def card_argument(name: str = "card_id") -> str:
    """The card that a parameter of this name has."""
    card = request.args.get(name, "")
    if not card:
        raise _invalid(f"{name} must be the id of a card.")
    return card


def page_arguments() -> tuple[int, int]:
    """`?limit=` and `?offset=`."""
    return _number("limit", PAGE_SIZE, 1, 100), _number("offset", 0, 0, 1_000_000)


def _with_fields(*names: str) -> dict[str, Any]:
    body = json_object()
    for name in body:
        if name not in names:
            raise _invalid(f"{name} is not a field of this request.")
    return body


def _text(body: dict[str, Any], name: str, longest: int | None) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value or (longest is not None and len(value) > longest):
        length = "that is not empty" if longest is None else f"of 1 to {longest} characters"
        raise _invalid(f"{name} must be a text {length}.")
    return value


def _number(name: str, default: int, least: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise _invalid(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def _invalid(message: str) -> ApiError:
    return ApiError(422, "invalid", message)
