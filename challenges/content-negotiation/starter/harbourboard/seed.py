"""`flask seed`: a small harbour to develop against."""

from __future__ import annotations

from datetime import datetime

import click
from flask import Flask

from harbourboard.extensions import db
from harbourboard.models import Berth, Call


def add_demo_harbour() -> None:
    """Store the demo harbour in an empty database."""
    north = Berth(name="North Quay", length=210, depth=9.5)
    tidal = Berth(name="Tidal Basin, east", length=95, depth=5.2)
    db.session.add_all(
        [
            Call(
                ref="SK-20411",
                ship="Marit Kloster",
                flag="NO",
                berth=north,
                eta=datetime(2026, 3, 2, 6, 30),
                cargo="Timber",
            ),
            Call(
                ref="SK-20418",
                ship="Étoile du Nord",
                flag="FR",
                berth=tidal,
                eta=datetime(2026, 3, 2, 14, 0),
                cargo="Salt, bagged",
            ),
        ]
    )
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo harbour."""
        db.drop_all()
        db.create_all()
        add_demo_harbour()
        click.echo("The harbour expects 2 ships at 2 berths.")
