"""`flask seed`: a small hall to develop against."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask import Flask

from slateyard.extensions import db
from slateyard.models import Ascent, Boulder, Climber, Note


def add_demo_hall() -> None:
    """Store the demo hall in an empty database."""
    lena = Climber(id=1, name="Lena", website="https://lena.example/climbing?lang=en&page=1")
    marek = Climber(id=2, name="Marek", website=None)
    sinead = Climber(id=3, name="Sinéad O'Rourke", website="sinead.example")

    slab = Boulder(id=1, name="Tiptoe", grade="5c", wall="Slab", set_on=date(2026, 10, 5), setter=lena)
    roof = Boulder(id=2, name="Bat & Hook", grade="7a", wall="Cave", set_on=date(2026, 11, 2), setter=marek)
    edge = Boulder(id=3, name="Long Way Round", grade="6b", wall="North Edge", set_on=date(2026, 11, 9), setter=lena)

    roof.notes = [
        Note(
            climber=lena,
            text="*Left heel* first, then swing.\nLike #1, only upside down.",
            written_at=datetime(2026, 11, 3, 19, 30),
        ),
        Note(climber=sinead, text="See https://video.example/w?v=88 at 0:40", written_at=datetime(2026, 11, 4, 18, 5)),
    ]
    slab.ascents = [Ascent(climber=marek, tries=1), Ascent(climber=sinead, tries=2)]
    roof.ascents = [Ascent(climber=lena, tries=14)]
    db.session.add_all([slab, roof, edge])
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo hall."""
        db.drop_all()
        db.create_all()
        add_demo_hall()
        click.echo("The hall has 3 boulders and 3 climbers.")
