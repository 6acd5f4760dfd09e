"""Demo data."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from meridian.extensions import db
from meridian.models import Order


def add_demo_orders() -> None:
    db.session.add_all(
        [
            Order(number=1001, customer="Ostrava Grammar School", grams=2400),
            Order(number=1002, customer="Lund, chart shop", grams=11800),
            Order(number=1003, customer="Hotel Equator", grams=40000),
        ]
    )
    db.session.commit()


@click.command()
@with_appcontext
def seed() -> None:
    """Empty the database and store three orders."""
    db.drop_all()
    db.create_all()
    add_demo_orders()
    click.echo("Stored three orders.")
