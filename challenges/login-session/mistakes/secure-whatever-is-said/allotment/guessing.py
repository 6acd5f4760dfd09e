"""How often a sign-in may be tried."""

import math
import time

from allotment.extensions import db
from allotment.models import Guesses

ALLOWED = 5
WINDOW_S = 15 * 60


class Guessing:
    """What is known of sign-ins with one address."""

    def __init__(self, email: str) -> None:
        self._row = db.session.get(Guesses, email) or Guesses(email=email, times=[])
        self._now = time.time()

    def _recent(self) -> list[float]:
        return [at for at in self._row.times if self._now < at + WINDOW_S]

    def must_wait(self) -> int | None:
        """Whole seconds until the next may be tried, or None for at once."""
        recent = self._recent()
        if len(recent) < ALLOWED:
            return None
        return math.ceil(recent[0] + WINDOW_S - self._now)

    def was_wrong(self) -> None:
        self._row.times = [*self._recent(), self._now]
        db.session.add(self._row)
        db.session.commit()

    def was_right(self) -> None:
        self._row.times = []
        db.session.add(self._row)
