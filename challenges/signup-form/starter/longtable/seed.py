"""`flask seed`: a small table to develop against."""

from __future__ import annotations

from datetime import date

import click
from flask import Flask, current_app
from werkzeug.security import generate_password_hash

from longtable.extensions import db
from longtable.models import Evening, Member


def add_demo_table() -> None:
    """Store three evenings and three members in an empty database. Everyone's PIN is 2468."""
    char = Evening(slug="thu", title="Thursday, arctic char")
    lamb = Evening(slug="fri", title="Friday, lamb")
    soup = Evening(slug="sun", title="Sunday, soup", open=False)
    db.session.add_all([char, lamb, soup])
    pin_hash = generate_password_hash("2468", current_app.config["PIN_HASH"])

    def member(handle: str, name: str, born: date, evening: Evening, **more: object) -> None:
        email = f"{handle.lower()}@kria.example"
        new = Member(handle=handle, name=name, email=email, born=born, evening=evening, **more)
        new.pin_hash, new.joined_on = pin_hash, date(2026, 9, 1)
        db.session.add(new)

    member("Hildur", "Hildur Jónsdóttir", date(1971, 3, 9), lamb, guests=1)
    member("captain-ari", "Ari Þór Helgason", date(1958, 11, 30), char, diet="no-nuts", notes="The chair by the door.")
    member("Soffia", "Soffía Beck", date(1990, 6, 17), soup, guests=2, diet="vegetarian,no-gluten")
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo table."""
        db.drop_all()
        db.create_all()
        add_demo_table()
        click.echo("The long table has 3 members on 3 evenings.")
