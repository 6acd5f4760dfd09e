"""Builds the app and fills it with an association drawn from the grading's seed: no two gradings have the same members.

The hidden suite draws the same one by `Association(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SYLLABLES = (
    "al",
    "bram",
    "cor",
    "del",
    "esk",
    "fen",
    "gar",
    "hol",
    "ing",
    "jar",
    "kes",
    "lor",
    "mer",
    "nev",
    "oak",
    "pel",
)
GIVEN = ("Agnes", "Bilal", "Chidi", "Dorota", "Emrys", "Freya", "Goran", "Hana", "Idris", "Joana", "Kofi", "Leila")
FAMILY = ("Abbott", "Bielski", "Castro", "Dunne", "Eriksen", "Farouk", "Green", "Hughes", "Ito", "Jansen")
CROPS = (
    "beetroot",
    "celery",
    "dill",
    "endive",
    "fennel",
    "garlic",
    "kale",
    "leek",
    "marrow",
    "parsnip",
    "radish",
    "sorrel",
)
TASKS = ("mow", "prune", "rake", "sweep", "paint", "dig", "water", "mend", "weed", "stack")
LETTERS = "bcdfghjkmnpqrstvwxyz"


class Site:
    """A row of `sites`, with one notice that no other site has."""

    def __init__(self, number: int, slug: str, name: str, notice: str) -> None:
        self.id = number
        self.slug = slug
        self.name = name
        self.notice = notice


class Member:
    """A row of `members` and of `plots`. `password` is what they type."""

    def __init__(self, number: int, name: str, email: str, password: str, label: str, site: Site) -> None:
        self.id = number
        self.name = name
        self.email = email
        self.password = password
        self.label = label
        self.site = site


class Shift:
    """A row of `shifts`, long after today."""

    def __init__(self, number: int, day: date, task: str) -> None:
        self.id = number
        self.day = day
        self.task = task


class Association:
    """Three sites, eight members, five shifts.

    `plain`, `dollars`, `accents` and `spaces` have passwords of that kind (`of_each_kind`); `twin` and
    `other_twin` have the same one. `method` is that of the configuration.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"association {seed}")

        def word() -> str:
            return "".join(rng.sample(SYLLABLES, 2))

        def crops(between: str) -> str:
            return f"{rng.choice(CROPS)}{between}{rng.choice(CROPS)}{between}{rng.randrange(1000, 10000)}"

        self.domain = f"{word()}{rng.randrange(10, 100)}.example"
        slugs = rng.sample(SYLLABLES, 3)
        self.sites = [
            Site(number, f"{slug}-{word()}", f"{slug.title()} {word().title()}", f"The {crops(' ')} pump is off.")
            for number, slug in zip(sorted(rng.sample(range(1, 90), 3)), slugs, strict=True)
        ]
        both = crops("+")
        passwords = [
            crops("-"),
            f"{''.join(rng.sample(LETTERS, 3))}${rng.randrange(10, 100)}${crops('$')}",
            f"{rng.choice(('Möhre', 'żółw', 'Čaj', 'naïf'))} {crops(' é ')} ß",
            f" {crops('  ')} ",
            both,
            both,
            crops("_"),
            crops("."),
        ]
        numbers = rng.sample(range(1, 900), 8)
        names = [f"{given} {rng.choice(FAMILY)}" for given in rng.sample(GIVEN, 8)]
        labels = [f"{rng.choice('ABCDEFGH')}-{number}" for number in rng.sample(range(100, 1000), 8)]
        self.members = [
            Member(
                number,
                name,
                f"{name.split()[0].lower()}.{word()}@{self.domain}",
                password,
                label,
                rng.choice(self.sites),
            )
            for number, name, password, label in zip(numbers, names, passwords, labels, strict=True)
        ]
        self.plain, self.dollars, self.accents, self.spaces, self.twin, self.other_twin, self.one, self.other = (
            self.members
        )
        self.shifts = [
            Shift(
                number,
                date(2090, 1, 1) + timedelta(days=rng.randrange(3000)),
                f"{task.title()} by the {crops(' ')} beds",
            )
            for number, task in zip(rng.sample(range(1, 400), 5), rng.sample(TASKS, 5), strict=True)
        ]
        self.of_each_kind = [self.plain, self.dollars, self.accents, self.spaces]
        # Few rounds: the suite signs in often, and what is hashed holds no secret.
        self.method = f"pbkdf2:sha256:{random.Random(f'method {seed}').randrange(401, 500)}"
        self.shuffled = rng.sample(self.members, 8)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {
            "sites": [{"id": site.id, "slug": site.slug, "name": site.name} for site in self.sites],
            "notices": [{"site_id": site.id, "text": site.notice} for site in self.sites],
            "members": [
                {"id": member.id, "email": member.email, "name": member.name, "password": member.password}
                for member in self.shuffled
            ],
            "plots": [
                {
                    "label": member.label,
                    "square_metres": 200 + member.id % 80,
                    "meter": member.id % 60,
                    "site_id": member.site.id,
                    "member_id": member.id,
                }
                for member in self.shuffled
            ],
            "shifts": [{"id": shift.id, "day": shift.day, "task": shift.task, "places": 3} for shift in self.shifts],
        }


_database = Path()
_method = ""
_create_app: Any = None


def build(context: Any) -> Any:
    """The candidate's app on a seeded SQLite file, without an open connection. A file that is there is left alone."""
    global _database, _method, _create_app  # noqa: PLW0603
    association = Association(context.seed)
    _database, _method = context.data_dir / "allotment.db", association.method
    _create_app = context.load()
    app = _create_app(_config())
    if _database.exists():
        return app
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in association.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return app


def _config() -> dict[str, Any]:
    return {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{_database}", "PASSWORD_METHOD": _method}


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query or a template."""
    client = app.test_client()
    for path in ("/", "/login", "/plot", "/shifts"):
        client.get(path)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def stored() -> list[list[str]]:
    """All that stands in the database: table, column and value as text."""
    connection = sqlite3.connect(_database)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = []
        for table in sorted(tables):
            rows = connection.execute(f'SELECT * FROM "{table}"')
            columns = [column for column, *_ in rows.description]
            for row in rows:
                found += [[table, column, _text(value)] for column, value in zip(columns, row, strict=True)]
        return found
    finally:
        connection.close()


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def cookies_without_secure(path: str) -> list[str]:
    """The `Set-Cookie` headers of an app that is configured for work on one's own machine."""
    app = _create_app(_config() | {"SESSION_COOKIE_SECURE": False})
    cookies = app.test_client().get(path).headers.getlist("Set-Cookie")
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    return cookies
