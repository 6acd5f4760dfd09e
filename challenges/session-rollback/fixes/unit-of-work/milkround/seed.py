"""`flask seed`: a few farms and a day of milk to develop against."""

from __future__ import annotations

from datetime import date

import click
from flask import Flask

from milkround.database import Base, db
from milkround.models import Farm, Pickup


def add_demo_farms() -> None:
    """Store the demo farms in an empty database."""
    high = Farm(code="HB-104", name="High Barn", daily_quota=4200, phone="015 396 0104")
    mill = Farm(code="ML-220", name="Mill Lane", daily_quota=2600)
    moss = Farm(code="MS-031", name="Moss Side", daily_quota=1800, phone="015 396 0031")
    monday = date(2026, 3, 2)
    with db.work() as session:
        session.add_all([high, mill, moss])
        session.add_all([
            Pickup(docket="D-50411", farm=high, day=monday, run="am", litres=2010, temperature=3.8, driver="Jo Pratt"),
            Pickup(docket="D-50412", farm=mill, day=monday, run="am", litres=1190, temperature=4.1, driver="Jo Pratt"),
            Pickup(docket="D-50440", farm=high, day=monday, run="pm", litres=1875, temperature=4.4, driver="Ann Rowe"),
        ])


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo farms."""
        Base.metadata.drop_all(db.engine)
        db.create_all()
        add_demo_farms()
        db.dispose()
        click.echo("The round has 3 farms and 3 pickups.")
