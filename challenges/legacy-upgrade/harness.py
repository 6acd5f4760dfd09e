"""Builds the café's book with an evening drawn from the grading's seed, and writes down what warns of the app.

The suite draws the same evening by `Evening(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import runpy
import sqlite3
import sys
import warnings
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

NAMES = (
    "Inge Hölzl",
    "Bo Lund",
    "Zoë Ångström",
    "Nuno Conceição",
    "Łucja Źrebiec",
    "Ays Gül",
    "Tom O'Hara",
    "Ré Müller",
)
STREETS = ("Café-Gasse", "Ölmühle", "Rua São João", "Ulica Żabia", "Mill & Weir", "Högvägen", "At the Lock")
THINGS = ("kettle", "radio", "toy", "lamp", "mixer", "coat", "bicycle", "clock", "printer")
FAULTS = (
    "leaks",
    "hums",
    "no light",
    "smells of fish",
    "turns left only",
    "is too loud",
    "won't stop",
    "cracked",
    "stuck",
)
STATES = ("waiting", "mended", "given up")
#: The tables as they are in the database that was saved. An app may have made them already, from its own models.
TABLES = """
    CREATE TABLE IF NOT EXISTS visitors (
        id INTEGER NOT NULL PRIMARY KEY, name VARCHAR NOT NULL, email VARCHAR NOT NULL UNIQUE, street VARCHAR NOT NULL,
        password VARCHAR NOT NULL
    );
    CREATE TABLE IF NOT EXISTS items (
        id INTEGER NOT NULL PRIMARY KEY, visitor_id INTEGER NOT NULL REFERENCES visitors (id), kind VARCHAR NOT NULL,
        fault VARCHAR NOT NULL, state VARCHAR NOT NULL, brought_on DATE NOT NULL, estimate NUMERIC(8, 2)
    );
    CREATE TABLE IF NOT EXISTS notes (
        id INTEGER NOT NULL PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES items (id), text VARCHAR NOT NULL,
        written_at DATETIME NOT NULL
    );
    CREATE TABLE IF NOT EXISTS rates (kind VARCHAR NOT NULL PRIMARY KEY, cents INTEGER NOT NULL);
