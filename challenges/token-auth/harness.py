"""Builds the county and fills it with libraries, tokens, copies and loans drawn from the grading's seed.

Rows are inserted by table, not through the models. The hidden suite draws the same county by `County(seed)`; what only
the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

PLACES = ("Alder", "Barrow", "Copse", "Dunlin", "Ember", "Furrow", "Gorse", "Heron", "Islet", "Jetty", "Knoll", "Ledge")
NOUNS = ("Ladder", "Orchard", "Compass", "Winter", "Harvest", "Mirror", "Island", "Garden", "Engine", "Letter")
QUALITIES = ("Quiet", "Broken", "Distant", "Second", "Paper", "Silver", "Narrow", "Borrowed", "Early", "Salted")
AUTHORS = ("Abel", "Bruun", "Castel", "Doyle", "Esteban", "Fiske", "Gallo", "Hamsun", "Ito", "Jarvis", "Kuusi")
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_"

Row = dict[str, Any]


class County:
    """The office and three libraries `a`, `b` and `c`, with rows as dicts with the columns' names.

    Tokens that never expire: `office`, `a_desk`, `a_reader`, `b_desk`, `b_reader`, `c_desk`. Of `a`, too, are
    `expired`, which was dead before the server began, and `soon`, which will be alive for some years. `revoked` is
    `b`'s.

    Loans: `asked` is of `b`'s copy by `a`; `wanted` of `a`'s by `b`, which waits, and `sent` of `a`'s by `c`; `foreign`
    of `c`'s by `b`. `free` is a copy of `b`'s on the shelf.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"county {seed}")
        self._rng = rng
        self.service = f"Interloan {rng.choice(PLACES)} {rng.randrange(100, 1_000)}"
        numbers = rng.sample(range(10, 1_000), 4)
        places = rng.sample(PLACES, 4)
        self.libraries = [
            {"id": number, "code": f"{place[:3].upper()}{number}", "name": f"{place} {kind}"}
            for number, place, kind in zip(
                numbers, places, ("Library Office", "Library", "Town Library", "Reading Rooms"), strict=True
            )
        ]
        home, self.a, self.b, self.c = self.libraries
        self.tokens: list[Row] = []
        self.office = self._token(home, "office")
        self.a_desk, self.a_reader = self._token(self.a, "desk"), self._token(self.a, "reader")
        self.b_desk, self.b_reader = self._token(self.b, "desk"), self._token(self.b, "reader")
        self.c_desk = self._token(self.c, "desk")
        past = datetime(2018, 1, 1) + timedelta(seconds=rng.randrange(10**8))
        future = datetime(2031, 1, 1) + timedelta(seconds=rng.randrange(10**8))
        self.expired = self._token(self.a, "desk", expires_at=past)
        self.soon = self._token(self.a, "desk", expires_at=future)
        self.revoked = self._token(self.b, "desk", revoked_at=past)

        self.copies: list[Row] = []
        copies = [self._copy(library) for library in (self.a, self.b, self.c, self.b, self.a, self.c, self.a)]
        self.free = copies[3]
        self.loans: list[Row] = []
        self.asked = self._loan(copies[1], self.a, "asked")
        self.wanted = self._loan(copies[0], self.b, "asked")
        self.sent = self._loan(copies[6], self.c, "sent")
        self.foreign = self._loan(copies[2], self.b, rng.choice(("asked", "sent")))
        for _ in range(rng.randrange(4)):
            self._loan(copies[4], rng.choice((self.b, self.c)), "cancelled")
        rng.shuffle(self.tokens)
        rng.shuffle(self.copies)
        rng.shuffle(self.loans)

    def _number(self, rows: list[Row]) -> int:
        taken = {row["id"] for row in rows}
        return self._rng.choice([number for number in range(100, 3_000) if number not in taken])

    def _text(self, length: int) -> str:
        return "".join(self._rng.choices(ALPHABET, k=length))

    def _token(self, library: Row, role: str, **more: Any) -> Row:
        row = {
            "id": self._number(self.tokens),
            "key": f"{self._rng.getrandbits(40):010x}",
            "secret": self._text(self._rng.randrange(24, 33)),
            "label": f"{self._rng.choice(NOUNS)} {self._text(5)}",
            "role": role,
            "library_id": library["id"],
            "expires_at": None,
            "revoked_at": None,
        } | more
        self.tokens.append(row)
        return row

    def _copy(self, library: Row) -> Row:
        rng = self._rng
        row = {
            "id": self._number(self.copies),
            "library_id": library["id"],
            "title": f"The {rng.choice(QUALITIES)} {rng.choice(NOUNS)} {rng.randrange(1, 1_000)}",
            "author": f"{rng.choice('ABCDEFGH')}. {rng.choice(AUTHORS)}",
            "shelfmark": f"{rng.choice('JKLMNP')}{rng.randrange(100, 1_000)}",
        }
        self.copies.append(row)
        return row

    def _loan(self, copy: Row, borrower: Row, state: str) -> Row:
        row = {
            "id": self._number(self.loans),
            "copy_id": copy["id"],
            "borrower_id": borrower["id"],
            "reader": f"R-{self._rng.randrange(10_000, 100_000)}",
            "state": state,
        }
        self.loans.append(row)
        return row

    def library(self, number: int) -> Row:
        """The library with this id."""
        return next(row for row in self.libraries if row["id"] == number)

    def copy(self, number: int) -> Row:
        """The copy with this id."""
        return next(row for row in self.copies if row["id"] == number)


def seconds(time: datetime) -> int:
    """A time of the database since the epoch."""
    return int(time.replace(tzinfo=UTC).timestamp())


_county = County(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's county in its database."""
    global _county  # noqa: PLW0603  one app in one process
    _county = County(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", "SERVICE_NAME": _county.service})
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table in ("libraries", "tokens", "copies", "loans"):
            db.session.execute(db.metadata.tables[table].insert(), getattr(_county, table))
        db.session.commit()
        db.session.remove()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query. Nothing is changed."""
    client = app.test_client()
    for token in (_county.office, _county.a_desk):
        headers = {"Authorization": f"Bearer {token['key']}.{token['secret']}"}
        for path in (
            *("/", "/libraries", "/copies?q=the", f"/copies/{_county.free['id']}", "/loans", "/loans/export"),
            *(f"/loans/{_county.asked['id']}", f"/loans/{_county.asked['id']}/slip", "/me", "/tokens"),
        ):
            client.get(path, headers=headers)
