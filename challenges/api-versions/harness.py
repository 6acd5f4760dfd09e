"""Builds the network and fills it with sites, chargers and sessions drawn from the grading's seed.

Rows are inserted by table, not through the models. The hidden suite draws the same network by `Grid(seed)`; what only
the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

PLACES = ("Abbey", "Brook", "Cedar", "Dover", "Elm", "Foundry", "Glen", "Hollow", "Ivy", "Juniper", "Kiln", "Linden")
KINDS = ("Arcade", "Court", "Depot", "Gardens", "Market", "Park", "Quay", "Square", "Terminal", "Yard")
STREETS = ("Canal Street", "Mill Lane", "Ring Road", "Queensway", "Old Bridge", "Tannery Row", "Western Avenue")
CITIES = ("Amberley", "Blackford", "Corriston", "Dunmere", "Eastholm", "Fairwick")
LETTERS = "BCDFGHKLMNPQRSTVWXZ"
POWERS_W = (3_680, 7_360, 11_000, 22_000, 50_000, 149_990)


class Grid:
    """Three sites, 24 to 30 chargers that stand and two that were taken down, and the sessions of two cards.

    Rows are dicts with the columns' names. `of_state` has some charger of each state on which nothing goes on.
    `regular` is a card with more than a hundred sessions, the last of which goes on; `rare` one with two, the first of
    which was at a charger that was taken down since. `unused` is no card's.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"grid {seed}")
        self.deprecated_on = date(2026, 1, 1) + timedelta(days=rng.randrange(700))
        self.sunset_on = self.deprecated_on + timedelta(days=rng.randrange(200, 900))
        self.guide_url = f"https://docs{rng.randrange(100, 1_000)}.voltlane.example/{_letters(rng, 5)}"
        self.sites = self._draw_sites(rng)
        self.chargers = self._draw_chargers(rng)
        self.standing = sorted((row for row in self.chargers if not row["taken_down"]), key=lambda row: row["code"])
        self.regular, self.rare, self.unused = (f"C-{number}" for number in rng.sample(range(100_000, 1_000_000), 3))
        self.sessions = self._draw_sessions(rng)
        used = {row["charger_id"] for row in self.sessions if row["ended_at"] is None}
        idle = [row for row in self.standing if row["id"] not in used]
        self.of_state = {
            state: rng.choice([row for row in idle if row["state"] == state])
            for state in ("available", "occupied", "reserved", "faulted", "maintenance")
        }

    def _draw_sites(self, rng: random.Random) -> list[dict[str, Any]]:
        names = [f"{place} {kind}" for place, kind in zip(rng.sample(PLACES, 3), rng.sample(KINDS, 3), strict=True)]
        return [
            {
                "id": number,
                "code": _letters(rng, 2) + str(number % 1_000),
                "name": name,
                "street": f"{rng.choice(STREETS)} {rng.randrange(1, 120)}",
                "postcode": str(rng.randrange(1_000, 9_999)),
                "city": rng.choice(CITIES),
                "start_fee": rng.randrange(20, 120),
                # Odd, so that there are energies that cost half a cent.
                "price_per_kwh": rng.randrange(31, 79, 2),
            }
            for number, name in zip(rng.sample(range(100, 1_000), 3), names, strict=True)
        ]

    def _draw_chargers(self, rng: random.Random) -> list[dict[str, Any]]:
        standing = rng.randrange(24, 31)
        states = [
            *("available",) * 7,
            *("occupied",) * 4,
            *("reserved", "faulted", "maintenance") * 2,
            *rng.choices(("available", "reserved", "faulted", "maintenance"), k=standing - 17),
            *("available",) * 2,
        ]
        family, numbers = _letters(rng, 3), rng.sample(range(1_000, 10_000), len(states))
        rows = [
            {
                "id": number,
                "code": f"{family}-{code}",
                "site_id": rng.choice(self.sites)["id"],
                "state": state,
                "power_w": rng.choice(POWERS_W),
                "taken_down": index >= standing,
            }
            for index, (number, code, state) in enumerate(
                zip(rng.sample(range(1, 9_000), len(states)), numbers, states, strict=True)
            )
        ]
        rng.shuffle(rows)
        return rows

    def _draw_sessions(self, rng: random.Random) -> list[dict[str, Any]]:
        gone = [row for row in self.chargers if row["taken_down"]]
        plan = [(self.regular, True, rng.choice(self.standing)) for _ in range(rng.randrange(101, 112))]
        plan.append((self.rare, True, rng.choice(gone)))
        busy = rng.sample([row for row in self.standing if row["state"] == "occupied"], 2)
        plan += zip((self.regular, self.rare), (False, False), busy, strict=True)
        numbers = rng.sample(range(1_000, 100_000), len(plan))
        # Two costs that are easily written wrong.
        costs = [rng.randrange(1, 9) * 10 + 400, rng.randrange(1, 10)]
        start = datetime(2026, 1, 5) + timedelta(seconds=rng.randrange(10**7))
        rows = []
        for number, (card, ended, charger) in zip(numbers, plan, strict=True):
            start += timedelta(seconds=rng.randrange(4_000, 90_000))
            # No half of what is rounded to two decimals of a kWh.
            energy = rng.randrange(100, 6_000) * 10 + rng.choice((0, 1, 2, 3, 4, 6, 7, 8, 9))
            rows.append(
                {
                    "id": number,
                    "charger_id": charger["id"],
                    "card": card,
                    "started_at": start,
                    "ended_at": start + timedelta(seconds=rng.randrange(600, 3_900)) if ended else None,
                    "energy_wh": energy if ended else 0,
                    "cost_cents": (costs.pop() if costs else rng.randrange(100, 4_000)) if ended else 0,
                }
            )
        rng.shuffle(rows)
        return rows

    def site_of(self, charger: dict[str, Any]) -> dict[str, Any]:
        """The site at which a charger stands."""
        return next(row for row in self.sites if row["id"] == charger["site_id"])

    def charger_of(self, session: dict[str, Any]) -> dict[str, Any]:
        """The charger of a session."""
        return next(row for row in self.chargers if row["id"] == session["charger_id"])

    def sessions_of(self, card: str) -> list[dict[str, Any]]:
        """A card's sessions, in the order in which they began."""
        return sorted((row for row in self.sessions if row["card"] == card), key=lambda row: row["started_at"])

    def config(self) -> dict[str, str]:
        """What the app's configuration says about version 1."""
        return {
            "V1_DEPRECATED_ON": self.deprecated_on.isoformat(),
            "V1_SUNSET_ON": self.sunset_on.isoformat(),
            "V1_GUIDE_URL": self.guide_url,
        }


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(LETTERS, k=count))


