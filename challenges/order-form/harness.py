"""Builds the app and fills it with a wardrobe drawn from the grading's seed: no two gradings have the same orders.

The hidden suite draws the same one by `Wardrobe(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from typing import Any

PRESS_CENTS = 150
THINGS = ("Cloak", "Doublet", "Tabard", "Frock coat", "Kirtle", "Toga", "Tutu", "Livery", "Habit", "Kimono", "Tailcoat")
LOOKS = ("moss green", "silver", "threadbare", "brocade", "crimson", "striped", "moth-eaten & patched", "gold lace")
TROUPES = ("Players", "Drama Circle", "Grammar School", "Musical Society", "Mummers", "Light Opera")
PLACES = ("Youghal", "Bantry", "Cobh", "Macroom", "Kinsale", "Fermoy", "Skibbereen", "Blarney", "Charleville")
LETTERS = "BCDFGHKLMPRSTVWZ"


class Costume:
    """A row of `costumes`."""

    def __init__(self, number: int, code: str, title: str, pieces: int, day_cents: int) -> None:
        self.id = number
        self.code = code
        self.title = title
        self.pieces = pieces
        self.day_cents = day_cents


class Line:
    """A row of `order_lines`."""

    def __init__(self, number: int, costume: Costume, rng: random.Random, packed: bool) -> None:
        self.id = number
        self.costume = costume
        self.count = rng.randrange(2, 12)
        self.note = rng.choice(("", f"size {rng.randrange(34, 60)}", f'"{rng.randrange(100)}" <inside> & out'))
        self.press = rng.random() < 0.5
        self.packed = packed

    def sent(self) -> dict[str, Any]:
        """What the form of the stored order holds of the line."""
        return {
            "id": str(self.id),
            "costume": self.costume.code,
            "count": str(self.count),
            "note": self.note,
            "press": self.press,
        }


class Order:
    """A row of `orders`, and its lines from top to bottom."""

    def __init__(self, number: int, company: str, days: int, lines: list[Line]) -> None:
        self.id = number
        self.company = company
        self.days = days
        self.lines = lines

    def cents(self, line: Line) -> int:
        return line.count * (line.costume.day_cents * self.days + PRESS_CENTS * line.press)

    @property
    def total_cents(self) -> int:
        return sum(self.cents(line) for line in self.lines)

    def listed(self) -> dict[str, Any]:
        """What `GET /orders.json` shows."""
        return {
            "id": self.id,
            "company": self.company,
            "days": self.days,
            "lines": len(self.lines),
            "total_cents": self.total_cents,
        }

    def packing(self) -> dict[str, Any]:
        """What `GET /orders/<id>.json` shows."""
        lines = [
            line.sent()
            | {
                "id": line.id,
                "title": line.costume.title,
                "count": line.count,
                "packed": line.packed,
                "cents": self.cents(line),
            }
            for line in self.lines
        ]
        return {key: value for key, value in self.listed().items() if key != "lines"} | {"lines": lines}


class Wardrobe:
    """Nine to eleven costumes, of each 44 pieces and more; three or four orders of five or six lines.

    Every second line of an order is packed. Ids are in another order than the lines. No two costumes have one fee.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"wardrobe {seed}")
        count = rng.randrange(9, 12)
        fees = rng.sample(range(200, 3000, 5), count)
        codes = [f"{''.join(rng.sample(LETTERS, 3))}-{number:03}" for number in rng.sample(range(1, 999), count)]
        self.costumes = [
            Costume(number, code, f"{thing}, {rng.choice(LOOKS)}", rng.randrange(44, 81), fee)
            for number, code, thing, fee in zip(
                rng.sample(range(1, 500), count), codes, rng.sample(THINGS, count), fees, strict=True
            )
        ]

        # With room between them: should the largest be deleted first, SQLite gives new lines none of these.
        line_ids = rng.sample(range(1, 9000, 12), 24)
        order_ids = sorted(rng.sample(range(1, 900), rng.randrange(3, 5)))
        self.orders = []
        for number, place in zip(order_ids, rng.sample(PLACES, len(order_ids)), strict=True):
            packed = rng.random() < 0.5
            lines = []
            for costume in rng.sample(self.costumes, rng.randrange(5, 7)):
                lines.append(Line(line_ids.pop(), costume, rng, packed))
                packed = not packed
            self.orders.append(Order(number, f"{place} {rng.choice(TROUPES)}", rng.randrange(1, 28), lines))
        self.order, self.other = rng.sample(self.orders, 2)

    def listed(self) -> list[dict[str, Any]]:
        """What `GET /orders.json` shows."""
        return [order.listed() for order in self.orders]


def build(context: Any) -> Any:
    """The candidate's app with the seed's wardrobe in its database."""
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        _store(app.extensions["sqlalchemy"], Wardrobe(context.seed))
    return app


def _store(db: Any, wardrobe: Wardrobe) -> None:
    db.create_all()
    tables = db.metadata.tables
    db.session.execute(tables["costumes"].insert(), [vars(costume) for costume in wardrobe.costumes])
    for order in wardrobe.orders:
        db.session.execute(
            tables["orders"].insert(),
            {"id": order.id, "company": order.company, "days": order.days, "total_cents": order.total_cents},
        )
        for position, line in enumerate(order.lines):
            row = {
                "id": line.id,
                "order_id": order.id,
                "position": position,
                "costume_id": line.costume.id,
                "count": line.count,
                "note": line.note,
                "press": line.press,
                "packed": line.packed,
            }
            db.session.execute(tables["order_lines"].insert(), row)
    db.session.commit()
    db.session.remove()


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a template or a query."""
    client = app.test_client()
    first = client.get("/orders.json").json["orders"][0]["id"]
    for path in ("/orders/new", f"/orders/{first}", f"/orders/{first}.json", f"/orders/{first}/edit"):
        client.get(path)
    client.post(f"/orders/{first}/edit", data={"lines-0-costume": "none", "lines-0-count": "1"})
