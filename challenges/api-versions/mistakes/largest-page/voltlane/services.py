"""What can be asked of the network and done with it, whatever version of the API asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from voltlane.errors import ApiError
from voltlane.extensions import db
from voltlane.models import Charger, Session, Site

PAGE_SIZE = 20


@dataclass(frozen=True)
class Page:
    """Some rows of a longer list, from `offset` on, and how long the list is. Without a `limit` all of them."""

    rows: Sequence[Any]
    total: int
    limit: int | None
    offset: int


def find_chargers(states: Collection[str] | None = None, limit: int | None = PAGE_SIZE, offset: int = 0) -> Page:
    """Chargers in any of `states` (None: in any state), by code."""
    query = select(Charger).where(~Charger.taken_down)
    if states is not None:
        query = query.where(Charger.state.in_(states))
    return _page(query, query.options(joinedload(Charger.site)).order_by(Charger.code), limit, offset)


def get_charger(code: str) -> Charger:
    """Raises ApiError 404 when there is none, or it was taken down."""
    charger = db.session.scalar(select(Charger).where(Charger.code == code, ~Charger.taken_down))
    if charger is None:
        raise ApiError(404, "charger_not_found", f"There is no charger {code!r}.")
    return charger


def find_sites() -> Sequence[Site]:
    """All sites, by name."""
    return db.session.scalars(select(Site).options(selectinload(Site.chargers)).order_by(Site.name, Site.id)).all()


def get_site(code: str) -> Site:
    """Raises ApiError 404 when there is none."""
    site = db.session.scalar(select(Site).where(Site.code == code))
    if site is None:
        raise ApiError(404, "site_not_found", f"There is no site {code!r}.")
    return site


def count_chargers(site: Site) -> tuple[int, int]:
    """How many chargers a site has, and how many of them are available."""
    standing = [charger for charger in site.chargers if not charger.taken_down]
    return len(standing), sum(charger.state == "available" for charger in standing)


def find_sessions(card: str, limit: int | None = PAGE_SIZE, offset: int = 0) -> Page:
    """The sessions of a card, the latest first."""
    query = select(Session).where(Session.card == card)
    ordered = query.options(joinedload(Session.charger)).order_by(Session.started_at.desc(), Session.id.desc())
    return _page(query, ordered, limit, offset)


def get_session(number: int) -> Session:
    """Raises ApiError 404 when there is none."""
    session = db.session.get(Session, number)
    if session is None:
        raise ApiError(404, "session_not_found", f"There is no session {number}.")
    return session


def start_session(charger_code: str, card: str) -> Session:
    """Occupy a charger. Raises ApiError 404 for an unknown one, 409 for one that is not available."""
    charger = get_charger(charger_code)
    if charger.state != "available":
        raise ApiError(409, "charger_unavailable", f"Charger {charger.code} is {charger.state}.")
    charger.state = "occupied"
    session = Session(charger=charger, card=card, started_at=_now())
    db.session.add(session)
    db.session.commit()
    return session


def stop_session(number: int, energy_wh: int) -> Session:
    """End a session and say what it costs. Raises ApiError 404 for an unknown one, 409 for one that has ended."""
    session = get_session(number)
    if session.ended_at is not None:
        raise ApiError(409, "session_ended", f"Session {number} has ended.")
    site = session.charger.site
    session.ended_at = _now()
    session.energy_wh = energy_wh
    session.cost_cents = (site.start_fee * 1000 + energy_wh * site.price_per_kwh + 500) // 1000
    if session.charger.state == "occupied":
        session.charger.state = "available"
    db.session.commit()
    return session


def _page(query: Select[Any], ordered: Select[Any], limit: int | None, offset: int) -> Page:
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Page(db.session.scalars(ordered.limit(limit).offset(offset)).all(), total, limit, offset)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
