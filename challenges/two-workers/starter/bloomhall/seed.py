"""`flask seed`: a small hall to develop against."""

from __future__ import annotations

import click
from flask import Flask

from bloomhall.extensions import db
from bloomhall.models import Lot

LOTS = [("Tulip 'Brown Sugar', 10", 480), ("Ranunculus, peach, 10", 725), ("Eucalyptus, blue", 390), ("Hellebore", 910)]


def add_demo_lots() -> None:
    """Store four lots in an empty database."""
    db.session.add_all([Lot(name=name, cents=cents) for name, cents in LOTS])
    db.session.commit()


def init_app(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo lots."""
        db.drop_all()
        db.create_all()
        add_demo_lots()
        click.echo(f"The hall has {len(LOTS)} lots.")
