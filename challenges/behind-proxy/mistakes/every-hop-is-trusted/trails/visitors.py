"""Where visitors come from."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import abort, current_app
from sqlalchemy import func, select

from trails.extensions import db
from trails.models import Blocked, Report, now


def in_office(where: str | None) -> bool:
    """Whether an address is one of the office's."""
    return any(ip_address(where or "") in ip_network(network) for network in current_app.config["OFFICE"])


def refuse_abuse(where: str) -> None:
    """End the request if no report is taken from this address, or none any more today."""
    if db.session.get(Blocked, where) is not None:
        abort(403, "No reports are taken from your address. Please call the office.")
    recent = select(func.count()).where(Report.address == where, Report.created > now() - timedelta(days=1))
    if db.session.scalars(recent).one() >= current_app.config["DAILY"]:
        abort(429, "There have been many reports from your address today. Please call the office.")
