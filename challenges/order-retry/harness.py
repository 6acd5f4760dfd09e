"""Builds the shop over PostgreSQL, with products drawn from the grading's seed, and gives it a provider and a mailer.

Both keep what they did in tables of their own, beside the shop's: the hidden suite looks there, and plans there what
goes wrong. The suite draws the same shop by `Shop(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime
from typing import Any

PLANTS = ("Bean", "Kale", "Leek", "Tomato", "Chard", "Squash", "Pea", "Fennel", "Lovage", "Sorrel", "Celeriac", "Dill")
KINDS = ("winter", "scarlet", "black", "early", "climbing", "dwarf", "broad", "bronze", "sweet", "wild")

#: `provider_plan` and `mailer_plan` have what shall go wrong, `gates` what calls wait for while it is held.
_TABLES = """
    DROP TABLE IF EXISTS provider_moves, provider_calls, provider_plan, mailer_plan, mailer_sent, gates;
    CREATE TABLE provider_moves (id serial PRIMARY KEY, key text UNIQUE, kind text, target text, amount integer,
        declined boolean, said text);
    CREATE TABLE provider_calls (id serial PRIMARY KEY, kind text, target text, amount integer, key text);
    CREATE TABLE provider_plan (id serial PRIMARY KEY, target text, outcome text, said text);
    CREATE TABLE mailer_plan (id serial PRIMARY KEY, recipient text, said text);
    CREATE TABLE mailer_sent (id serial PRIMARY KEY, recipient text, subject text, body text);
    CREATE TABLE gates (name text PRIMARY KEY);
"""


class Shop:
    """Six products, and an order from before: `settled`, which is paid. All of it drawn from a seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"shop {seed}")
        self.products = [
            {
                "id": number,
                "sku": f"{plant[:4].upper()}-{rng.randrange(10, 99)}",
                "name": f"{plant}, {kind}",
                "price_cents": rng.randrange(150, 1_900),
            }
            for number, plant, kind in zip(
                sorted(rng.sample(range(1, 400), 6)), rng.sample(PLANTS, 6), rng.sample(KINDS, 6), strict=True
            )
        ]
        self.first_charge = rng.randrange(10_000, 90_000)
        product = rng.choice(self.products)
        moment = datetime(2026, 3, 2, 9, rng.randrange(60))
        self.settled: dict[str, Any] = {
            "id": rng.randrange(1_000, 9_000),
            "number": f"CF-{rng.randrange(16**8):08X}",
            "email": f"{rng.choice(PLANTS).lower()}{rng.randrange(100, 999)}@example.org",
            "card": f"tok_{rng.randrange(10**8):08}",
            "status": "paid",
            "total_cents": product["price_cents"],
            "created_at": moment,
        }
        self.settled_charge = f"ch_{self.first_charge}"
        order = {"order_id": self.settled["id"]}
        self._rest: dict[str, list[dict[str, Any]]] = {
            "order_lines": [
                order | {"id": 7, "sku": product["sku"], "quantity": 1, "price_cents": product["price_cents"]}
            ],
            "payments": [
                order
                | {
                    "id": rng.randrange(1_000, 9_000),
                    "charge": self.settled_charge,
                    "amount_cents": product["price_cents"],
                    "paid_at": moment,
                }
            ],
            "jobs": [
                order
                | {
                    "id": rng.randrange(1_000, 9_000),
                    "kind": "charge_order",
                    "state": "done",
                    "attempts": 1,
                    "run_at": moment,
                    "started_at": moment,
                }
            ],
        }

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {"products": self.products, "orders": [self.settled], **self._rest}


class Outside:
    """What provider and mailer have in common: tables, by connections of their own."""

    def __init__(self, url: str) -> None:
        from sqlalchemy import NullPool, create_engine

        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def _connect(self) -> Any:
        return self._engine.connect()

    @staticmethod
    def _run(connection: Any, sql: str, **values: Any) -> Any:
        from sqlalchemy import text

        return connection.execute(text(sql), values)

    def _pass_gate(self, connection: Any, name: str) -> None:
        self._run(connection, "SELECT name FROM gates WHERE name = :name FOR SHARE", name=name).all()


