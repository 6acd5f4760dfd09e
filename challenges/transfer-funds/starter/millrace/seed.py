"""`flask seed`: a small exchange to develop against."""

from __future__ import annotations

import click
from flask import Flask

from millrace.extensions import db
from millrace.models import Account, Entry

DEMO = (
    ("4010", "Sedge Print Works", 48_250, 50_000),
    ("4016", "Halvorsen Joinery", 12_000, 30_000),
    ("4025", "Ormond & Pike, Solicitors", 155_075, 0),
    ("4031", "Millrace Exchange", 0, 0),
    ("4048", "Weir Street Cycles", -4_199, 20_000),
)
DEMO_CLOSED = ("4052", "Tallow & Sons")


def add_demo_exchange() -> None:
    """Store the demo exchange in an empty database."""
    for number, holder, balance, credit in DEMO:
        account = Account(number=number, holder=holder, balance_cents=balance, credit_cents=credit)
        db.session.add(account)
        db.session.flush()
        if balance:
            db.session.add(Entry(account_id=account.id, amount_cents=balance))
    number, holder = DEMO_CLOSED
    db.session.add(Account(number=number, holder=holder, closed=True))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo exchange."""
        db.drop_all()
        db.create_all()
        add_demo_exchange()
        click.echo(f"{len(DEMO) + 1} accounts are in {db.engine.url}")
