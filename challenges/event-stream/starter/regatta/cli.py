"""Demo data."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from regatta.extensions import db
from regatta.models import Passing, Race


def add_demo_races() -> None:
    db.session.add_all([Race(number=1, name="Dinghies"), Race(number=2, name="Wooden boats"), Race(number=3, name="All")])
    db.session.flush()
    db.session.add(Passing(race_number=2, boat="Havfrua", mark="Start"))
    db.session.commit()


@click.command()
@with_appcontext
def seed() -> None:
    """Empty the database and store three races."""
    db.drop_all()
    db.create_all()
    add_demo_races()
    click.echo("Stored three races.")
