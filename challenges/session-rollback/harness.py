"""Builds the milk round and fills its database with farms and milk drawn from the grading's seed.

Tables are made and filled by SQLite itself, as the present schema has them, so that nothing depends on how a submission
reaches its database. The hidden suite draws the same by `Dairy(seed)`; what only the app's side needs is imported where
it is used.

Rivals: what another process does to the database just before this one writes is done here, by a connection of its own,
when the app is about to send the statement. Where the app holds the database by then, a rival would have to wait, and
gives up.
"""

from __future__ import annotations

import random
import sqlite3
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

NAMES = (
    *("Birk Rigg", "Cold Fell", "Dove Nest", "Ewe Close", "Foul Sike", "Gill Foot", "Hag End", "Ings Top", "Keld Head"),
    *("Low Snab", "Mire Side", "Nab Crag", "Oxen Park", "Pike How", "Rash Mill", "Sour Nook", "Thorn Bank"),
)
FIRST = ("Bea", "Colin", "Dinah", "Euan", "Fay", "Gethin", "Hilda", "Iain", "Kirsty", "Lorna", "Magnus", "Nell")
LAST = ("Airey", "Braithwaite", "Capstick", "Dixon", "Fothergill", "Huddleston", "Inman", "Mounsey", "Raven", "Tyson")
NOTES = ("Meter read twice", "Agreed by phone", "Second tank counted", "Docket was torn", "Farmer rang at noon")
#: Seconds that a request waits at the place where it is held, if nobody lets it go: whoever waits for it gets on, too.
HELD_S = 3.0

SCHEMA = """
CREATE TABLE farms (
    id INTEGER NOT NULL PRIMARY KEY,
    code VARCHAR(10) NOT NULL UNIQUE,
    name VARCHAR(80) NOT NULL,
    daily_quota INTEGER NOT NULL,
    phone VARCHAR(40)
);
CREATE TABLE pickups (
    docket VARCHAR(12) NOT NULL PRIMARY KEY,
    farm_id INTEGER NOT NULL REFERENCES farms (id),
    day DATE NOT NULL,
    run VARCHAR(2) NOT NULL,
    litres INTEGER NOT NULL,
    temperature FLOAT NOT NULL,
    driver VARCHAR(60) NOT NULL,
    note VARCHAR(200),
    revision INTEGER NOT NULL,
    UNIQUE (farm_id, day, run)
);
CREATE TABLE refusals (
    id INTEGER NOT NULL PRIMARY KEY,
    driver VARCHAR(60) NOT NULL,
    day DATE NOT NULL,
    run VARCHAR(2) NOT NULL,
    code VARCHAR(40) NOT NULL
);
"""


class Farm:
    """A row of `farms`."""

    def __init__(self, number: int, code: str, name: str, quota: int, phone: str | None) -> None:
        self.id = number
        self.code = code
        self.name = name
        self.quota = quota
        self.phone = phone


class Pickup:
    """A row of `pickups`."""

    def __init__(self, farm: Farm, docket: str, day: date, run: str, litres: int) -> None:
        self.farm = farm
        self.docket = docket
        self.day = day
        self.run = run
        self.litres = litres
        self.temperature = 4.0
        self.driver = ""
        self.note: str | None = None
        self.revision = 1


