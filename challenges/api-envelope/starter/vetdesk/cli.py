"""`flask seed`: a small clinic to develop against."""

from datetime import datetime

import click
from flask import Flask

from vetdesk.extensions import db
from vetdesk.models import Animal, Appointment, Desk, LabResult, Vet


def add_demo_clinic() -> None:
    """Store the demo clinic in an empty database."""
    vets = [Vet(code="AH", name="Anna Hale"), Vet(code="TB", name="Tom Brandt")]
    animals = [
        Animal(name="Biscuit", species="dog", owner="Ida Roth", chip="276098100000017"),
        Animal(name="Mo", species="cat", owner="Lars Ek", chip=None),
        Animal(name="Pepper", species="rabbit", owner="Ida Roth", chip=None),
    ]
    db.session.add_all([*vets, *animals, Desk(code="north", room="North hall"), Desk(code="yard", room="Yard")])
    db.session.add_all(
        [
            Appointment(animal=animals[0], vet=vets[0], starts_at=datetime(2026, 11, 2, 9, 0), reason="vaccination"),
            Appointment(animal=animals[1], vet=vets[0], starts_at=datetime(2026, 11, 2, 9, 30), reason="limping"),
            Appointment(animal=animals[2], vet=vets[1], starts_at=datetime(2026, 11, 3, 14, 0), reason="teeth"),
        ]
    )
    db.session.add_all(
        [
            LabResult(ref="L-101", ready=True, content={"glucose": 5.2, "unit": "mmol/l"}),
            LabResult(ref="L-102", ready=False, wait_s=120, content=None),
        ]
    )
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo clinic."""
        db.drop_all()
        db.create_all()
        add_demo_clinic()
        click.echo("The clinic has 2 vets, 3 animals and 3 appointments.")
