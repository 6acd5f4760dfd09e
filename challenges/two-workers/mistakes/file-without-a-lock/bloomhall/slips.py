"""The numbers that the porters call out."""

from __future__ import annotations

from datetime import date

from bloomhall.extensions import db
from bloomhall.models import Order


def next_slip(day: date) -> int:
    """1, 2, 3 … on each day: one more than there are orders. Orders are made one after the other, and none is deleted."""
    return db.session.query(Order).filter_by(day=day).count() + 1
