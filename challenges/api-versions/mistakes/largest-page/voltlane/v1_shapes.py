"""Version 1 as docs/v1.md promises it: how things look, and what is read from a request.

Nothing here is shared with later versions, so that they may change.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request

from voltlane.errors import ApiError
from voltlane.models import STATES, Charger, Session, Site
from voltlane.payloads import LONGEST_CARD, MOST_ENERGY_WH, json_object
from voltlane.services import count_chargers


def status_of(state: str) -> str:
    """The word that version 1 has for a state."""
    if state == "available":
        return "free"
    return "broken" if state in ("faulted", "maintenance") else "busy"


def one_line(site: Site) -> str:
    """A site's address in a line."""
    return f"{site.street}, {site.postcode} {site.city}"


def charger_v1(charger: Charger) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": charger.code, "site": one_line(charger.site)}
    shown["status"] = status_of(charger.state)
    shown["power"] = round(charger.power_w / 1000, 1)
    return shown


def site_v1(site: Site) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": site.code, "name": site.name, "address": one_line(site)}
    shown["chargers"], shown["free"] = count_chargers(site)
    return shown


def session_v1(session: Session) -> dict[str, Any]:
    euros, cents = divmod(session.cost_cents, 100)
    shown: dict[str, Any] = {"id": session.id, "charger": session.charger.code, "card": session.card}
    shown["start"] = utc(session.started_at)
    shown["end"] = utc(session.ended_at)
    shown["kwh"] = round(session.energy_wh / 1000, 2)
    shown["price"] = f"{euros}.{cents:02}"
    return shown


def utc(time: datetime | None) -> str:
    """A time without a zone, and an empty text for none."""
    return "" if time is None else time.isoformat(" ", "seconds")


def wanted_states() -> list[str] | None:
    """The states that `?status=` stands for, None without one. A word that version 1 doesn't have stands for none."""
    status = request.args.get("status")
    if status is None:
        return None
    return [state for state in STATES if status_of(state) == status]


def wanted_card() -> str:
    """The card that `?card=` names."""
    card = request.args.get("card")
    if not card:
        raise nonsense("card must be the number of a card.")
    return card


def start_v1() -> tuple[str, str]:
    """The charger and the card of a session that is to start."""
    body = json_object()
    charger, card = body.get("charger"), body.get("card")
    if not isinstance(charger, str) or not charger:
        raise nonsense("charger must be the id of a charger.")
    if not isinstance(card, str) or not 0 < len(card) <= LONGEST_CARD:
        raise nonsense("card must be the number of a card.")
    return charger, card


def stop_v1() -> int:
    """The energy of a session that is to end, in watt-hours."""
    kwh = json_object().get("kwh")
    if isinstance(kwh, bool) or not isinstance(kwh, int | float) or not 0 <= kwh * 1000 <= MOST_ENERGY_WH:
        raise nonsense("kwh must be a number from 0 to 500.")
    return round(kwh * 1000)


def nonsense(message: str) -> ApiError:
    return ApiError(400, "invalid", message)
