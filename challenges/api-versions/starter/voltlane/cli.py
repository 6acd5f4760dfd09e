"""`flask seed`: a small network to develop against."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from flask import Flask

from voltlane.extensions import db
from voltlane.models import Charger, Session, Site


def add_demo_network() -> None:
    """Store the demo network in an empty database: 2 sites, 24 chargers, 23 sessions."""
    harbour = Site(
        code="BRK",
        name="Brookfield Harbour",
        street="Harbour Street 4",
        postcode="2100",
        city="Brookfield",
        start_fee=50,
        price_per_kwh=45,
    )
    station = Site(
        code="OAK",
        name="Oakley Station",
        street="Station Road 11",
        postcode="2207",
        city="Oakley",
        start_fee=0,
        price_per_kwh=52,
    )
    states = {3: "occupied", 5: "reserved", 8: "faulted", 11: "maintenance"}
    chargers = [
        Charger(
            code=f"KLX-{number:02}",
            site=harbour if number < 9 else station,
            power_w=3_680 if number % 4 == 0 else 22_000,
            state=states.get(number, "available"),
        )
        for number in range(1, 25)
    ]
    chargers[23].taken_down = True
    db.session.add_all(chargers)
    first = datetime(2026, 3, 4, 17, 5)
    for number in range(1, 23):
        start = first + timedelta(days=number)
        energy = 9_800 + 137 * number
        ended = start + timedelta(minutes=95)
        db.session.add(
            Session(
                id=number,
                charger=chargers[number % 8],
                card="C-1",
                started_at=start,
                ended_at=ended,
                energy_wh=energy,
                cost_cents=(50_000 + energy * 45 + 500) // 1000,
            )
        )
    db.session.add(Session(id=23, charger=chargers[2], card="C-2", started_at=datetime(2026, 4, 1, 8, 30)))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo network."""
        db.drop_all()
        db.create_all()
        add_demo_network()
        click.echo("The network has 2 sites and 23 chargers.")
