"""Three branches of a bakery, drawn from the grading's seed, each with an app of its own at its own path.

The apps are made anew for every test, in the fork, in the order in which `Bakery.branches` has them; so whatever the
candidate's modules keep is as fresh as the apps. The hidden suite draws the same bakery by `Bakery(seed)`, and has more
apps made by `open_branch`. Databases are filled with SQL, before any app is made.
"""

from __future__ import annotations

import copy
import os
import random
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PLACES = ("Mill Lane", "Harbour", "Station Road", "Old Brewery", "Market Cross", "Weir", "Rope Walk", "Tithe Barn")
TOWNS = ("Aldby", "Brackwell", "Cotmouth", "Dunsey", "Elmford", "Farrow", "Glinton", "Hesk", "Ilsham", "Juxton", "Keld")
BREADS = ("Rye loaf", "Spelt roll", "Plum cake", "Milk bread", "Seed bun", "Honey tart", "Oat bread", "Walnut stick")
CUSTOMERS = ("Odd", "Marit", "Zsófia", "Tadeusz", "Wanda", "Iker", "Solveig", "Renzo", "Paula", "Dermot")
CURRENCIES = ("EUR", "SEK", "CHF", "DKK", "PLN", "NOK", "CZK", "RON")
TABLES = """
CREATE TABLE products (id INTEGER PRIMARY KEY, slug VARCHAR(40) NOT NULL UNIQUE, name VARCHAR(80) NOT NULL,
    price_cents INTEGER NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
    product_id INTEGER NOT NULL REFERENCES products (id), pieces INTEGER NOT NULL, customer VARCHAR(80) NOT NULL,
    deliver_to VARCHAR(80), total_cents INTEGER NOT NULL, done BOOLEAN NOT NULL);
"""


class Branch:
    """A branch: its settings, what it bakes by slug, and its orders."""

    def __init__(self, rng: random.Random, name: str, currency: str, slugs: list[str], towns: list[str], orders: int):
        self.name = name
        self.slug = name.lower().replace(" ", "-")
        self.currency = currency
        self.max_pieces = rng.randrange(45, 90)
        self.delivery = {
            "fee_cents": rng.randrange(400, 900),
            "free_from_cents": rng.randrange(4_000, 9_000),
            "towns": towns,
        }
        self.products = {
            slug: (number, rng.choice(BREADS), rng.randrange(100, 900))
            for slug, number in zip(slugs, rng.sample(range(1, 1000), len(slugs)), strict=True)
        }
        self.orders = [self._order(rng, number) for number in range(1, orders + 1)]
        self.orders[1]["done"] = False  # there is always something to bake

    def _order(self, rng: random.Random, number: int) -> dict[str, Any]:
        slug = rng.choice(sorted(self.products))
        pieces = rng.randrange(1, 9)
        return {
            "number": number,
            "product": slug,
            "pieces": pieces,
            "customer": f"{rng.choice(CUSTOMERS)} {rng.randrange(100, 1000)}",
            "deliver_to": None,
            "total_cents": pieces * self.products[slug][2],
            "done": rng.random() < 0.5,
        }

    def money(self, cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02} {self.currency}"

    def settings(self) -> dict[str, Any]:
        """What `create_app` is given, but for the database."""
        return {
            "BRANCH": self.name,
            "CURRENCY": self.currency,
            "MAX_PIECES": self.max_pieces,
            "DELIVERY": copy.deepcopy(self.delivery),
        }


class Bakery:
    """`first`, `middle` and `last` are made in this order. All bake things of the same slugs, at prices of their own.

    `first` has so many orders that its export takes more than one query. `middle` gives no limit, and of its delivery
    only the fee, so that defaults hold for the rest.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"bakery {seed}")
        names, currencies = rng.sample(PLACES, 3), rng.sample(CURRENCIES, 4)
        slugs, towns = [f"bread-{number}" for number in rng.sample(range(100), 4)], rng.sample(TOWNS, 9)
        self.first, self.middle, self.last = self.branches = [
            Branch(rng, name, currency, slugs, towns[3 * number : 3 * number + 3], orders)
            for number, (name, currency, orders) in enumerate(
                zip(
                    names, currencies, (rng.randrange(60, 70), rng.randrange(5, 9), rng.randrange(10, 14)), strict=False
                )
            )
        ]
        self.spare_currency = currencies[3]
        self.middle.max_pieces = 40
        self.middle.delivery |= {"free_from_cents": 3000, "towns": ["Aldmouth", "Crickby"]}

    def given(self, branch: Branch) -> dict[str, Any]:
        """What a branch's `create_app` is given, but for the database."""
        settings = branch.settings()
        if branch is self.middle:
            del settings["MAX_PIECES"]
            settings["DELIVERY"] = {"fee_cents": branch.delivery["fee_cents"]}
        return settings


