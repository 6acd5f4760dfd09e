"""A small town to work with: `flask seed`."""

from datetime import UTC, datetime, timedelta

import click
from flask.cli import with_appcontext
from werkzeug.security import generate_password_hash

from kerbside.extensions import db
from kerbside.models import Permit, Resident, Vehicle, Visit, Zone

RESIDENTS = (
    ("ottilie@saltholm.example", "Ottilie Brandt", "cobbles and gulls", "SH21OTT", "A"),
    ("dev@saltholm.example", "Dev Anand", "two left shoes", "SH68DEV", "B"),
)


def store_town(method: str = "scrypt") -> None:
    """`method` is how passwords are hashed."""
    tonight = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0) + timedelta(hours=5)
    zones = {
        letter: Zone(letter=letter, name=name, free=free)
        for letter, name, free in (("A", "Fish Market", 12), ("B", "Lighthouse Road", 40), ("C", "Upper Town", 3))
    }
    db.session.add_all(zones.values())
    for email, name, password, plate, letter in RESIDENTS:
        password_hash = generate_password_hash(password, method)
        resident = Resident(email=email, name=name, reminders=True, password_hash=password_hash)
        vehicle = Vehicle(plate=plate)
        resident.vehicles.append(vehicle)
        resident.permits.append(Permit(zone=zones[letter], vehicle=vehicle))
        resident.visits.append(Visit(plate="GA57GAS", until=tonight))
        db.session.add(resident)
    db.session.commit()


@click.command("seed")
@with_appcontext
def seed_command() -> None:
    """Empty the database and store a small town."""
    db.drop_all()
    db.create_all()
    store_town()
    click.echo("Stored three zones and two residents.")