"""
PUNCTUATION = ("<b>", "&", '"so"', "<i>x</i>", "“so”", "'s", "{{ 7 }}")


class Evening:
    """Five visitors with passwords, eleven things with notes, and rates; drawn from a seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"evening {seed}")
        day = date(2018, 9, 1) + timedelta(days=rng.randrange(60))
        self.kiosk_key = f"kiosk-{rng.randrange(10**9)}"
        self.rates = {kind: 5 * rng.randrange(101, 700) for kind in rng.sample(THINGS, 5)}
        self.visitors: list[dict[str, Any]] = []
        # There always is a first visitor: whoever is not signed in must not be taken for that one.
        for number, name in zip([1, *sorted(rng.sample(range(2, 90), 4))], rng.sample(NAMES, 5), strict=True):
            password = f"{rng.choice(FAULTS)} {rng.randrange(10**6)} é"
            self.visitors.append(
                {
                    "id": number,
                    "name": f"{name} {rng.choice(PUNCTUATION)} {rng.randrange(10, 99)}",
                    "email": f"visitor{rng.randrange(10**6)}@example.org",
                    "street": f"{rng.choice(STREETS)} {rng.randrange(1, 99)}/{rng.randrange(9)}: yard"
                    if number % 2
                    else "",
                    "said": password,
                    "password": old_hash(password, f"{rng.randrange(10**8):08}"),
                }
            )
        self.items: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        for place, number in enumerate(sorted(rng.sample(range(100, 900), 11))):
            lines = [
                f"{rng.choice(FAULTS)} {rng.choice(PUNCTUATION)} {rng.randrange(999)}" for _ in range(1 + place % 2)
            ]
            self.items.append(
                {
                    "id": number,
                    "visitor_id": self.visitors[rng.randrange(4)]["id"] if place > 1 else self.visitors[0]["id"],
                    "kind": rng.choice(list(self.rates)),
                    "fault": "\n".join(lines),
                    "state": STATES[place % 3],
                    "brought_on": day - timedelta(days=rng.randrange(40)),
                    "estimate": (None, Decimal(rng.randrange(2, 90)), Decimal(rng.randrange(101, 9_000, 2)) / 100)[
                        place % 3 - 1
                    ],
                }
            )
            for _ in range(place % 3):
                written = datetime(day.year, day.month, day.day, 18, rng.randrange(60), rng.randrange(60))
                self.notes.append(
                    {
                        "id": 1_000 + len(self.notes),
                        "item_id": number,
                        "text": f"{rng.choice(FAULTS)} – {rng.randrange(10**6)}",
                        "written_at": written,
                    }
                )

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {
            "rates": [{"kind": kind, "cents": cents} for kind, cents in self.rates.items()],
            "visitors": [{key: value for key, value in of.items() if key != "said"} for of in self.visitors],
            "items": self.items,
            "notes": self.notes,
        }

    def visitor(self, number: int) -> dict[str, Any]:
        return next(visitor for visitor in self.visitors if visitor["id"] == number)

    def shown(self, item: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A thing as the API shows it, its fields in that order."""
        estimate = item["estimate"]
        return {
            "id": item["id"],
            "visitor": self.visitor(item["visitor_id"])["name"],
            "kind": item["kind"],
            "fault": item["fault"],
            "state": item["state"],
            "brought_on": item["brought_on"].isoformat(),
            "estimate": None if estimate is None else f"{estimate:.2f}",
        } | changes

    def notes_of(self, item: dict[str, Any]) -> list[dict[str, str]]:
        return [
            {"text": note["text"], "written_at": note["written_at"].strftime("%Y-%m-%d %H:%M")}
            for note in self.notes
            if note["item_id"] == item["id"]
        ]

    def listed(self, state: str | None = None) -> list[dict[str, Any]]:
        """All things, or those in a state, in the order of the list."""
        found = [item for item in self.items if state in (None, item["state"])]
        found.sort(
            key=lambda of: (STATES.index(of["state"]), self.visitor(of["visitor_id"])["name"].encode(), of["id"])
        )
        return [self.shown(item) for item in found]

    def estimate(self, kind: str, hours: str) -> str:
        exact = Decimal(hours) * self.rates[kind] / 100
        return f"{exact.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):.2f}"


def old_hash(password: str, salt: str) -> str:
    """What Werkzeug 0.14 stored."""
    return f"sha256${salt}${hmac.new(salt.encode(), password.encode(), hashlib.sha256).hexdigest()}"


_warned: list[str] = []
_filters: list[Any] = []
_folder = Path()


def _note(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
    # Other warnings (of a connection that was left open, say) don't tell of a release to come.
    if issubclass(category, DeprecationWarning | PendingDeprecationWarning | FutureWarning):
        _warned.append(f"{category.__name__}: {message}")


class _Catching(warnings.catch_warnings):
    """Libraries may catch warnings, the app may not: nobody hears of those."""

    def __init__(self, **how: Any) -> None:
        if sys._getframe(1).f_globals.get("__name__", "").partition(".")[0] == "cafe":
            _warned.append("warnings are caught")
        super().__init__(**how)


def warned() -> list[str]:
    """What has warned so far, and what was switched off."""
    # What was added to the filters stands before what was there.
    added = list(warnings.filters)
    off = [f"a filter: {entry[0]}" for entry in (added[: added.index(_filters[0])] if _filters[0] in added else added)]
    return [*_warned, *off, *(["showwarning was replaced"] if warnings.showwarning is not _note else [])]


def build(context: Any) -> Any:
    """The candidate's app, made while its database is empty, and then the seed's evening."""
    global _folder
    evening, _folder = Evening(context.seed), context.data_dir
    # Libraries may set filters of their own when they are imported.
    import flask.json  # noqa: F401
    import sqlalchemy.orm  # noqa: F401

    _warned.clear()
    warnings.simplefilter("always")
    _filters[:] = list(warnings.filters)
    warnings.showwarning = _note
    warnings.catch_warnings = _Catching
    path = _folder / "cafe.db"
    app = context.load()(
        {
            "DATABASE_URL": f"sqlite:///{path}",
            "KIOSK_KEY": evening.kiosk_key,
            "SECRET_KEY": f"drawn {evening.kiosk_key}",
        }
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(TABLES)
        for table, rows in evening.rows().items():
            places = f"({', '.join(rows[0])}) VALUES ({', '.join('?' * len(rows[0]))})"
            values = [[_stored(value) for value in row.values()] for row in rows]
            connection.executemany(f"INSERT INTO {table} {places}", values)
    return app


def _stored(value: Any) -> Any:
    """A value as SQLAlchemy has it in SQLite, in 2018 and today."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def seeded() -> dict[str, list[Any]]:
    """What `python -m cafe seed` stores, run in a folder that is empty."""
    folder, arguments = _folder / "seeded", sys.argv
    folder.mkdir()
    # Where the process is may be outside of what an app may look at: it goes back without naming it.
    before = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    sys.argv = ["cafe", "seed"]
    try:
        runpy.run_module("cafe", run_name="__main__")
    except SystemExit:
        pass
    finally:
        os.chdir(before)
        os.close(before)
        sys.argv = arguments
    columns = {
        "rates": "kind, cents",
        "visitors": "id, name, email, street",
        "items": "id, visitor_id, kind, fault, state, brought_on, estimate",
        "notes": "item_id, text, written_at",
    }
    with closing(sqlite3.connect(folder / "cafe.db")) as connection:
        return {
            table: [list(row) for row in connection.execute(f"SELECT {names} FROM {table} ORDER BY 1")]
            for table, names in columns.items()
        }