class Provider(Outside):
    """The payment provider of the README. `provider_plan` says how its next calls for a card or charge end.

    Outcomes: `declined`; `lost`, where nothing was done and no answer came; `unanswered`, where all was done and no
    answer came; `broken`, where the call ends in an exception that nobody knows. Without a plan a call succeeds.
    """

    def charge(self, *, amount_cents: int, card: str, key: str) -> str:
        return self._move("charge", card, amount_cents, key)

    def refund(self, *, amount_cents: int, charge: str, key: str) -> str:
        return self._move("refund", charge, amount_cents, key)

    def _move(self, kind: str, target: str, amount: int, key: str) -> str:
        from coldframe.payments import CardDeclined, KeyReused, ProviderUnavailable

        if not isinstance(key, str) or not 1 <= len(key) <= 64:
            raise ValueError("a key is a text of 1 to 64 characters")
        values = {"kind": kind, "target": target, "amount": amount, "key": key}
        with self._connect() as connection:
            self._pass_gate(connection, target)
            self._run(
                connection,
                "INSERT INTO provider_calls (kind, target, amount, key) VALUES (:kind, :target, :amount, :key)",
                **values,
            )
            planned = self._run(
                connection,
                "DELETE FROM provider_plan WHERE id = (SELECT min(id) FROM provider_plan WHERE target = :target)"
                " RETURNING outcome, said",
                target=target,
            ).first()
            outcome, said = planned or ("", "")
            if outcome == "lost":
                raise ProviderUnavailable(said)
            if outcome == "broken":
                raise RuntimeError(said)
            self._run(
                connection,
                "INSERT INTO provider_moves (key, kind, target, amount, declined, said)"
                " VALUES (:key, :kind, :target, :amount, :declined, :said) ON CONFLICT (key) DO NOTHING",
                **values,
                declined=outcome == "declined",
                said=said,
            )
            move = self._run(connection, "SELECT * FROM provider_moves WHERE key = :key", key=key).one()
        if (move.kind, move.target, move.amount) != (kind, target, amount):
            raise KeyReused(f"the key {key} was used for something else")
        if move.declined:
            raise CardDeclined(move.said)
        if outcome == "unanswered":
            raise ProviderUnavailable(said)
        return f"{kind[:2]}_{move.id}"


class Mailer(Outside):
    """The mailer of the README. What `mailer_plan` has for a recipient fails first."""

    def send(self, *, to: str, subject: str, text: str) -> None:
        from coldframe.mail import MailFailed

        with self._connect() as connection:
            self._pass_gate(connection, to)
            planned = self._run(
                connection,
                "DELETE FROM mailer_plan WHERE id = (SELECT min(id) FROM mailer_plan WHERE recipient = :to)"
                " RETURNING said",
                to=to,
            ).first()
            if planned:
                raise MailFailed(planned.said)
            self._run(
                connection,
                "INSERT INTO mailer_sent (recipient, subject, body) VALUES (:to, :subject, :body)",
                to=to,
                subject=subject,
                body=text,
            )


def add_job(kind: str, order_id: int) -> None:
    """A job as it is in the table from before."""
    from flask import current_app
    from sqlalchemy import insert

    db = current_app.extensions["sqlalchemy"]
    with db.engine.begin() as connection:
        connection.execute(insert(db.metadata.tables["jobs"]), {"kind": kind, "order_id": order_id})


_seed: list[int] = []


def build(context: Any) -> Any:
    """The candidate's app with the seed's shop in its database."""
    app = context.load()(
        {
            "SQLALCHEMY_DATABASE_URI": context.database_url,
            "PAYMENT_PROVIDER": Provider(context.database_url),
            "MAILER": Mailer(context.database_url),
        }
    )
    _store(app, Shop(context.seed))
    _seed.append(context.seed)
    return app


def warm(app: Any) -> None:
    """Ask for what many tests ask for, so that no test is the first to compile a query; then store all anew.

    What fails here fails in the tests again, which say so.
    """
    shop = Shop(_seed[0])
    client = app.test_client()
    for card in ("tok_warm", "tok_again"):
        with suppress(Exception):
            lines = [{"sku": shop.products[0]["sku"], "quantity": 1}]
            body = {"email": "warm@example.org", "card": card, "lines": lines}
            number = client.post("/orders", json=body).json["number"]
            client.post("/internal/run-jobs")
            client.post("/internal/run-jobs")
            client.get(f"/orders/{number}")
            client.post(f"/orders/{number}/refund")
            client.post("/internal/run-jobs")
            client.get("/internal/jobs?state=failed")
            client.post(f"/orders/{number}/cancel")
            client.post(f"/orders/{number}/pay", json={"card": card})
    _store(app, shop)


def _store(app: Any, shop: Shop) -> None:
    """Make all tables anew with the shop in them, and leave no connection open: no fork may share one."""
    from sqlalchemy import insert, text

    db = app.extensions["sqlalchemy"]
    with app.app_context():
        db.session.remove()
        db.drop_all()
        db.create_all()
        with db.engine.begin() as connection:
            for statement in filter(str.strip, _TABLES.split(";")):
                connection.execute(text(statement))
            for name, rows in shop.rows().items():
                connection.execute(insert(db.metadata.tables[name]), rows)
                last = max(row["id"] for row in rows)
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))
            connection.execute(text(f"SELECT setval('provider_moves_id_seq', {shop.first_charge})"))
        db.session.remove()
        db.engine.dispose()
