"""Builds the desk over PostgreSQL, with nights drawn from the grading's seed, and gives it a weather service.

The suite draws the same nights by `Desk(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
import threading
from datetime import date, timedelta
from typing import Any

TELESCOPES = ("Merz refractor", "Long tom", "Schmidt camera", "Dobson 20", "North dome", "Sun tower", "Old reflector")
OBSERVERS = ("Imke", "Ole", "Runa", "Tarik", "Vera", "Wenzel", "Yara", "Bram", "Cleo", "Dag", "Esra", "Finn")
TARGETS = ("M 31", "M 13", "NGC 7662", "Mizar", "Saturn", "Vesta", "M 57", "Albireo", "NGC 891", "M 1", "Castor")
SKIES = ("clear", "thin cloud", "fog", "showers", "overcast", "dew", "moonlight", "gusts")


class Desk:
    """Some ten nights. `free` are three with eight hours and more, by id; `full` is one that is booked out.

    `connections` is how many the database has for the process, `wait` seconds it waits for one, `retry_after` what
    people are told then.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"skerry {seed}")
        count = rng.randrange(9, 13)
        first = date(2026, 1, 1) + timedelta(days=rng.randrange(600))
        numbers = rng.sample(range(100, 900), count)
        days = sorted(rng.sample(range(40), count))
        booking = rng.randrange(2_000, 8_000)
        self.nights: list[dict[str, Any]] = []
        self.bookings: list[dict[str, Any]] = []
        for place, (number, day) in enumerate(zip(numbers, days, strict=True)):
            taken = rng.randrange(1, 4)
            hours = taken if place == 0 else taken + rng.randrange(8, 13)
            self.nights.append(
                {
                    "id": number,
                    "date": first + timedelta(days=day),
                    "telescope": rng.choice(TELESCOPES),
                    "hours": hours,
                }
            )
            for _ in range(taken):
                booking += rng.randrange(1, 5)
                self.bookings.append(
                    {
                        "id": booking,
                        "night_id": number,
                        "observer": f"{rng.choice(OBSERVERS)} {rng.randrange(100)}",
                        "target": rng.choice(TARGETS),
                    }
                )
        self.full = self.nights[0]
        self.free = self.nights[1:]
        self.connections = rng.randrange(2, 4)
        self.wait = 0.15 + rng.randrange(10) / 200
        self.retry_after = rng.randrange(3, 90)
        self.skies = {
            night["date"].isoformat(): f"{rng.choice(SKIES)}, {rng.randrange(-9, 20)} °C" for night in self.nights
        }

    def row(self, night: dict[str, Any], more: int = 0) -> dict[str, Any]:
        """A night as the list shows it, after so many more bookings."""
        taken = sum(booking["night_id"] == night["id"] for booking in self.bookings) + more
        return {
            "id": night["id"],
            "date": night["date"].isoformat(),
            "telescope": night["telescope"],
            "free": night["hours"] - taken,
        }

    def rows(self) -> list[dict[str, Any]]:
        return [self.row(night) for night in sorted(self.nights, key=lambda night: night["date"])]


class Weather:
    """The weather service; while `held`, whoever asks waits."""

    def __init__(self, skies: dict[str, str]) -> None:
        self._skies = skies
        self._changed = threading.Condition()
        self._held = False
        self._waiting = 0

    def __call__(self, date: str) -> str:
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._held)
            self._waiting -= 1
        return self._skies[date]

    def hold(self) -> None:
        self._held = True

    def until_waiting(self, count: int, seconds: float) -> bool:
        """Whether so many wait, in at most so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting >= count, seconds)

    def let_go(self) -> None:
        with self._changed:
            self._held = False
            self._changed.notify_all()


_weather: list[Weather] = []


def hold_weather() -> None:
    _weather[0].hold()


def until_weather(count: int, seconds: float) -> bool:
    return _weather[0].until_waiting(count, seconds)


def let_weather_go() -> None:
    _weather[0].let_go()


def build(context: Any) -> Any:
    """The candidate's app with the seed's nights in its database."""
    desk = Desk(context.seed)
    _weather[:] = [Weather(desk.skies)]
    app = context.load()(
        {
            "DATABASE_URL": context.database_url,
            "DB_CONNECTIONS": desk.connections,
            "DB_WAIT": desk.wait,
            "DB_RETRY_AFTER": desk.retry_after,
            "WEATHER": _weather[0],
        }
    )
    from skerry.models import Base
    from sqlalchemy import NullPool, create_engine, insert, text

    engine = create_engine(context.database_url, poolclass=NullPool)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Base.metadata.tables["nights"]), desk.nights)
        connection.execute(insert(Base.metadata.tables["bookings"]), desk.bookings)
        last = max(booking["id"] for booking in desk.bookings)
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('bookings', 'id'), {last})"))
    engine.dispose()
    return app
