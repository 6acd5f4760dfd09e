"""Builds the harbour board and fills it with berths and calls drawn from the grading's seed.

The hidden suite draws the same by `Harbour(seed)`. Rows are inserted by table; what only the app's side needs is
imported where it is used.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

QUAYS = ("Coal Quay", "Customs Quay", "Fish Quay", "Grain Pier", "Pilot Stairs", "Ropewalk", "Slip", "West Mole")
WHERE = ("inner", "outer", "east", "north; upper")
SHIPS = ("Aurora", "Brynhild", "Cormorán", "Dagmar", "Élise", "Freyja", "Göta", "Hesperus", "Isbjørn", "Juno")
MORE = ("of Leith", "II", "& Sons", "Star", "Maersdal", "<K>", "Trader", "Bay")
CARGOES = ("Barley", "Cement, bagged", "Fishmeal", "Gravel", 'Pipes, 12"', "Rapeseed", "Salt", "Steel; coils")
HARBOURS = ("Ardvey", "Brattholm", "Carrick Sound", "Dunmoor", "Eskmouth", "Fairlead", "Grunnvik")


class Berth:
    """A row of `berths`."""

    def __init__(self, number: int, name: str, length: int, depth: float) -> None:
        self.id = number
        self.name = name
        self.length = length
        self.depth = depth


class Call:
    """A row of `calls`."""

    def __init__(self, number: int, ref: str, ship: str, flag: str, berth: Berth, eta: datetime, cargo: str) -> None:
        self.id = number
        self.ref = ref
        self.ship = ship
        self.flag = flag
        self.berth = berth
        self.eta = eta
        self.cargo = cargo
        self.revision = 1


class Harbour:
    """Three to five berths and five to eight calls, in the order in which the board lists them."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"harbour {seed}")
        self.name = f"{rng.choice(HARBOURS)} {rng.randrange(10, 99)}"
        self.partner = f"https://pilots{rng.randrange(1000)}.example"
        count = rng.randrange(3, 6)
        self.berths = [
            Berth(number, f"{quay}, {rng.choice(WHERE)}", rng.randrange(60, 320), rng.randrange(31, 139) / 10)
            for number, quay in zip(rng.sample(range(1, 90), count), sorted(rng.sample(QUAYS, count)), strict=True)
        ]
        count = rng.randrange(5, 9)
        start = datetime(2026, 1, 5, 4, 10) + timedelta(minutes=rng.randrange(500_000))
        refs = rng.sample(range(10_000, 90_000), count)
        self.calls = [
            Call(
                number,
                f"SK-{ref}",
                f"{ship} {rng.choice(MORE)}",
                rng.choice(("NO", "DK", "FR", "LR", "PT", "EE")),
                rng.choice(self.berths),
                start + timedelta(minutes=200 * place + rng.randrange(190)),
                rng.choice(CARGOES),
            )
            for place, (number, ref, ship) in enumerate(
                zip(rng.sample(range(1, 900), count), refs, rng.sample(SHIPS, count), strict=True)
            )
        ]
        for call in self.calls:
            call.revision = rng.randrange(1, 5)


_harbour = Harbour(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's harbour in its database."""
    global _harbour  # noqa: PLW0603  one app in one process
    _harbour = Harbour(context.seed)
    create_app = context.load()
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "HARBOUR_NAME": _harbour.name,
            "PARTNER_ORIGINS": [_harbour.partner],
        }
    )
    with app.app_context():
        _store(app.extensions["sqlalchemy"])
    return app


def warm(app: Any) -> None:
    """Ask once for what most tests ask for, so that no test is the first to compile a query or a page."""
    client = app.test_client()
    ref = _harbour.calls[0].ref
    for path in ("/calls", f"/calls/{ref}", "/berths", "/nowhere"):
        for accept in ("text/html", "application/json", "text/csv", "text/calendar"):
            client.get(path, headers={"Accept": accept})
    with app.app_context():
        app.extensions["sqlalchemy"].session.remove()


def _store(db: Any) -> None:
    db.create_all()
    tables = db.metadata.tables
    berths = sorted(_harbour.berths, key=lambda berth: berth.id)
    rows = [{"id": each.id, "name": each.name, "length": each.length, "depth": each.depth} for each in berths]
    db.session.execute(tables["berths"].insert(), rows)
    calls = sorted(_harbour.calls, key=lambda call: call.id)
    rows = [
        {
            "id": call.id,
            "ref": call.ref,
            "ship": call.ship,
            "flag": call.flag,
            "berth_id": call.berth.id,
            "eta": call.eta,
            "cargo": call.cargo,
            "revision": call.revision,
        }
        for call in calls
    ]
    db.session.execute(tables["calls"].insert(), rows)
    db.session.commit()
    db.session.remove()
