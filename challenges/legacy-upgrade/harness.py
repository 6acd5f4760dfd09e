"""Builds the café's book with an evening drawn from the grading's seed, and writes down what warns of the app.

The suite draws the same evening by `Evening(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import warnings
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
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
PUNCTUATION = ("<b>", "&", '"so"', "<i>x</i>", "“so”", "'s", "{{ 7 }}")


class Evening:
    """Five visitors with passwords, eleven things with notes, and rates; drawn from a seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"evening {seed}")
        day = date(2018, 9, 1) + timedelta(days=rng.randrange(60))
        self.kiosk_key = f"kiosk-{rng.randrange(10**9)}"
        self.rates = {kind: 5 * rng.randrange(101, 700) for kind in rng.sample(THINGS, 5)}
        self.visitors: list[dict[str, Any]] = []
        for number, name in zip(sorted(rng.sample(range(1, 90), 5)), rng.sample(NAMES, 5), strict=True):
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


def _note(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
    _warned.append(f"{category.__name__}: {message}")


def warned() -> list[str]:
    """What has warned so far, and what was switched off."""
    # What was added to the filters stands before what was there.
    added = list(warnings.filters)
    off = [f"a filter: {entry[0]}" for entry in (added[: added.index(_filters[0])] if _filters[0] in added else added)]
    return [*_warned, *off, *(["showwarning was replaced"] if warnings.showwarning is not _note else [])]


def build(context: Any) -> Any:
    """The candidate's app, made while its database is empty, and then the seed's evening."""
    evening = Evening(context.seed)
    # Libraries may set filters of their own when they are imported.
    import flask.json  # noqa: F401
    import sqlalchemy.orm

    _warned.clear()
    warnings.simplefilter("always")
    _filters[:] = list(warnings.filters)
    warnings.showwarning = _note
    url = f"sqlite:///{context.data_dir}/cafe.db"
    app = context.load()(
        {"DATABASE_URL": url, "KIOSK_KEY": evening.kiosk_key, "SECRET_KEY": f"drawn {evening.kiosk_key}"}
    )
    from cafe.database import Base

    engine = sqlalchemy.create_engine(url)
    tables = Base.metadata.tables
    Base.metadata.create_all(engine)
    rates = [{"kind": kind, "cents": cents} for kind, cents in evening.rates.items()]
    visitors = [{key: value for key, value in of.items() if key != "said"} for of in evening.visitors]
    with engine.begin() as connection:
        for name, rows in (
            ("rates", rates),
            ("visitors", visitors),
            ("items", evening.items),
            ("notes", evening.notes),
        ):
            connection.execute(sqlalchemy.insert(tables[name]), rows)
    engine.dispose()
    return app
