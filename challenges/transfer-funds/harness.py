"""Builds the exchange over PostgreSQL, with members and balances drawn from the grading's seed.

The hidden suite draws the same exchange by `Exchange(seed)`; what only the app's side needs is imported where it is
used.
"""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

FIRST = (
    "Sedge",
    "Ormond",
    "Tallow",
    "Weir",
    "Halvor",
    "Brook",
    "Pellam",
    "Quarry",
    "Marsh",
    "Ferris",
    "Dunmore",
    "Ash",
)
TRADES = ("Joinery", "Print Works", "Cycles", "Pottery", "Roofing", "Glass", "Looms", "Optics", "Masonry", "Chandlers")


class Account:
    """A row of `accounts`. Amounts are in cents."""

    def __init__(self, number: int, name: str, holder: str, balance: int, credit: int, *, closed: bool = False) -> None:
        self.id = number
        self.number = name
        self.holder = holder
        self.balance = balance
        self.credit = credit
        self.closed = closed

    def __repr__(self) -> str:
        return f"<{self.number} {self.holder}>"


class Exchange:
    """Twelve accounts, drawn from a seed. Ids and numbers have the same order, and so has `accounts`.

    `traders` are six with some hundreds of credits, by id. `rich` has more than the largest amount; `bounded` has
    little and may owe something; `bare` has little and may owe nothing; `empty` has nothing; `poor` neither, and owes
    all it may; `gone` is closed.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"exchange {seed}")
        ids = sorted(rng.sample(range(100, 900), 12))
        names = [str(number) for number in sorted(rng.sample(range(3_000, 9_000), 12))]
        firsts = rng.sample(FIRST, 12)
        holders = [f"{first} {rng.choice(TRADES)}" for first in firsts]
        roles = ["trader"] * 6 + ["rich", "bounded", "bare", "empty", "poor", "gone"]
        rng.shuffle(roles)
        self.accounts: list[Account] = []
        self.traders: list[Account] = []
        for role, number, name, holder in zip(roles, ids, names, holders, strict=True):
            credit = 0
            if role == "trader":
                balance, credit = rng.randrange(40_000, 90_000), 1_000 * rng.randrange(10, 30)
            elif role == "rich":
                balance = rng.randrange(20_500_000, 60_000_000)
            elif role == "bounded":
                balance, credit = 25 * rng.randrange(40, 160), 500 * rng.randrange(8, 30)
            elif role == "bare":
                balance = 25 * rng.randrange(160, 320)
            elif role == "poor":
                credit = 500 * rng.randrange(8, 30)
                balance = -credit
            else:
                balance = 0
            account = Account(number, name, holder, balance, credit, closed=role == "gone")
            self.accounts.append(account)
            if role == "trader":
                self.traders.append(account)
            else:
                setattr(self, role, account)
        self.last_transfer = rng.randrange(2_000, 9_000)
        self.last_entry = rng.randrange(12_000, 90_000)

    rich: Account
    bounded: Account
    bare: Account
    empty: Account
    poor: Account
    gone: Account

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table: what an account holds was booked by the cash desk."""
        with_balance = [account for account in self.accounts if account.balance]
        first_entry = self.last_entry - len(with_balance) + 1
        return {
            "accounts": [
                {
                    "id": account.id,
                    "number": account.number,
                    "holder": account.holder,
                    "balance_cents": account.balance,
                    "credit_cents": account.credit,
                    "closed": account.closed,
                }
                for account in self.accounts
            ],
            "entries": [
                {"id": number, "account_id": account.id, "amount_cents": account.balance}
                for number, account in enumerate(with_balance, first_entry)
            ],
        }


def build(context: Any) -> Any:
    """The candidate's app with the seed's exchange in its database."""
    app = context.load()({"SQLALCHEMY_DATABASE_URI": context.database_url})
    _store(app, Exchange(context.seed))
    _seed.append(context.seed)
    return app


_seed: list[int] = []


def warm(app: Any) -> None:
    """Ask for what many tests ask for, so that no test is the first to compile a query; then store all anew.

    What fails here fails in the tests again, which say so.
    """
    exchange = Exchange(_seed[0])
    payer, payee, other = (account.number for account in exchange.traders[:3])
    client = app.test_client()
    for _ in range(2):
        with suppress(Exception):
            made = client.post("/transfers", json={"from": payer, "to": payee, "amount": "0.25"})
            client.post(f"/transfers/{made.json['id']}/refund")
            client.post("/transfers", json={"from": payer, "to": exchange.gone.number, "amount": "0.25"})
            client.post("/transfers", json={"from": exchange.empty.number, "to": payer, "amount": "0.25"})
        with suppress(Exception):
            client.post("/collections", json={"from": [payer, other], "to": payee, "amount": "0.25"})
        with suppress(Exception):
            client.post(f"/accounts/{exchange.empty.number}/close")
            client.get(f"/accounts/{payer}")
            client.get(f"/accounts/{payer}/statement")
            client.get("/accounts")
    _store(app, exchange)


def _store(app: Any, exchange: Exchange) -> None:
    """Make the tables anew with the exchange in them, and leave no connection open: no fork may share one."""
    from sqlalchemy import insert, text

    db = app.extensions["sqlalchemy"]
    with app.app_context():
        db.session.remove()
        db.drop_all()
        db.create_all()
        with db.engine.begin() as connection:
            for name, rows in exchange.rows().items():
                connection.execute(insert(db.metadata.tables[name]), rows)
            # The next ids are not the first ones.
            for name, last in (
                ("accounts", max(account.id for account in exchange.accounts)),
                ("transfers", exchange.last_transfer),
                ("entries", exchange.last_entry),
            ):
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))
        db.session.remove()
        db.engine.dispose()
