"""`flask seed`: a small pharmacy to develop against."""

import click
from flask import Flask

from pestle.extensions import db
from pestle.models import Link, Order, Patient, Prescriber, Prescription
from pestle.numbers import digest

TOKEN = "rx_" + "demo0" * 8
KEY = "rk_" + "demo" * 8


def add_demo_pharmacy() -> None:
    """Store the demo pharmacy in an empty database."""
    prescriber = Prescriber(name="Dr Osei", token_digest=digest(TOKEN))
    ines = Patient(nhn="9434765919", email="ines@example.org")
    noor = Patient(nhn="4010232137", email="noor@bounce.example")
    db.session.add_all([prescriber, ines, noor, Link(key_digest=digest(KEY), patient=ines)])
    db.session.flush()
    medicines = [
        (ines, "Metformin 500 mg", "5012345678900"),
        (ines, "Salbutamol inhaler", "4112345678905"),
        (noor, "Levothyroxine 50 mcg", "4212345678903"),
    ]
    for number, (patient, medicine, ean) in enumerate(medicines, 1):
        prescription = Prescription(
            patient=patient,
            prescriber_id=prescriber.id,
            medicine=medicine,
            ean=ean,
            packs=2,
            repeats_left=6,
            reminder_due=True,
        )
        db.session.add(Order(number=f"R-1000000{number}", prescription=prescription))
    db.session.commit()


def init_app(app: Flask) -> None:
    """Add the command to the app."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo pharmacy."""
        db.drop_all()
        db.create_all()
        add_demo_pharmacy()
        click.echo("The pharmacy has 2 patients, 3 prescriptions and 3 orders.")
