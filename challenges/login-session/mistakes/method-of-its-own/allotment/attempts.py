"""Refused sign-ins, by e-mail address, whether a member has it or not."""

import math
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from allotment.extensions import db
from allotment.models import RefusedSignIn

MOST = 5
COUNTED_FOR = timedelta(minutes=15)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def seconds_to_wait(email: str) -> int:
    """0 if a sign-in may be tried now."""
    counted = RefusedSignIn.at > _now() - COUNTED_FOR
    latest_first = select(RefusedSignIn.at).where(RefusedSignIn.email == email, counted).order_by(RefusedSignIn.at.desc())
    times = db.session.scalars(latest_first.limit(MOST)).all()
    if len(times) < MOST:
        return 0
    return math.ceil((times[-1] + COUNTED_FOR - _now()).total_seconds())


def remember(email: str) -> None:
    """One more was refused just now."""
    now = _now()
    db.session.execute(delete(RefusedSignIn).where(RefusedSignIn.at <= now - COUNTED_FOR))
    db.session.add(RefusedSignIn(email=email, at=now))
    db.session.commit()


def forget(email: str) -> None:
    """The next ones are counted from none."""
    db.session.execute(delete(RefusedSignIn).where(RefusedSignIn.email == email))
