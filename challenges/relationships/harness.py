"""Builds the register and fills it with a hall drawn from the grading's seed: no two gradings have the same.

Rows are inserted by table, not through the models. The hidden suite draws the same hall by `Hall(seed)`; what only the
app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]

KINDS = ("shawl", "sampler", "ribbon", "coverlet", "bobbin", "loom", "christening gown", "glove", "banner", "net")
PLACES = ("Norwich", "Macclesfield", "Kirkwall", "Leek", "Paisley", "Honiton", "Ludlow", "Coggeshall", "Dent")
NAMES = ("Moss", "Ogden", "Garside", "Whitlock", "Fell", "Thackray", "Amory", "Pym", "Sowerby", "Lister", "Crewe")
WORDS = (
    *("silk", "wool", "linen", "jacquard", "bobbin-lace", "indigo", "madder", "felt", "hemp", "tassel", "smocking"),
    *("dobby", "damask", "ikat", "moire", "selvedge", "twill", "velvet", "crewel", "fustian"),
)
ROOMS = ("North gallery", "South gallery", "Dye house", "Attic", "Counting house")
THEMES = ("Patterns", "Thread", "Small hands", "Red", "The long strike", "Mended", "Sunday best", "Sails")
FINDINGS = ("Moth in a corner", "A seam is open", "Faded on one side", "Dry, clean", "Rust from a pin", "A loose knot")
#: What `stored` tells of each table.
TOLD = {
    "lenders": ("id", "name"),
    "cases": ("id", "code", "room"),
    "keywords": ("id", "word"),
    "items": ("id", "number", "title", "lender_id", "case_id"),
    "item_keywords": ("item_id", "keyword_id"),
    "photos": ("id", "item_id", "filename", "caption"),
    "reports": ("id", "item_id", "text"),
    "exhibitions": ("id", "title"),
    "labels": ("id", "exhibition_id", "item_id", "text"),
}


class Hall:
    """Eight to eleven objects in four exhibitions, from three lenders.

    By id: `rich` is lent, in a case, and has photos, reports, keywords that others have, too, and labels in `main` and
    `running`. `plain` is in `main` only and has reports and keywords, but no photos. `latest` has the highest id of all
    objects, and reports, but nothing else. `lender` has lent `rich` and one more, `other_lender` one, `former_lender`
    none. `main` and `last` close in `year`, `running` a year later, `past` a year before; `last` has the highest id.
    `rare` is a keyword that only `plain` has, `idle` one that no object has.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"hall {seed}")
        self._rng = rng
        self.rows: Rows = {table: [] for table in TOLD}
        self.year = rng.randrange(2029, 2070)

        lenders = sorted(rng.sample(range(1, 300), 3))
        rng.shuffle(lenders)
        for number, name in zip(lenders, rng.sample(NAMES, 3), strict=True):
            self._add("lenders", id=number, name=f"{rng.choice('ABCDEFG')}. {name} Trust {rng.randrange(100)}")
        self.lender, self.other_lender, self.former_lender = lenders

        self.cases = rng.sample(range(1, 200), 3)
        for number, room in zip(self.cases, rng.sample(ROOMS, 3), strict=True):
            self._add("cases", id=number, code=f"{room[0]}{number}", room=room)

        keywords = rng.sample(range(1, 500), 6)
        for number, word in zip(keywords, rng.sample(WORDS, 6), strict=True):
            self._add("keywords", id=number, word=word)
        self.rare, self.idle = keywords[:2]
        common = keywords[2:]

        count = rng.randrange(8, 12)
        self.items = sorted(rng.sample(range(1, 5_000), count))
        self.latest = self.items[-1]
        self.rich, self.plain, self.shared, self.lent, self.other_lent, *others = rng.sample(self.items[:-1], count - 1)
        numbers = rng.sample(range(1, 1_000), count)
        owners = {self.rich: self.lender, self.lent: self.lender, self.other_lent: self.other_lender}
        placed = {self.rich: self.cases[0], self.lent: self.cases[0], self.plain: self.cases[1]}
        for item, number in zip(self.items, numbers, strict=True):
            self._add(
                "items",
                id=item,
                number=f"{rng.randrange(1880, 2020)}.{number}",
                title=f"{rng.choice(PLACES)} {rng.choice(KINDS)} {rng.randrange(1700, 1950)}",
                lender_id=owners.get(item),
                case_id=placed.get(item),
            )
        tagged = {self.rich: common[:3], self.plain: [self.rare, *common[:2]], self.shared: common[1:]}
        tagged[self.lent] = common[:1]
        for item, tags in tagged.items():
            for keyword in tags:
                self._add("item_keywords", item_id=item, keyword_id=keyword)

        photographed = [self.rich, self.rich, self.shared, self.lent, *others[:1]]
        for number, item in zip(self._numbers(photographed), photographed, strict=True):
            caption = rng.choice(("", f"Plate {rng.randrange(1, 60)}"))
            self._add("photos", id=number, item_id=item, filename=f"{item}-{number}.tif", caption=caption)
        looked_at = [self.rich, self.rich, self.plain, self.plain, self.latest, self.latest, self.shared]
        day = date(1999, 1, 4) + timedelta(days=rng.randrange(5_000))
        for number, item in zip(self._numbers(looked_at), looked_at, strict=True):
            day += timedelta(days=rng.randrange(1, 200))
            text = f"{rng.choice(FINDINGS)}; {rng.randrange(100)} cm."
            self._add("reports", id=number, item_id=item, written_on=day, text=text)

        exhibitions = sorted(rng.sample(range(1, 900), 4))
        self.last = exhibitions.pop()
        rng.shuffle(exhibitions)
        self.past, self.main, self.running = exhibitions
        closing = {self.past: -1, self.main: 0, self.running: 1, self.last: 0}
        for number, title in zip(closing, rng.sample(THEMES, 4), strict=True):
            closes = date(self.year + closing[number], rng.randrange(1, 13), rng.randrange(1, 29))
            if number == self.main:
                closes = rng.choice((date(self.year, 1, 1), date(self.year, 12, 31)))
            opens = closes - timedelta(days=rng.randrange(30, 200))
            self._add("exhibitions", id=number, title=f"{title} {rng.randrange(100)}", opens=opens, closes=closes)
        shown = {
            self.main: rng.sample([self.rich, self.plain, self.shared, self.other_lent, *others[:1]], 5),
            self.running: rng.sample([self.rich, self.shared, self.lent], 3),
            self.last: rng.sample([self.shared, self.lent, self.other_lent], 3),
            self.past: [self.shared],
        }
        places = [(exhibition, item, place) for exhibition, items in shown.items() for place, item in enumerate(items)]
        for number, (exhibition, item, place) in zip(self._numbers(places), places, strict=True):
            text = f"{rng.choice(KINDS).title()}, {rng.choice(PLACES)}, plate {rng.randrange(1, 400)}."
            self._add("labels", id=number, exhibition_id=exhibition, item_id=item, position=place + 1, text=text)

    def _numbers(self, rows: list[Any]) -> list[int]:
        return self._rng.sample(range(1, 9_000), len(rows))

    def _add(self, table: str, **row: Any) -> None:
        self.rows[table].append(row)


_hall = Hall(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's hall in its database."""
    global _hall  # noqa: PLW0603  one app in one process
    _hall = Hall(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        _store(app.extensions["sqlalchemy"])
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query."""
    client = app.test_client()
    paths = ("/items", "/exhibitions", "/cases", "/lenders", "/keywords", "/labels", "/figures", "/items/99999")
    for path in (*paths, f"/items/{_hall.rich}", f"/exhibitions/{_hall.main}", f"/lenders/{_hall.lender}"):
        client.get(path)


def stored() -> dict[str, list[list[Any]]]:
    """The rows of all tables. Hidden tests call this."""
    from flask import current_app
    from sqlalchemy import text

    session = current_app.extensions["sqlalchemy"].session
    return {
        table: [list(row) for row in session.execute(text(f"SELECT {', '.join(columns)} FROM {table}"))]
        for table, columns in TOLD.items()
    }


def _store(db: Any) -> None:
    db.create_all()
    for table, rows in _hall.rows.items():
        db.session.execute(db.metadata.tables[table].insert(), rows)
    db.session.commit()
    db.session.remove()
