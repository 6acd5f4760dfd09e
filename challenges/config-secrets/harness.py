"""A ferry line drawn from the grading's seed, and offices that are opened in the middle of a test.

A request says by the header `X-Office` which office it is for. All have the same database, unless their environment
names another. The hidden suite draws the same line by `Ferry(seed)`, and has offices opened by `open_office`.
"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

#: A pier whose name is part of another's.
PAIRS = (("Sand", "Sandwick"), ("Nor", "Norby"), ("Voe", "Midvoe"), ("Skaw", "Skawtoun"), ("Brae", "Braewick"))
PIERS = ("Ulsta", "Belmont", "Gutcher", "Laxo", "Toft", "Walls", "Foula", "Aith", "Hamna", "Symbister")
FIRST = ("Eilidh", "Magnus", "Una", "Tam", "Ingrid", "Rognvald", "Morag", "Struan", "Kirsty", "Olaf", "Isla", "Fergus")
LAST = ("Mowat", "Isbister", "Flett", "Linklater", "Drever", "Sinclair", "Rendall", "Cursiter", "Harcus", "Tulloch")
TABLES = """
CREATE TABLE sailings (id INTEGER PRIMARY KEY, pier VARCHAR(40) NOT NULL, leaves VARCHAR(16) NOT NULL,
    price_pence INTEGER NOT NULL, seats INTEGER NOT NULL);
CREATE TABLE clerks (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, badge_digest VARCHAR(64) NOT NULL UNIQUE);
CREATE TABLE tickets (number INTEGER PRIMARY KEY, sailing_id INTEGER NOT NULL REFERENCES sailings (id),
    passengers INTEGER NOT NULL, name VARCHAR(80) NOT NULL, total_pence INTEGER NOT NULL, paid BOOLEAN NOT NULL,
    sold_at DATETIME NOT NULL);
"""


class Ferry:
    """Piers, sailings by time, and clerks.

    `inner` is a pier whose name is part of that of the pier `outer`. `piers` are these and two more. From `Ness` and
    `Holm`, for which an office sells when it isn't told otherwise, there are sailings, too.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"ferry {seed}")
        self.inner, self.outer = rng.choice(PAIRS)
        self.piers = [self.inner, self.outer, *rng.sample(PIERS, 2)]
        rng.shuffle(self.piers)
        calls = [pier for pier in [*self.piers, "Ness", "Holm"] for _ in range(2)]
        numbers, minutes = rng.sample(range(1, 9000), len(calls)), rng.sample(range(6 * 60, 22 * 60), len(calls))
        day = f"2027-{rng.randrange(4, 10):02}-{rng.randrange(1, 29):02}"
        self.sailings = [
            {
                "id": number,
                "pier": pier,
                "leaves": f"{day} {minute // 60:02}:{minute % 60:02}",
                "price_pence": rng.randrange(300, 3000),
                "seats_left": rng.randrange(70, 190),
            }
            for number, pier, minute in zip(numbers, calls, minutes, strict=True)
        ]
        self.sailings.sort(key=lambda sailing: sailing["leaves"])
        names = [f"{first} {last}" for first, last in zip(rng.sample(FIRST, 3), rng.sample(LAST, 3), strict=True)]
        badges = [str(badge) for badge in rng.sample(range(10**6, 10**7), 3)]
        self.clerks = list(zip(rng.sample(range(1, 900), 3), names, badges, strict=True))

    def of(self, *piers: str) -> list[dict[str, Any]]:
        """The sailings from these piers, as an office lists them."""
        return [sailing for sailing in self.sailings if sailing["pier"] in piers]


class Offices:
    """WSGI: the offices that are open."""

    def __init__(self, create_app: Callable[..., Any]) -> None:
        self.create_app = create_app
        self.apps: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self.apps.get(environ.get("HTTP_X_OFFICE", ""), _closed)(environ, start_response)


def _closed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("404 NOT FOUND", [("Content-Type", "text/plain")])
    return [b"There is no such office."]


_database = Path()
_offices = Offices(_closed)


def build(context: Any) -> Any:
    """The database, and no office yet."""
    global _database, _offices
    _database, _offices = Path(context.data_dir) / "ferry.db", Offices(context.load())
    ferry = Ferry(context.seed)
    connection = sqlite3.connect(_database)
    connection.executescript(TABLES)
    connection.executemany(
        "INSERT INTO sailings (id, pier, leaves, price_pence, seats) VALUES (?, ?, ?, ?, ?)",
        [tuple(sailing.values()) for sailing in ferry.sailings],
    )
    connection.executemany(
        "INSERT INTO clerks (id, name, badge_digest) VALUES (?, ?, ?)",
        [(number, name, hashlib.sha256(badge.encode()).hexdigest()) for number, name, badge in ferry.clerks],
    )
    connection.commit()
    connection.close()
    return _offices


def open_office(slug: str, given: dict[str, str], *, of_the_process: bool = False) -> dict[str, Any]:
    """Open an office with this environment; `GANGWAY_DATABASE` is the common one where it says `here`.

    Gives the refusal: None if there was none, else what was raised, as text, and whether it is a ConfigError.
    """
    environ = dict(given)
    if environ.get("GANGWAY_DATABASE") == "here":
        environ["GANGWAY_DATABASE"] = str(_database)
    try:
        _offices.apps[slug] = _from_process(environ) if of_the_process else _offices.create_app(environ)
    except (Exception, SystemExit) as error:
        from gangway import config

        known = isinstance(error, getattr(config, "ConfigError", ()))
        return {"refusal": str(error), "config_error": known, "kind": type(error).__name__}
    finally:
        sys.stderr.flush()
        sys.stdout.flush()
    return {"refusal": None}


def _from_process(environ: dict[str, str]) -> Any:
    before = dict(os.environ)
    os.environ.update(environ)
    try:
        return _offices.create_app()
    finally:
        os.environ.clear()
        os.environ.update(before)


def take_database_away() -> None:
    """Whatever asks for sailings from now on fails."""
    connection = sqlite3.connect(_database)
    connection.execute("ALTER TABLE sailings RENAME TO elsewhere")
    connection.commit()
    connection.close()