class Dairy:
    """Six to nine farms, drawn from a seed. Nothing has been fetched on `today` or later.

    The first four are `farms`. On `yesterday` each has delivered in the morning, by the pickups `plain`, `noted`,
    `much` and `other`, in this order of farms. `noted` has a note of the office and a revision of 3 to 6, `plain` has
    revision 1 and no note, `much` has one of 2 to 5 and no note.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"dairy {seed}")
        count = rng.randrange(6, 10)
        letters = "BCDFGHKLMNPRSTW"
        codes: set[str] = set()
        while len(codes) < count:
            codes.add(f"{rng.choice(letters)}{rng.choice(letters)}-{rng.randrange(100, 1000)}")
        numbers, farms = rng.sample(range(10, 900), count), rng.sample(NAMES, count)
        shuffled = rng.sample(sorted(codes), count)
        self.all_farms = [
            Farm(number, code, name, rng.randrange(9_000, 14_000), rng.choice((None, f"015 {rng.randrange(10**6):06}")))
            for number, code, name in zip(numbers, shuffled, farms, strict=True)
        ]
        self.farms = self.all_farms[:4]
        self.today = date(2026, 1, 5) + timedelta(days=rng.randrange(1_000))
        self.yesterday = self.today - timedelta(days=1)
        names = zip(rng.sample(FIRST, 5), rng.sample(LAST, 5), strict=True)
        self.drivers = [f"{first} {last}" for first, last in names]

        dockets = [f"D-{number}" for number in rng.sample(range(10_000, 90_000), 4 + count)]
        self.pickups = []
        for farm in self.farms:
            self.pickups.append(self._pickup(rng, farm, dockets.pop(), self.yesterday, "am"))
        for farm in self.all_farms[4:]:
            self.pickups.append(self._pickup(rng, farm, dockets.pop(), self.yesterday, rng.choice(("am", "pm"))))
        self.plain, self.noted, self.much, self.other = self.pickups[:4]
        self.noted.note, self.noted.revision = rng.choice(NOTES), rng.randrange(3, 7)
        self.much.revision = rng.randrange(2, 6)

    def _pickup(self, rng: random.Random, farm: Farm, docket: str, day: date, run: str) -> Pickup:
        pickup = Pickup(farm, docket, day, run, rng.randrange(500, 2_500))
        pickup.temperature = rng.randrange(30, 60) / 10
        pickup.driver = rng.choice(self.drivers)
        return pickup


_path = Path()
_rivals: dict[str, tuple[str, list[Any]]] = {}
_holding: set[str] = set()
_held, _let_go = threading.Event(), threading.Event()


def build(context: Any) -> Any:
    """The candidate's app with the seed's dairy in its database."""
    global _path  # noqa: PLW0603  one app in one process
    from sqlalchemy import Engine, event
    from sqlalchemy.orm import configure_mappers

    _path = Path(context.data_dir) / "milk.db"
    if not event.contains(Engine, "before_cursor_execute", _before):
        event.listen(Engine, "before_cursor_execute", _before)
    if not _path.exists():
        _store(Dairy(context.seed))
    app = context.load()({"DATABASE_URL": f"sqlite:///{_path}"})
    configure_mappers()
    return app


def _store(dairy: Dairy) -> None:
    connection = sqlite3.connect(_path)
    connection.executescript(SCHEMA)
    farms = sorted(dairy.all_farms, key=lambda farm: farm.id)
    connection.executemany(
        "INSERT INTO farms VALUES (?, ?, ?, ?, ?)", [(f.id, f.code, f.name, f.quota, f.phone) for f in farms]
    )
    connection.executemany(
        "INSERT INTO pickups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (p.docket, p.farm.id, p.day.isoformat(), p.run, p.litres, p.temperature, p.driver, p.note, p.revision)
            for p in dairy.pickups
        ],
    )
    connection.commit()
    connection.close()


def _before(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
    """What happens just before the app writes a pickup: a rival, or a wait."""
    verb = statement.lstrip()[:6].upper()
    if verb not in ("INSERT", "UPDATE") or "pickups" not in statement:
        return
    if verb in _rivals:
        _write(*_rivals.pop(verb))
    if verb in _holding:
        _holding.discard(verb)
        _held.set()
        _let_go.wait(HELD_S)


def _write(statement: str, values: list[Any]) -> None:
    """Write as another process would; if the database is held by the app, not at all."""
    connection = sqlite3.connect(_path, timeout=0)
    try:
        connection.execute(statement, values)
        connection.commit()
    except sqlite3.OperationalError:
        connection.rollback()
    finally:
        connection.close()


def rival_enters(values: list[Any]) -> None:
    """Just before the app's next INSERT of a pickup, another process stores this row."""
    _rivals["INSERT"] = ("INSERT INTO pickups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def rival_changes(docket: str, litres: int, note: str) -> None:
    """Just before the app's next UPDATE of a pickup, another process changes this one."""
    statement = "UPDATE pickups SET litres = ?, note = ?, revision = revision + 1 WHERE docket = ?"
    _rivals["UPDATE"] = (statement, [litres, note, docket])


def change(docket: str, litres: int, note: str) -> None:
    """Another process changes a pickup now."""
    _write("UPDATE pickups SET litres = ?, note = ?, revision = revision + 1 WHERE docket = ?", [litres, note, docket])


def hold_at(verb: str) -> None:
    """Let the app's next INSERT or UPDATE of a pickup wait until `let_go`."""
    _held.clear()
    _let_go.clear()
    _holding.add(verb)


def is_held() -> bool:
    """Waits until a request has come to where `hold_at` holds it; gives whether one has."""
    return _held.wait(HELD_S)


def let_go() -> None:
    _let_go.set()


def hide_pickups() -> None:
    """Make every statement about pickups fail, as a database in trouble would."""
    _rename("pickups", "hidden_pickups")


def show_pickups() -> None:
    """Let the trouble be over."""
    _rename("hidden_pickups", "pickups")


def _rename(old: str, new: str) -> None:
    connection = sqlite3.connect(_path, timeout=1)
    try:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
        connection.commit()
    finally:
        connection.close()