class Site:
    """WSGI: one app for each first part of the path."""

    def __init__(self, create_app: Callable[..., Any]) -> None:
        self.create_app = create_app
        self.apps: dict[str, Any] = {}

    def open(self, slug: str, given: dict[str, Any]) -> None:
        try:
            self.apps[slug] = self.create_app(given)
        except Exception:
            # The other branches are open all the same.
            traceback.print_exc(file=sys.stderr)
            self.apps[slug] = _broken

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        slug, _, rest = environ["PATH_INFO"].lstrip("/").partition("/")
        app = self.apps.get(slug, _nothing)
        environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{slug}"
        environ["PATH_INFO"] = f"/{rest}"
        return app(environ, start_response)


def _broken(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("500 INTERNAL SERVER ERROR", [("Content-Type", "text/plain")])
    return [b"This branch could not be opened."]


def _nothing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("404 NOT FOUND", [("Content-Type", "text/plain")])
    return [b"There is no such branch."]


_data_dir = Path()
_bakery = Bakery(0)
_site = Site(_broken)


def build(context: Any) -> Any:
    """The databases, and a site without an app."""
    global _data_dir, _bakery, _site  # noqa: PLW0603  one site in one process
    _data_dir, _bakery = Path(context.data_dir), Bakery(context.seed)
    _site = Site(context.load())
    for branch in _bakery.branches:
        _fill(branch)
    return _site


def forked(site: Site) -> None:
    """The apps of the three branches."""
    for branch in _bakery.branches:
        open_branch(branch.slug, _bakery.given(branch) | {"DATABASE_URL": _url(branch.slug)})


def _fill(branch: Branch) -> None:
    connection = sqlite3.connect(_data_dir / f"{branch.slug}.db")
    connection.executescript(TABLES)
    products = [(number, slug, name, cents) for slug, (number, name, cents) in branch.products.items()]
    connection.executemany("INSERT INTO products (id, slug, name, price_cents) VALUES (?, ?, ?, ?)", products)
    connection.executemany(
        "INSERT INTO orders (number, product_id, pieces, customer, total_cents, done) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                order["number"],
                branch.products[order["product"]][0],
                order["pieces"],
                order["customer"],
                order["total_cents"],
                order["done"],
            )
            for order in branch.orders
        ],
    )
    connection.commit()
    connection.close()


def _url(name: str) -> str:
    return f"sqlite:///{_data_dir / name}.db"


def open_branch(slug: str, given: dict[str, Any], environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Make another app. `DATABASE_URL` may be a file's name, without folder and ending.

    Gives what `create_app` was given as it was afterwards. Whoever called it then goes on to use that for other things.
    """
    given = copy.deepcopy(given)
    if ":" not in given.get("DATABASE_URL", ":"):
        given["DATABASE_URL"] = _url(given["DATABASE_URL"])
    expected = copy.deepcopy(given)
    before = {name: os.environ.get(name) for name in environment or {}}
    os.environ.update(environment or {})
    try:
        _site.open(slug, given)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    unchanged = given == expected
    if "DELIVERY" in given:
        given["DELIVERY"].get("towns", []).append("Nowhere")
        given["DELIVERY"]["fee_cents"] = 1
    given.update(BRANCH="Someone else", CURRENCY="XXX", MAX_PIECES=1)
    return {"unchanged": unchanged}


def command(slug: str, args: list[str]) -> dict[str, Any]:
    """Run a command of a branch."""
    result = _site.apps[slug].test_cli_runner().invoke(args=args)
    return {"exit_code": result.exit_code, "output": result.output}


def while_exporting(slug: str, other: str, path: str) -> list[str]:
    """One branch's export, and in the middle of it, in the same thread, another branch's answer to a request."""
    from werkzeug.test import Client, create_environ, run_wsgi_app

    lines, _, _ = run_wsgi_app(_site, create_environ(f"/{slug}/orders.csv"))
    lines = iter(lines)
    beginning = [next(lines) for _ in range(3)]
    meanwhile = Client(_site).get(f"/{other}/{path}").text
    rest = list(lines)
    return [b"".join(beginning + rest).decode(), meanwhile]


def has_file(name: str) -> bool:
    """Whether a database of this name is there."""
    return (_data_dir / f"{name}.db").exists()


def url_of(name: str) -> str:
    """The URL of a database of this name, in the data folder."""
    return _url(name)
