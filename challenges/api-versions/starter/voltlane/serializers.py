"""How models look in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from voltlane.models import Charger, Session, Site
from voltlane.services import count_chargers


def address_json(site: Site) -> dict[str, Any]:
    return {"street": site.street, "postcode": site.postcode, "city": site.city}


def charger_json(charger: Charger) -> dict[str, Any]:
    site = charger.site
    return {
        "code": charger.code,
        "state": charger.state,
        "power_w": charger.power_w,
        "site": {"code": site.code, "name": site.name, "address": address_json(site)},
    }


def site_json(site: Site) -> dict[str, Any]:
    total, available = count_chargers(site)
    return {
        "code": site.code,
        "name": site.name,
        "address": address_json(site),
        "availability": {"total": total, "available": available},
    }


def session_json(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "charger_code": session.charger.code,
        "card_id": session.card,
        "started_at": time_json(session.started_at),
        "ended_at": time_json(session.ended_at) if session.ended_at else None,
        "energy_wh": session.energy_wh,
        "price": {"amount_cents": session.cost_cents, "currency": "EUR"},
    }


def time_json(time: datetime) -> str:
    return time.isoformat(timespec="seconds") + "Z"
