"""Builds the app and fills it with a house drawn from the grading's seed: no two gradings have the same members.

A request can be held before it writes for the first time, while another process of the app is asked: two guests are
at it at the same moment for certain, whoever is faster. The hidden suite draws the same house by `House(seed)`; what
only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
import sqlite3
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SYLLABLES = ("ás", "be", "dag", "ei", "fro", "gu", "hra", "ja", "kol", "la", "mýr", "no", "rún", "sig", "tor", "vé")
FIRST = ("Ásta", "Birkir", "Dagný", "Egill", "Fanney", "Gísli", "Hrefna", "Jökull", "Katla", "Logi", "Nanna", "Óðinn")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DISHES = ("cod", "lamb", "barley", "char", "mutton soup", "langoustine", "skyr cake", "ptarmigan", "halibut")
DIETS = ("vegetarian", "vegan", "no-gluten", "no-nuts", "no-shellfish")
#: A request that is held and not let go goes on after this time: it holds what the other one waits for.
HOLD_S = 2.5


def plain(text: str) -> str:
    """Without accents, as handles and addresses are written."""
    return text.translate(str.maketrans("áýúéíóöð", "ayueiood"))


class Evening:
    """A row of `evenings`."""

    def __init__(self, number: int, slug: str, title: str, takes_members: bool) -> None:
        self.id = number
        self.slug = slug
        self.title = title
        self.open = takes_members


class Member:
    """A row of `members`, as the kitchen's list shows it."""

    def __init__(self, number: int, handle: str, name: str, email: str, evening: Evening, rng: random.Random) -> None:
        self.id = number
        self.handle = handle
        self.name = name
        self.email = email
        self.evening = evening
        self.born = date(1940, 1, 1) + timedelta(days=rng.randrange(20_000))
        self.guests = rng.randrange(4)
        self.diet = [key for key in DIETS if rng.random() < 0.3]
        self.notes = rng.choice(("", f"Table {rng.randrange(100)}, if it is free."))
        self.pin = f"{rng.randrange(10**6):06}"

    def listed(self, **changes: Any) -> dict[str, Any]:
        """What `GET /desk/members.json` shows."""
        return {
            "id": self.id,
            "handle": self.handle,
            "name": self.name,
            "email": self.email,
            "born": self.born.isoformat(),
            "evening": self.evening.slug,
            "guests": self.guests,
            "diet": self.diet,
            "notes": self.notes,
        } | changes


class House:
    """Three open evenings and a `closed` one; four to seven members, of whom `stale` has a seat on the closed one.

    Handles and addresses have capitals in them, and addresses a dot before the `@`.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"house {seed}")
        self.domain = f"{plain(''.join(rng.sample(SYLLABLES, 3)))}{rng.randrange(10, 99)}.example"
        days, dishes = rng.sample(DAYS, 4), rng.sample(DISHES, 4)
        self.evenings = [
            Evening(number, f"{day[:3].lower()}-{number}", f"{day}, {dish} & {rng.choice(DISHES)}", True)
            for number, day, dish in zip(sorted(rng.sample(range(1, 99), 4)), days, dishes, strict=True)
        ]
        self.closed = rng.choice(self.evenings)
        self.closed.open = False
        self.open = [evening for evening in self.evenings if evening.open]

        count = rng.randrange(4, 8)
        numbers = sorted(rng.sample(range(1, 900), count))
        words = [plain(first + second) for first, second in zip(rng.sample(SYLLABLES, 8), SYLLABLES, strict=False)]
        rng.shuffle(words)
        self.members = []
        for number, first in zip(numbers, rng.sample(FIRST, count), strict=True):
            handle = f"{words.pop().title()}-{rng.choice('ABCDEFGH')}{rng.randrange(10, 99)}"
            email = f"{plain(first.lower())}.{rng.choice('KLMNPRST')}{rng.randrange(100, 999)}@{self.domain}"
            name = f"{first} {rng.choice(FIRST)}s{rng.choice(('son', 'dóttir'))}"
            self.members.append(Member(number, handle, name, email, rng.choice(self.open), rng))
        self.one, self.other, self.stale = rng.sample(self.members, 3)
        self.stale.evening = self.closed

    def listed(self) -> list[dict[str, Any]]:
        """The kitchen's list as it is at first."""
        return [member.listed() for member in self.members]

    def rows(self, pin_hash: Any) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {
            "evenings": [
                {"id": evening.id, "slug": evening.slug, "title": evening.title, "open": evening.open}
                for evening in self.evenings
            ],
            "members": [
                {
                    "id": member.id,
                    "handle": member.handle,
                    "name": member.name,
                    "email": member.email,
                    "born": member.born,
                    "evening_id": member.evening.id,
                    "guests": member.guests,
                    "diet": ",".join(member.diet),
                    "notes": member.notes,
                    "pin_hash": pin_hash(member.pin),
                    "joined_on": date(2026, 9, 1),
                }
                for member in self.members
            ],
        }


