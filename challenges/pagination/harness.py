"""Builds the stockroom and fills it with parts drawn from the grading's seed.

The hidden suite draws the same warehouse by `Warehouse(seed)`; what only the app's side needs is imported where
it is used.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

THINGS = ("bearing", "gasket", "impeller", "bushing", "shackle", "coupling", "clamp", "nozzle", "bracket", "washer")
KINDS = ("Needle", "Flat", "Thrust", "Split", "Brass", "Radial", "Nylon", "Conical", "Slotted", "Spare")
#: Names of three categories hold what ends a value in a query, that of the fourth what a query must escape as well.
WITH_AMPERSAND = ("Seals & gaskets", "Pumps & valves", "Belts & chains", "Größe L & XL")
WITH_PLUS = ("Nuts + bolts", "Wire + rope", "Ø 12+ shafts", "Grease+oil")
WITH_HASH = ("Hose #4", "Screws #8/32", "Ås hinges #2", "Cable #10")
OTHERS = ("O-rings/cords", "100% nylon", "Tape = glue", "What's left?", "Springs; dampers")
SUPPLIERS = ("Kugler", "Novaseal", "Brandt & Son", "Pellworm", "Oriel Drives", "Sato", "Tamworth", "Ibarra", "Quell")
TOWNS = (
    "Graz",
    "Tampere",
    "Lyon",
    "Brno",
    "Leeds",
    "Porto",
    "Turku",
    "Bilbao",
    "Aarhus",
    "Delft",
    "Cork",
    "Pisa",
    "Ulm",
)


class Warehouse:
    """Parts, suppliers and movements as rows, drawn from a seed.

    `per_page` and `max_per_page` are the app's settings. The category `even` has exactly two pages of parts, `odd` two
    pages and some more, `small` less than one, and `rest` makes the whole stock longer than the longest page. `busy`
    is a part with movements, several of each moment; `quiet` is one without.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"warehouse {seed}")
        self.per_page = rng.randrange(6, 10)
        self.max_per_page = rng.randrange(32, 41)
        self.even, self.odd, self.small = (rng.choice(names) for names in (WITH_AMPERSAND, WITH_PLUS, WITH_HASH))
        self.rest = rng.choice(OTHERS)
        self.suppliers = self._draw_suppliers(rng)

        sizes = {
            self.even: 2 * self.per_page,
            self.odd: 2 * self.per_page + rng.randrange(2, self.per_page - 1),
            self.small: rng.randrange(3, self.per_page - 1),
        }
        sizes[self.rest] = self.max_per_page + rng.randrange(8, 15) - sum(sizes.values())
        sizes[self.rest] = max(sizes[self.rest], 4)
        places = [category for category, size in sizes.items() for _ in range(size)]
        rng.shuffle(places)
        names = [f"{kind} {thing}" for kind, thing in zip(rng.sample(KINDS, 5), rng.sample(THINGS, 5), strict=True)]
        quantities = rng.sample(range(400), 6)
        days = [date(2026, 1, 5) + timedelta(days=number) for number in rng.sample(range(200), 4)]
        prefix = "".join(rng.choices("BDGHKMRTX", k=2))
        numbers = rng.sample(range(1_000, 10_000), len(places))
        self.parts = [
            {
                "id": number,
                "number": f"{prefix}-{digits}",
                "name": rng.choice(names),
                "category": category,
                "bin": f"{rng.choice('ABCDEF')}-{rng.randrange(1, 100):02}",
                "quantity": rng.choice(quantities),
                "counted_on": rng.choice(days),
                "supplier_id": rng.choice(self.suppliers)["id"],
            }
            for number, digits, category in zip(
                sorted(rng.sample(range(1, 900), len(places))), numbers, places, strict=True
            )
        ]
        self.busy, self.quiet = rng.sample(self.parts, 2)
        moments = [datetime(2026, 5, 4, 8) + timedelta(minutes=number) for number in rng.sample(range(90_000), 4)]
        ids = sorted(rng.sample(range(1, 900), rng.randrange(17, 22)))
        self.movements = [
            {
                "id": number,
                "part_id": self.busy["id"],
                "kind": "out" if index % 3 == 1 else "in",
                "quantity": rng.randrange(1, 200),
                "note": f"order {rng.randrange(1_000, 9_999)}" if rng.random() < 0.5 else "",
                "at": moments[index % 4],
            }
            for index, number in enumerate(ids)
        ]

    @staticmethod
    def _draw_suppliers(rng: random.Random) -> list[dict[str, Any]]:
        """Eleven to thirteen, of which two pairs and two threes share a name, and not in order of their codes."""
        alone = rng.randrange(1, 4)
        several = rng.sample(SUPPLIERS, 4 + alone)
        names = [*several[:2] * 3, *several[2:4] * 2, *several[4:]]
        towns = rng.sample(TOWNS, len(names))
        codes = rng.sample([f"{a}{b}{n}" for a in "BKNST" for b in "AEIOU" for n in range(1, 10)], len(names))
        ids = sorted(rng.sample(range(1, 90), len(names)))
        while True:
            rng.shuffle(names)
            rows = [
                {"id": number, "code": code, "name": name, "town": town}
                for number, code, name, town in zip(ids, codes, names, towns, strict=True)
            ]
            by_code = sorted(rows, key=lambda row: (row["name"], row["code"]))
            by_id = sorted(rows, key=lambda row: row["name"])
            by_last_id = sorted(rows, key=lambda row: (row["name"], -row["id"]))
            if by_code not in (by_id, by_last_id):
                return rows

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {"suppliers": self.suppliers, "parts": self.parts, "movements": self.movements}


_warehouse = Warehouse(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's warehouse in its database."""
    global _warehouse  # noqa: PLW0603  one app in one process
    _warehouse = Warehouse(context.seed)
    create_app = context.load()
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "PER_PAGE": _warehouse.per_page,
            "MAX_PER_PAGE": _warehouse.max_per_page,
        }
    )
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in _warehouse.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query or a template."""
    client = app.test_client()
    busy = _warehouse.busy["number"]
    for path in ("/api/parts", f"/api/parts/{busy}/movements", f"/api/parts/{busy}", "/api/suppliers", "/stock"):
        client.get(path)
        client.get(path, query_string={"page": "2", "per_page": "4", "sort": "-name"})
        client.get(path, query_string={"page": "x"})
        client.get(path, query_string={"category": [_warehouse.even, _warehouse.odd], "kind": "in"})