_grid = Grid(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's network in its database."""
    global _grid  # noqa: PLW0603  one app in one process
    _grid = Grid(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", **_grid.config()})
    with app.app_context():
        _store(app.extensions["sqlalchemy"])
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query; then start afresh."""
    client = app.test_client()
    charger, session = _grid.standing[0]["code"], _grid.sessions[0]["id"]
    for version in ("v1", "v2"):
        for path in (
            *("chargers", f"chargers/{charger}", "sites", f"sites/{_grid.sites[0]['code']}", f"sessions/{session}"),
            *("sessions?card=C-1&card_id=C-1", "chargers?status=free&state=available"),
        ):
            client.get(f"/{version}/{path}")
    for free in [row["code"] for row in _grid.standing if row["state"] == "available"][:2]:
        begun = client.post("/v2/sessions", json={"charger_code": free, "card_id": "warm"})
        if begun.status_code == 201 and begun.is_json:
            client.patch(f"/v2/sessions/{begun.json.get('id')}", json={"energy_wh": 1})
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.session.remove()
        db.drop_all()
        _store(db)


def _store(db: Any) -> None:
    db.create_all()
    for table, rows in (("sites", _grid.sites), ("chargers", _grid.chargers), ("sessions", _grid.sessions)):
        db.session.execute(db.metadata.tables[table].insert(), rows)
    db.session.commit()
    db.session.remove()
