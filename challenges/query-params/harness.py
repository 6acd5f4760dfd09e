"""Stores a timetable drawn from the grading's seed. The hidden suite draws the same one by `Timetable(seed)`."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

NAMES = ("Kehl", "Gent Zeehaven", "Trieste Porto", "Malmö", "Gdańsk Port", "Duisburg", "Zeebrugge", "Budapest BILK")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KINDS = ("tank", "flat", "hopper", "covered")


class Timetable:
    """Rows of each table as dictionaries: `terminals`, `paths` by departure and number, `wagons` by number."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"timetable {seed}")
        codes = {"".join(rng.choices(LETTERS, k=3)) for _ in range(40)}
        self.codes = rng.sample(sorted(codes), 5)
        self.operators = ["".join(rng.choices(LETTERS, k=length)) for length in (2, 3, 4, 5)]
        self.terminals = [
            {"code": code, "name": name} for code, name in zip(self.codes, rng.sample(NAMES, 5), strict=True)
        ]
        self.day = date(2026, 1, 1) + timedelta(days=rng.randrange(300))
        # Prices that are no whole number of cents once they were a float, by which a search could miss them.
        self.awkward = rng.sample([cents for cents in range(100_000, 400_000) if int(cents / 100 * 100) != cents], 12)
        self.paths = [self._path(rng, number) for number in rng.sample(range(100, 10_000), 36)]
        for path, cents in zip(self.paths, self.awkward, strict=False):
            path["price_cents"] = cents
        self.paths.sort(key=lambda path: (path["departs_at"], path["id"]))
        self.wagons = [self._wagon(rng, number) for number in sorted(rng.sample(range(1_000, 90_000), 24))]

    def _path(self, rng: random.Random, number: int) -> dict[str, Any]:
        origin, target = rng.sample(self.codes, 2)
        day = self.day + timedelta(days=rng.randrange(3))
        departs_at = datetime(day.year, day.month, day.day) + timedelta(minutes=rng.randrange(24 * 60))
        return {
            "id": number,
            "origin_code": origin,
            "target_code": target,
            "departs_at": departs_at,
            "arrives_at": departs_at + timedelta(minutes=rng.randrange(200, 1_500)),
            "operator": rng.choice(self.operators),
            "wagons": rng.randrange(5, 45),
            "axle_load_kg": rng.randrange(150, 250) * 100,
            "price_cents": rng.randrange(100_000, 400_000),
            "hazardous": rng.random() < 0.5,
            "electric": rng.random() < 0.5,
        }

    def _wagon(self, rng: random.Random, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "type": rng.choice(KINDS),
            "axles": rng.choice((2, 4, 6)),
            "payload_kg": rng.randrange(200, 700) * 100,
            "heated": rng.random() < 0.5,
            "free_from": self.day + timedelta(days=rng.randrange(20)),
        }


def build(context: Any) -> Any:
    """The candidate's app with the seed's timetable in its database."""
    timetable = Timetable(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table in ("terminals", "paths", "wagons"):
            rows = list(getattr(timetable, table))
            random.Random(context.seed).shuffle(rows)
            db.session.execute(db.metadata.tables[table].insert(), rows)
        db.session.commit()
    return app


def warm(app: Any) -> None:
    """Compile what most tests ask the database for."""
    client = app.test_client()
    for path in ("/paths", "/wagons", "/terminals"):
        client.get(path)
