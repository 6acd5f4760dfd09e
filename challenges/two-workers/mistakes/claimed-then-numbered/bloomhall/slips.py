"""The numbers that the porters call out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from bloomhall.extensions import db
from bloomhall.models import Order


def next_slip(day: date) -> int:
    """1, 2, 3 … on each day. To be asked for after a write of the same transaction, so that nobody else asks meanwhile."""
    last = db.session.scalar(select(func.max(Order.slip)).where(Order.day == day))
    return (last or 0) + 1
