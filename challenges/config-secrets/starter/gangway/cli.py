"""The command `flask seed`."""

from __future__ import annotations

import click
from flask import Flask

from gangway.counter import digest
from gangway.models import Clerk, Sailing, db

SAILINGS = [("Ness", "2027-05-01 08:10"), ("Holm", "2027-05-01 09:45"), ("Ness", "2027-05-01 14:30")]


def register(app: Flask) -> None:
    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store demo sailings and a clerk."""
        db.drop_all()
        db.create_all()
        db.session.add(Clerk(name="Eilidh Mowat", badge_digest=digest("4711")))
        for pier, leaves in SAILINGS:
            db.session.add(Sailing(pier=pier, leaves=leaves, price_pence=940, seats=80))
        db.session.commit()
        click.echo("Three sailings, and a clerk with badge 4711.")
