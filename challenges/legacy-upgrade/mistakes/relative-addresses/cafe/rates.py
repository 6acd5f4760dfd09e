"""What an hour costs, by kind of thing. It's in the database, and doesn't change during an evening."""

from __future__ import annotations

from threading import Lock

from flask import Flask, current_app
from sqlalchemy import select

from cafe.database import session
from cafe.models import Rate


class Rates:
    """Read when they are needed first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._cents: dict[str, int] | None = None

    def cents(self) -> dict[str, int]:
        with self._lock:
            if self._cents is None:
                self._cents = {rate.kind: rate.cents for rate in session().scalars(select(Rate))}
            return self._cents


def init_app(app: Flask) -> None:
    app.extensions["rates"] = Rates()
    # The first request of any kind settles them, as it always did.
    app.before_request(lambda: rates() and None)


def rates() -> dict[str, int]:
    return current_app.extensions["rates"].cents()