class Gate:
    """Holds the first who comes until it is opened."""

    def __init__(self) -> None:
        self._first = threading.Lock()
        self._there = threading.Event()
        self._open = threading.Event()

    def pass_through(self) -> None:
        if self._first.acquire(blocking=False):
            self._there.set()
            self._open.wait(HOLD_S)

    def until_held(self) -> bool:
        return self._there.wait(HOLD_S)

    def let_go(self) -> None:
        self._open.set()


_house = House(0)
_database = Path()
_gate: Gate | None = None


def _before_statement(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    if _gate is not None and statement.lstrip()[:6].upper() in ("INSERT", "UPDATE"):
        _gate.pass_through()


def build(context: Any) -> Any:
    """The candidate's app on a seeded SQLite file, without an open connection. A file that is there is left alone."""
    global _house, _database, _gate
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from werkzeug.security import generate_password_hash

    if not event.contains(Engine, "before_cursor_execute", _before_statement):
        event.listen(Engine, "before_cursor_execute", _before_statement)
    _house, _database, _gate = House(context.seed), context.data_dir / "longtable.db", None
    create_app = context.load()
    method = "pbkdf2:sha256:500"
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{_database}", "PIN_HASH": method})
    if _database.exists():
        return app
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in _house.rows(lambda pin: generate_password_hash(pin, method)).items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query or a template."""
    client = app.test_client()
    for path in ("/", "/join", "/desk/members.json", f"/desk/members/{_house.one.id}", "/members/nobody"):
        client.get(path)
    client.post("/join", data={"handle": "?", "pin": "1", "pin_again": "2"})
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def hold() -> None:
    """Hold the next request that writes, before it does."""
    global _gate  # noqa: PLW0603
    _gate = Gate()


def until_held() -> bool:
    """Wait until a request is held."""
    return _gate is not None and _gate.until_held()


def let_go() -> None:
    """Let the request go on."""
    if _gate is not None:
        _gate.let_go()


def screen_writes(handle: str, name: str, email: str) -> bool:
    """Write a row as the screen in the hall does; gives whether the database took it."""
    evening = _house.open[0].id
    connection = sqlite3.connect(_database)
    try:
        with connection:
            connection.execute(
                "INSERT INTO members (handle, name, email, born, evening_id, guests, diet, notes, pin_hash, joined_on)"
                " VALUES (?, ?, ?, '1977-07-07', ?, 0, '', '', 'x', '2026-10-01')",
                (handle, name, email, evening),
            )
    except sqlite3.IntegrityError:
        return False
    finally:
        connection.close()
    return True


def lose_the_disk() -> None:
    """Let whatever is to be written to `members` fail from now on, not for anything that is in the row."""
    connection = sqlite3.connect(_database)
    try:
        with connection:
            for action in ("INSERT", "UPDATE"):
                connection.execute(
                    f"CREATE TRIGGER lost_{action} BEFORE {action} ON members"
                    " BEGIN INSERT INTO lost_disk VALUES (1); END"
                )
    finally:
        connection.close()
