"""`flask seed`: a small timetable to develop against."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click
from flask import Flask

from freightpaths.extensions import db
from freightpaths.models import Path, Terminal, Wagon


def add_demo_timetable() -> None:
    """Store terminals, paths and wagons in an empty database."""
    for code, name in (("HHM", "Hamburg Maschen"), ("RTM", "Rotterdam Maasvlakte"), ("MIL", "Milano Smistamento")):
        db.session.add(Terminal(code=code, name=name))
    db.session.flush()
    for number, origin, target, departs_at, operator, wagons, axle_load_kg, price_cents, hazardous, electric in (
        (101, "HHM", "RTM", datetime(2026, 3, 9, 6, 30), "NX", 32, 22_500, 125_000, True, True),
        (102, "HHM", "MIL", datetime(2026, 3, 9, 14, 5), "BLT", 18, 20_000, 310_999, False, True),
        (103, "RTM", "HHM", datetime(2026, 3, 10, 22, 45), "NX", 8, 22_500, 119_009, False, False),
    ):
        db.session.add(
            Path(
                id=number,
                origin_code=origin,
                target_code=target,
                departs_at=departs_at,
                arrives_at=departs_at + timedelta(hours=9),
                operator=operator,
                wagons=wagons,
                axle_load_kg=axle_load_kg,
                price_cents=price_cents,
                hazardous=hazardous,
                electric=electric,
            )
        )
    for number, kind, axles, payload_kg, heated, day in (
        (7001, "tank", 4, 65_000, True, date(2026, 3, 1)),
        (7002, "tank", 4, 54_500, False, date(2026, 3, 9)),
        (7003, "flat", 2, 28_100, False, date(2026, 3, 20)),
    ):
        db.session.add(
            Wagon(id=number, type=kind, axles=axles, payload_kg=payload_kg, heated=heated, free_from=day)
        )
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo timetable."""
        db.drop_all()
        db.create_all()
        add_demo_timetable()
        click.echo("The timetable has 3 paths.")
