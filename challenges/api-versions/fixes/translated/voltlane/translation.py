"""Version 1 is a translation of version 2: views speak the new language, and this module says it in the old words.

What a translator gets is version 2's JSON; what it gives is what docs/v1.md promises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import jsonify, make_response
from flask.typing import ResponseReturnValue

from voltlane.errors import ApiError

WORDS = {"available": "free", "occupied": "busy", "reserved": "busy", "faulted": "broken", "maintenance": "broken"}
Translator = Callable[[Mapping[str, Any]], dict[str, Any]]


def said_as(translator: Translator) -> Callable[[Callable[..., Any]], Callable[..., ResponseReturnValue]]:
    """Decorator of a view that gives version 2's JSON, or a list of it, with or without status and headers."""

    def decorate(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def old_view(**arguments: Any) -> ResponseReturnValue:
            given = view(**arguments)
            if not isinstance(given, tuple):
                given = (given,)
            said, *rest = given
            if isinstance(said, list):
                said = list(map(translator, said))
            else:
                said = translator(said)
            return make_response(jsonify(said), *rest)

        return old_view

    return decorate


def old_charger(new: Mapping[str, Any]) -> dict[str, Any]:
    return dict(
        id=new["code"],
        site=_joined(new["site"]),
        status=WORDS[new["state"]],
        power=_thousands(new["power_w"], 1),
    )


def old_site(new: Mapping[str, Any]) -> dict[str, Any]:
    counts = new["availability"]
    return dict(
        id=new["code"], name=new["name"], address=_joined(new), chargers=counts["total"], free=counts["available"]
    )


def old_session(new: Mapping[str, Any]) -> dict[str, Any]:
    cents = new["price"]["amount_cents"]
    return dict(
        id=new["id"],
        charger=new["charger_code"],
        card=new["card_id"],
        start=_old_time(new["started_at"]),
        end=_old_time(new["ended_at"]),
        kwh=_thousands(new["energy_wh"], 2),
        price=f"{cents / 100:.2f}",
    )


def new_states(status: str | None) -> set[str] | None:
    """What to look for when a display asks for a status."""
    if status is None:
        return None
    return {state for state, word in WORDS.items() if word == status}


def new_energy(kwh: Any) -> int:
    """Watt-hours. Raises ApiError 422 for what is no number of kWh, as version 2 would."""
    if type(kwh) not in (int, float):
        raise ApiError(422, "invalid", "kwh must be a number.")
    if kwh < 0 or not kwh <= 500:
        raise ApiError(422, "invalid", "kwh must be between 0 and 500.")
    return int(kwh * 1000 + 0.5)


def _joined(site: Mapping[str, Any]) -> str:
    address = site["address"]
    return "{street}, {postcode} {city}".format(**address)


def _thousands(number: int, decimals: int) -> float:
    return float(f"{number / 1000:.{decimals}f}")


def _old_time(new: str | None) -> str:
    return (new or "").replace("T", " ").removesuffix("Z")
