"""Builds the app and fills it with a hall drawn from the grading's seed: lots, and orders of two mornings.

A request can be held before it writes, to the database or to a file, while another process of the app is asked: two
requests are at it at the same moment for certain, whoever is faster. The hidden suite draws the same hall by
`Hall(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

FLOWERS = (
    "Anemone",
    "Ranunculus",
    "Tulip",
    "Hellebore",
    "Freesia",
    "Ixia",
    "Nerine",
    "Scabiosa",
    "Peony",
    "Lisianthus",
)
COLOURS = ("cream", "dusk", "coral", "ink", "lime", "apricot", "smoke", "rust", "blush", "ivory")
SHOPS = ("Mimosa", "Fern & Bee", "Papaver", "The Green Door", "Stem", "Wildling", "O'Hara's", "Zinnia", "Blattwerk")
#: A request that is held and not let go goes on after this time: it holds what the other one waits for.
HOLD_S = 1.5
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|WITH|BEGIN\s+(IMMEDIATE|EXCLUSIVE))\b", re.IGNORECASE)


class Lot:
    """A row of `lots`."""

    def __init__(self, number: int, name: str, cents: int) -> None:
        self.id = number
        self.name = name
        self.cents = cents

    def line(self, bunches: int) -> dict[str, Any]:
        """So many bunches, as a line of a cart or an order."""
        return {"lot": self.id, "name": self.name, "bunches": bunches, "cents": bunches * self.cents}


class Order:
    """A row of `orders` with its lines."""

    def __init__(self, number: int, florist: str, day: date, slip: int, lines: dict[Lot, int]) -> None:
        self.id = number
        self.florist = florist
        self.day = day
        self.slip = slip
        self.lines = lines

    def shown(self) -> dict[str, Any]:
        """What `GET /orders/<id>` answers."""
        lines = [lot.line(bunches) for lot, bunches in sorted(self.lines.items(), key=lambda line: line[0].id)]
        return {
            "order": self.id,
            "florist": self.florist,
            "day": self.day.isoformat(),
            "slip": self.slip,
            "lines": lines,
            "cents": sum(line["cents"] for line in lines),
        }


class Hall:
    """Five to eight lots, and the orders of the day before and of this morning so far; it is `now`."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"hall {seed}")
        day = date(2027, 1, 1) + timedelta(days=rng.randrange(700))
        self.now = datetime(day.year, day.month, day.day, 5, rng.randrange(60), rng.randrange(60), tzinfo=UTC)
        count = rng.randrange(5, 9)
        names = [f"{flower}, {rng.choice(COLOURS)}" for flower in rng.sample(FLOWERS, count)]
        numbers = sorted(rng.sample(range(1, 900), count))
        self.lots = [Lot(number, name, rng.randrange(150, 1500)) for number, name in zip(numbers, names, strict=True)]
        self.orders: list[Order] = []
        number = rng.randrange(100, 5000)
        for when, slips in ((day - timedelta(days=1), rng.randrange(9, 14)), (day, rng.randrange(2, 7))):
            for slip in range(1, slips + 1):
                number += 1
                lines = {lot: rng.randrange(1, 30) for lot in rng.sample(self.lots, 2)}
                self.orders.append(Order(number, f"{rng.choice(SHOPS)} {rng.randrange(100)}", when, slip, lines))
        self.last = self.orders[-1]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {
            "lots": [{"id": lot.id, "name": lot.name, "cents": lot.cents} for lot in self.lots],
            "orders": [
                {"id": order.id, "florist": order.florist, "day": order.day, "slip": order.slip}
                for order in self.orders
            ],
            "order_lines": [
                {"order_id": order.id, "lot_id": lot.id, "bunches": bunches, "cents": bunches * lot.cents}
                for order in self.orders
                for lot, bunches in order.lines.items()
            ],
        }


class Turnstile:
    """Holds one who comes until it is let go, or for so many seconds: the first, or who comes after so many others."""

    def __init__(self, others: int, seconds: float) -> None:
        self._others = others
        self._seconds = seconds
        self._lock = threading.Lock()
        self._there = threading.Event()
        self._open = threading.Event()

    def pass_through(self) -> None:
        with self._lock:
            held, self._others = self._others == 0, self._others - 1
        if held:
            self._there.set()
            self._open.wait(self._seconds)

    def until_held(self) -> bool:
        return self._there.wait(HOLD_S)

    def let_go(self) -> None:
        self._open.set()


_turnstile: Turnstile | None = None
_watching = False
_folder = ""
_database = Path()


def _before_statement(statement: str) -> None:
    if _turnstile is not None and _WRITES.match(statement):
        _turnstile.pass_through()


def _before_file(event: str, args: tuple[Any, ...]) -> None:
    if _turnstile is None or event not in ("open", "os.rename"):
        return
    path = args[0]
    if not isinstance(path, str | os.PathLike) or not os.path.abspath(path).startswith(_folder):
        return
    writes = event == "os.rename" or bool((args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if writes:
        _turnstile.pass_through()


def _watch() -> None:
    """Be told before anything is written, however: each connection to SQLite made from now on, and each file."""
    global _watching  # noqa: PLW0603
    if _watching:
        return
    _watching = True
    earlier = sqlite3.connect

    def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = earlier(*args, **kwargs)
        connection.set_trace_callback(_before_statement)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
    sqlite3.dbapi2.connect = connect  # type: ignore[assignment]
    sys.addaudithook(_before_file)


def build(context: Any) -> Any:
    """The candidate's app on a seeded SQLite file, without an open connection. A file that is there is left alone."""
    global _turnstile, _folder, _database
    _turnstile, _folder, _database = None, str(context.data_dir), context.data_dir / "bloomhall.db"
    _watch()
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{_database}", "DATA_DIR": str(context.data_dir)})
    if _database.exists():
        return app
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in Hall(context.seed).rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return app


def warm(app: Any) -> None:
    """Ask once for what changes nothing, so that no test is the first to compile a query."""
    client = app.test_client()
    for path in ("/lots", "/carts/none", "/orders/0", "/notice"):
        client.get(path)
    client.post("/gate", json={"order": 0, "code": "none"})
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def hold(others: int = 0, seconds: float = HOLD_S) -> None:
    """Hold the next request that writes, before it does, or before it writes again after so many other writes."""
    global _turnstile  # noqa: PLW0603
    _turnstile = Turnstile(others, seconds)


def until_held() -> bool:
    """Wait until a request is held."""
    return _turnstile is not None and _turnstile.until_held()


def let_go() -> None:
    """Let the request go on."""
    if _turnstile is not None:
        _turnstile.let_go()


def orders_of(florist: str) -> list[int]:
    """The numbers of a florist's orders, as the till reads them."""
    connection = sqlite3.connect(_database)
    try:
        rows = connection.execute("SELECT id FROM orders WHERE florist = ? ORDER BY id", (florist,))
        return [number for (number,) in rows]
    finally:
        connection.close()
