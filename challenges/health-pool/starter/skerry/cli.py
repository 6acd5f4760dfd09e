"""Demo data."""

from __future__ import annotations

from datetime import date, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skerry.database import engine
from skerry.models import Base, Booking, Night


def add_demo_week(to: Engine) -> None:
    with Session(to) as session, session.begin():
        for day in range(7):
            night = Night(date=date(2026, 11, 2) + timedelta(days=day), telescope="Merz refractor", hours=6)
            night.bookings.append(Booking(observer="Imke", target="M 31"))
            session.add(night)


@click.command()
@with_appcontext
def seed() -> None:
    """Empty the database and store a week of nights."""
    Base.metadata.drop_all(engine())
    Base.metadata.create_all(engine())
    add_demo_week(engine())
    click.echo("Stored seven nights.")
