"""Brings a PostgreSQL to revision 0002 by the candidate's migrations and fills it with a register drawn from the seed.

The hidden suite draws the same register by `Register(seed)` and runs the migrations by the functions below; what only
the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

KINDS = (
    *("Oak", "Beech", "Hornbeam", "Field maple", "Small-leaved lime", "Wild service", "Yew", "Sweet chestnut"),
    *("Black poplar", "Crack willow", "Wych elm", "Silver birch", "Rowan", "Scots pine", "Holm oak", "Bird cherry"),
)
PARISHES = ("Ash", "Brook", "Cold", "Deep", "East", "Fen", "Great", "High", "Ings", "King's", "Long", "Mid")
ENDINGS = ("by", "ford", "ham", "ley", "thorpe", "ton", "wick", "worth")
PLACES = ("green", "pound", "ford", "churchyard", "school", "mill", "crossing", "well")
WARDENS = ("M. Grey", "A. Okoro", "J. Pike", "S. Lund", "T. Varga", "R. Quill")


class Tree:
    """A row of `trees` at revision 0002, and what it means: `name` and `cm`, None where nobody knows."""

    def __init__(self, number: str, parish: str, place: str) -> None:
        self.number = number
        self.parish = parish
        self.place = place
        self.species: str | None = None
        self.name: str | None = None
        self.girth: str | None = None
        self.cm: int | None = None
        self.id = 0
        self.visits: list[Visit] = []

    def row(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "species": self.species,
            "girth": self.girth,
            "parish": self.parish,
            "place": self.place,
        }


class Visit:
    """A row of `visits` at revision 0002, and what it means: `state`, None where nobody has judged."""

    def __init__(self, day: date, warden: str, result: str | None, state: str | None) -> None:
        self.day = day
        self.warden = warden
        self.result = result
        self.state = state


class Register:
    """Some sixty trees of eight species, by number. All that wardens could type is there several times.

    `unjudged` have visits, of which none is judged. `names` gives of each species its spelling.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"register {seed}")
        parishes = [f"{first}{rng.choice(ENDINGS)}" for first in rng.sample(PARISHES, 4)]
        count = rng.randrange(56, 66)
        self.trees = [
            Tree(f"T-{number}", rng.choice(parishes), f"{rng.choice(PLACES).title()} {rng.randrange(10, 1000)}")
            for number in sorted(rng.sample(range(1000, 9000), count))
        ]
        self.kinds = rng.sample(KINDS, 8)
        for place, tree in enumerate(rng.sample(self.trees, count)):
            tree.species = (
                None if place < 4 else " " * (place % 3) if place < 8 else self._spelt(rng, self.kinds[place % 8])
            )
        for place, tree in enumerate(rng.sample(self.trees, count)):
            tree.girth, tree.cm = self._girth(rng, place)
        for place, tree in enumerate(rng.sample(self.trees, count)):
            tree.visits = self._visits(rng, place)
        for number, tree in zip(rng.sample(range(1, 4000), count), self.trees, strict=True):
            tree.id = number
        self.unjudged = [tree for tree in self.trees if tree.visits and not any(visit.state for visit in tree.visits)]
        self.names: dict[str, str] = {}
        for tree in self.trees:
            if tree.species and tree.species.strip():
                tree.name = self.names.setdefault(tree.species.strip().lower(), tree.species.strip())
        self.shuffled = rng.sample(self.trees, count)

    @staticmethod
    def _spelt(rng: random.Random, kind: str) -> str:
        word = rng.choice((kind, kind.lower(), kind.upper(), kind.title()))
        return rng.choice(("", "", " ", "  ")) + word + rng.choice(("", "", " "))

    @staticmethod
    def _girth(rng: random.Random, place: int) -> tuple[str | None, int | None]:
        cm, metres, tenths = rng.randrange(30, 900), rng.randrange(1, 9), rng.randrange(1, 10)
        forms = (
            (None, None),
            ("", None),
            (f"{cm}", cm),
            (f"{cm} cm", cm),
            (f"{cm}cm", cm),
            (f"{cm // 100}.{cm % 100:02} m", cm),
            (f"{cm // 100},{cm % 100:02}m", cm),
            (f"{metres} m", 100 * metres),
            (f"{metres}m", 100 * metres),
            (f"{metres},{tenths} m", 100 * metres + 10 * tenths),
            (f"{metres}.{tenths}m", 100 * metres + 10 * tenths),
        )
        return forms[place % len(forms)]

    @staticmethod
    def _visits(rng: random.Random, place: int) -> list[Visit]:
        results = {"ok": "sound", "sound": "sound", "watch": "watch", "danger": "danger", "": None, None: None}
        if place % 5 == 0:
            return []
        first = date(2019, 3, 1) + timedelta(days=rng.randrange(900))
        if place % 5 == 1:
            chosen: list[str | None] = [None, ""][: rng.randrange(1, 3)]
        else:
            chosen = rng.sample(list(results), rng.randrange(1, 4))
        days = sorted(rng.sample(range(1500), len(chosen)))
        return [
            Visit(first + timedelta(days=day), rng.choice(WARDENS), result, results[result])
            for day, result in zip(days, chosen, strict=True)
        ]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table, at revision 0002."""
        return {
            "trees": [tree.row() for tree in self.shuffled],
            "visits": [
                {"tree_id": tree.id, "visited_on": visit.day, "warden": visit.warden, "result": visit.result}
                for tree in self.shuffled
                for visit in tree.visits
            ],
        }


_url = ""


def build(context: Any) -> Any:
    """The candidate's app on a database at revision 0002."""
    global _url  # noqa: PLW0603
    from sqlalchemy import MetaData, create_engine, insert
    from sqlalchemy.pool import NullPool

    _url = context.database_url
    app = context.load()({"SQLALCHEMY_DATABASE_URI": _url})
    if problem := _migrate(lambda command, config: command.upgrade(config, "0002")):
        raise RuntimeError(f"revision 0002 can't be reached: {problem}")
    engine = create_engine(_url, poolclass=NullPool)
    with engine.begin() as connection:
        there = MetaData()
        there.reflect(connection)
        for table, values in Register(context.seed).rows().items():
            connection.execute(insert(there.tables[table]), values)
        # Rows that the app adds have numbers of their own.
        connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence('trees', 'id'), 5000)")
    return app


def _migrate(step: Callable[[Any, Any], None]) -> str | None:
    """Run Alembic on a connection of its own; gives what it raised."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    config = Config()
    config.set_main_option("script_location", str(Path(str(sys.modules["treereg"].__file__)).parents[1] / "migrations"))
    with create_engine(_url, poolclass=NullPool).connect() as connection:
        config.attributes["connection"] = connection
        try:
            step(command, config)
        except (Exception, SystemExit) as error:
            return f"{type(error).__name__}: {error}"
    return None


def upgrade() -> str | None:
    """To the latest revision; what was raised, if anything."""
    return _migrate(lambda command, config: command.upgrade(config, "head"))


def downgrade() -> str | None:
    """To revision 0002; what was raised, if anything."""
    return _migrate(lambda command, config: command.downgrade(config, "0002"))


def differences() -> list[str]:
    """Between the tables and the models, as Alembic sees them."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    metadata = sys.modules["treereg.extensions"].db.metadata
    with create_engine(_url, poolclass=NullPool).connect() as connection:
        return [str(found) for found in compare_metadata(MigrationContext.configure(connection), metadata)]
